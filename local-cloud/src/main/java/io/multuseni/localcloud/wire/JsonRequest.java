// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.wire;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads a request of AWS' JSON protocol as if it were one of the Query protocol: {@code {"Names":
 * ["a"]}} becomes {@code Names.1=a}. Objects inside and null are not modelled.
 */
final class JsonRequest {
  private final String text;
  private final Map<String, String> values = new LinkedHashMap<>();
  private int at;

  private JsonRequest(String text) {
    this.text = text;
  }

  /**
   * Reads the body of a request.
   *
   * @throws ApiError {@code SerializationException} if it is no object of plain values and lists
   */
  static Map<String, String> read(String body) {
    JsonRequest request = new JsonRequest(body);
    request.object();
    return request.values;
  }

  private void object() {
    expect('{');
    if (!isNext('}')) {
      do {
        String name = string();
        expect(':');
        if (isNext('[')) {
          list(name);
        } else {
          values.put(name, scalar());
        }
      } while (isNext(','));
      expect('}');
    }
    skipSpace();
    if (at < text.length()) {
      throw unreadable();
    }
  }

  /** The opening bracket is behind us. */
  private void list(String name) {
    if (isNext(']')) {
      return;
    }
    int number = 1;
    do {
      values.put(name + "." + number++, scalar());
    } while (isNext(','));
    expect(']');
  }

  private String scalar() {
    skipSpace();
    if (at < text.length() && text.charAt(at) == '"') {
      return string();
    }
    int start = at;
    while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(start, at);
    if (!word.matches("true|false|-?[0-9]+(\\.[0-9]+)?")) {
      throw unreadable();
    }
    return word;
  }

  private String string() {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      }
      out.append(c == '\\' ? escaped() : c);
    }
    throw unreadable();
  }

  private char escaped() {
    if (at >= text.length()) {
      throw unreadable();
    }
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        if (at + 4 > text.length()) {
          throw unreadable();
        }
        try {
          char unit = (char) Integer.parseInt(text, at, at + 4, 16);
          at += 4;
          yield unit;
        } catch (NumberFormatException e) {
          throw unreadable();
        }
      }
      default -> throw unreadable();
    };
  }

  private void expect(char wanted) {
    if (!isNext(wanted)) {
      throw unreadable();
    }
  }

  private boolean isNext(char wanted) {
    skipSpace();
    boolean next = at < text.length() && text.charAt(at) == wanted;
    if (next) {
      at++;
    }
    return next;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private ApiError unreadable() {
    return ApiError.of(
        "SerializationException", "The request can't be read at character " + at + ": " + text);
  }
}
