// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where the next page of a list begins.
 *
 * @param version the resourceVersion of the whole list
 * @param page number of the page it leads to, from 2
 * @param after key of the last object of the page before
 */
record ContinueToken(long version, int page, String after) {

  String text() {
    String plain = version + " " + page + " " + after;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads what {@link #text()} wrote.
   *
   * @throws ApiException 400 if it is something else
   */
  static ContinueToken parse(String text) {
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      String[] parts = plain.split(" ", 3);
      if (parts.length == 3) {
        return new ContinueToken(Long.parseLong(parts[0]), Integer.parseInt(parts[1]), parts[2]);
      }
    } catch (IllegalArgumentException e) {
      throw invalid(text);
    }
    throw invalid(text);
  }

  private static ApiException invalid(String text) {
    return ApiException.badRequest(
        "continue token \"" + text + "\" is none of this server: begin the list again");
  }
}
