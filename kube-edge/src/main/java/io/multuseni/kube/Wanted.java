// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.TreeNode;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The parts of a JSON object that are wanted. The rest is skipped in the stream and never built: a
 * pod is 8 KB to 10 KB of JSON, and a few hundred bytes of it matter.
 */
final class Wanted {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Map<String, Wanted> children = new HashMap<>();

  /** What every object has: its names, and the version that a watch goes on from. */
  static Wanted ofEachObject() {
    return new Wanted()
        .and("metadata", "namespace")
        .and("metadata", "name")
        .and("metadata", "resourceVersion");
  }

  /** Adds the value at a path, whatever its type. */
  Wanted and(String... path) {
    Wanted part = this;
    for (String name : path) {
      part = part.children.computeIfAbsent(name, key -> new Wanted());
    }
    return this;
  }

  /**
   * Reads the wanted parts of the object that the parser stands at the start of. A wanted part
   * inside of something that isn't an object is left out.
   *
   * @throws IOException what isn't JSON
   */
  ObjectNode read(JsonParser parser) throws IOException {
    ObjectNode object = MAPPER.createObjectNode();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      Wanted part = children.get(name);
      JsonToken value = parser.nextToken();
      if (part == null) {
        parser.skipChildren();
      } else if (part.children.isEmpty()) {
        TreeNode tree = MAPPER.readTree(parser);
        object.set(name, (JsonNode) tree);
      } else if (value == JsonToken.START_OBJECT) {
        object.set(name, part.read(parser));
      } else {
        parser.skipChildren();
      }
    }
    return object;
  }
}
