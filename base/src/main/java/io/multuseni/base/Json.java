// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Reports as JSON: in the log, and as {@code --json}. */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** A report in one line. */
  public static String of(Object report) {
    try {
      return MAPPER.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("reports are plain records", e);
    }
  }

  /** A log line: level and message as Lambda's JSON log format names them, and the report. */
  public static String logLine(String level, String message, Object report) {
    ObjectNode line = MAPPER.createObjectNode();
    line.put("level", level);
    line.put("message", message);
    line.set("report", MAPPER.valueToTree(report));
    return line.toString();
  }
}
