// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.wire;

import io.multuseni.localcloud.events.Json;
import java.util.Map;

/** The envelopes around answers and errors, one form per service. */
public final class Answers {
  private Answers() {}

  /**
   * The document of a successful answer of a service that speaks XML.
   *
   * @throws IllegalArgumentException if it speaks JSON, where the answer needs no envelope
   */
  public static String success(ServiceName service, String action, String requestId, Xml content) {
    return switch (service) {
      case SSM -> throw new IllegalArgumentException(service + " answers in JSON");
      case EC2 ->
          new Xml()
              .root(
                  action + "Response",
                  service.namespace(),
                  x -> x.text("requestId", requestId).append(content))
              .toString();
      case AUTO_SCALING ->
          new Xml()
              .root(
                  action + "Response",
                  service.namespace(),
                  x ->
                      x.element(action + "Result", r -> r.append(content))
                          .element("ResponseMetadata", m -> m.text("RequestId", requestId)))
              .toString();
    };
  }

  /** The document of an error answer. */
  public static String error(
      ServiceName service, String code, String message, int httpStatus, String requestId) {
    return switch (service) {
      case EC2 ->
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              + new Xml()
                  .element(
                      "Response",
                      x ->
                          x.element(
                                  "Errors",
                                  errors ->
                                      errors.element(
                                          "Error",
                                          e -> e.text("Code", code).text("Message", message)))
                              .text("RequestID", requestId));
      case AUTO_SCALING ->
          new Xml()
              .root(
                  "ErrorResponse",
                  service.namespace(),
                  x ->
                      x.element(
                              "Error",
                              e ->
                                  e.text("Type", httpStatus < 500 ? "Sender" : "Receiver")
                                      .text("Code", code)
                                      .text("Message", message))
                          .text("RequestId", requestId))
              .toString();
      case SSM -> Json.write(Map.of("__type", code, "message", message));
    };
  }
}
