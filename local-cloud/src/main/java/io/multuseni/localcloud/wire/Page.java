// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToLongFunction;

/**
 * One page of a describe answer.
 *
 * @param items what is on the page
 * @param nextToken where the next page begins, empty on the last one
 */
public record Page<T>(List<T> items, Optional<String> nextToken) {
  private static final String MARK = "after ";

  /** Copies the items. */
  public Page {
    items = List.copyOf(items);
  }

  /**
   * Cuts a page out of {@code all}. A token names the serial number of the last item seen, so that
   * what is deleted between two pages makes no other item appear twice or not at all.
   *
   * @param all in ascending order of {@code serial}
   * @param size largest number of items; absent takes all
   * @param serial a number that an item keeps for life
   * @throws ApiError {@code InvalidNextToken} if the token is none of ours
   */
  public static <T> Page<T> of(
      List<T> all, OptionalInt size, Optional<String> token, ToLongFunction<T> serial) {
    long after = token.map(Page::decode).orElse(Long.MIN_VALUE);
    List<T> items = new ArrayList<>();
    for (T item : all) {
      if (serial.applyAsLong(item) <= after) {
        continue;
      }
      if (size.isPresent() && items.size() == size.getAsInt()) {
        return new Page<>(items, Optional.of(encode(serial.applyAsLong(items.getLast()))));
      }
      items.add(item);
    }
    return new Page<>(items, Optional.empty());
  }

  private static String encode(long serial) {
    return Base64.getEncoder().encodeToString((MARK + serial).getBytes(StandardCharsets.UTF_8));
  }

  private static long decode(String token) {
    try {
      String text = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.startsWith(MARK)) {
        return Long.parseLong(text.substring(MARK.length()));
      }
    } catch (IllegalArgumentException notOurs) {
      // Not Base64 or not a number: not ours either, so it gets the same answer as below.
    }
    throw ApiError.of("InvalidNextToken", "The token is invalid.");
  }
}
