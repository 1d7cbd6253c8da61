// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A page of a list, without its objects.
 *
 * @param resourceVersion the version of the list, the same on each of its pages
 * @param next the token of the next page; absent on the last
 */
record ListPage(String resourceVersion, Optional<String> next) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Wanted HEAD = new Wanted().and("resourceVersion").and("continue");

  /**
   * Reads a page, one object at a time.
   *
   * @param body what the server answered
   * @param wanted what to keep of each object
   * @param objects takes each object; what stands in the list and is no object is passed over
   * @throws IOException the answer isn't JSON, or no list
   */
  static ListPage read(byte[] body, Wanted wanted, Consumer<ObjectNode> objects)
      throws IOException {
    Optional<JsonNode> head = Optional.empty();
    boolean items = false;
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("it is not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("metadata") && value == JsonToken.START_OBJECT) {
          head = Optional.of(HEAD.read(parser));
        } else if (name.equals("items")) {
          // Go writes an empty list as null.
          items = value == JsonToken.START_ARRAY || value == JsonToken.VALUE_NULL;
          readItems(parser, value, wanted, objects);
        } else {
          parser.skipChildren();
        }
      }
    }
    if (head.isEmpty() || !items) {
      throw new IOException("it is JSON, but has no metadata and items");
    }
    return new ListPage(
        head.get().path("resourceVersion").asText(""),
        Optional.of(head.get().path("continue").asText("")).filter(token -> !token.isEmpty()));
  }

  private static void readItems(
      JsonParser parser, JsonToken value, Wanted wanted, Consumer<ObjectNode> objects)
      throws IOException {
    if (value != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      if (token == null) {
        throw new IOException("it ends in the middle of the list");
      }
      if (token == JsonToken.START_OBJECT) {
        objects.accept(wanted.read(parser));
      } else {
        parser.skipChildren();
      }
    }
  }
}
