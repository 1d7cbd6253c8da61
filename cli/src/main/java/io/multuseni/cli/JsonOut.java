// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON for standard output, indented. */
final class JsonOut {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private JsonOut() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** A report as a tree that can be added to. */
  static ObjectNode tree(Object report) {
    return MAPPER.valueToTree(report);
  }

  static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("reports are plain records", e);
    }
  }
}
