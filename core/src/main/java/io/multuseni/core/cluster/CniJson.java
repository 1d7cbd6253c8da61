// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/** JSON that others wrote: read leniently, never fatal. */
final class CniJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private CniJson() {}

  static Optional<JsonNode> read(String text) {
    try {
      return Optional.ofNullable(MAPPER.readTree(text)).filter(tree -> !tree.isMissingNode());
    } catch (JsonProcessingException | StackOverflowError e) {
      return Optional.empty();
    }
  }

  /** A text that isn't blank, without the space around it. */
  static Optional<String> text(JsonNode node, String key) {
    return Optional.of(node.path(key))
        .filter(JsonNode::isTextual)
        .map(value -> value.asText().strip())
        .filter(text -> !text.isEmpty());
  }
}
