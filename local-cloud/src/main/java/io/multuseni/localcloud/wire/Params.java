// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The parameters of one Query request: flat names, lists as {@code Name.1}, {@code Name.2} (EC2) or
 * {@code Name.member.1} (Auto Scaling). Reading one in the wrong form is an {@link ApiError}.
 */
public final class Params {
  private final Map<String, String> values;

  private Params(Map<String, String> values) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Reads a form-urlencoded text, as in a POST body or a query string. */
  public static Params parse(String form) {
    Map<String, String> values = new LinkedHashMap<>();
    int start = 0;
    while (start < form.length()) {
      int end = form.indexOf('&', start);
      if (end < 0) {
        end = form.length();
      }
      String pair = form.substring(start, end);
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        values.put(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
      start = end + 1;
    }
    return new Params(values);
  }

  /** Parameters that were read already. */
  static Params of(Map<String, String> values) {
    return new Params(values);
  }

  /** All parameters in the order of the request. */
  public Map<String, String> asMap() {
    return values;
  }

  /** The value, if the parameter was sent with one: an empty value counts as not sent. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).filter(v -> !v.isEmpty());
  }

  /** The value, empty text included, if the parameter was sent at all. */
  public Optional<String> textOrEmpty(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /**
   * The value of a parameter that must be there.
   *
   * @throws ApiError {@code MissingParameter} without it
   */
  public String required(String name) {
    return text(name).orElseThrow(() -> missing(name));
  }

  /**
   * A whole number, if it was sent.
   *
   * @throws ApiError {@code InvalidParameterValue} if it is no whole number
   */
  public OptionalInt number(String name) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseInt(text.get()));
    } catch (NumberFormatException e) {
      throw ApiError.of(
          "InvalidParameterValue",
          "Value (" + text.get() + ") for parameter " + name + " is invalid.");
    }
  }

  /**
   * A whole number that must be there.
   *
   * @throws ApiError {@code MissingParameter} or {@code InvalidParameterValue}
   */
  public int requiredNumber(String name) {
    return number(name).orElseThrow(() -> missing(name));
  }

  /** A truth value, if it was sent; anything but {@code true} is false. */
  public Optional<Boolean> flag(String name) {
    return text(name).map(v -> v.equalsIgnoreCase("true"));
  }

  /** Whether the parameter was sent as {@code true}. */
  public boolean isTrue(String name) {
    return flag(name).orElse(false);
  }

  /** The values of {@code name.1}, {@code name.2} and so on, in the order of their numbers. */
  public List<String> list(String name) {
    List<String> list = new ArrayList<>();
    for (Params item : items(name)) {
      item.textOrEmpty("").ifPresent(list::add);
    }
    return List.copyOf(list);
  }

  /** The values of {@code name.member.1}, {@code name.member.2} and so on. */
  public List<String> members(String name) {
    return list(name + ".member");
  }

  /**
   * The structures {@code name.1.…}, {@code name.2.…}, each with the rest of its names; a plain
   * {@code name.1} appears under the empty name.
   */
  public List<Params> items(String name) {
    String prefix = name + ".";
    SortedMap<Integer, Map<String, String>> byNumber = new TreeMap<>();
    values.forEach((key, value) -> {
      if (key.startsWith(prefix)) {
        int end = key.indexOf('.', prefix.length());
        String number = key.substring(prefix.length(), end < 0 ? key.length() : end);
        if (isNumber(number)) {
          byNumber
              .computeIfAbsent(Integer.valueOf(number), n -> new LinkedHashMap<>())
              .put(end < 0 ? "" : key.substring(end + 1), value);
        }
      }
    });
    List<Params> items = new ArrayList<>();
    byNumber.values().forEach(item -> items.add(new Params(item)));
    return List.copyOf(items);
  }

  /** Whether any parameter is {@code name} or begins with {@code name.}. */
  public boolean has(String name) {
    return values.keySet().stream().anyMatch(k -> k.equals(name) || k.startsWith(name + "."));
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.length() < 9 && text.chars().allMatch(Character::isDigit);
  }

  private static ApiError missing(String name) {
    return ApiError.of("MissingParameter", "The request must contain the parameter " + name);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
