// SPDX-License-Identifier: Apache-2.0
package io.multuseni.locallambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * Why an invocation or a start failed, as Lambda tells it.
 *
 * @param type class of the exception, or Lambda's own: {@code Sandbox.Timedout}, {@code
 *     Runtime.ExitError}
 * @param message its message; empty where it has none
 * @param stackTrace its frames, the innermost first
 */
public record FunctionError(String type, String message, List<String> stackTrace) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Copies the frames. */
  public FunctionError {
    stackTrace = List.copyOf(stackTrace);
  }

  static FunctionError of(String type, String message) {
    return new FunctionError(type, message, List.of());
  }

  /** As the runtime client reports it. */
  static FunctionError reported(String json) {
    try {
      JsonNode error = JSON.readTree(json);
      List<String> frames = new ArrayList<>();
      error.path("stackTrace").forEach(frame -> frames.add(frame.asText()));
      return new FunctionError(
          error.path("errorType").asText(""), error.path("errorMessage").asText(""), frames);
    } catch (JsonProcessingException e) {
      return of("Runtime.Unknown", "the runtime client reported what is no JSON: " + json);
    }
  }

  /** In a line. */
  public String inWords() {
    return type + ": " + message;
  }
}
