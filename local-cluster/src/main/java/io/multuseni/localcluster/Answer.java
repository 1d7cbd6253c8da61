// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;

/**
 * What a request is answered with, unless it is a watch.
 *
 * @param status HTTP status
 * @param contentType media type of the body
 * @param body never changed
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and copied to the wire as it is.
record Answer(int status, String contentType, byte[] body) {
  private static final String JSON = "application/json";

  static Answer json(int status, JsonNode tree) {
    return json(status, Json.bytes(tree));
  }

  static Answer json(int status, byte[] text) {
    return new Answer(status, JSON, text);
  }

  static Answer refusal(ApiException error) {
    return json(error.code, error.status());
  }

  static Answer text(int status, String text) {
    return new Answer(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** A page for people, as a proxy between caller and cluster sends it. */
  static Answer html(int status) {
    String page =
        "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>"
            + "<body><h1>Sign in to go on</h1></body></html>\n";
    return new Answer(status, "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
  }

  /** What an API server says about a path it doesn't know, a missing CRD's included: no Status. */
  static Answer unknownPath() {
    return text(404, "404 page not found\n");
  }
}
