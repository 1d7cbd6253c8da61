// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A refusal of the API: what a caller gets as a {@code Status} object. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** HTTP status, 400 to 599. */
  final int code;

  /** Kubernetes' word for it, for example {@code NotFound}. */
  final String reason;

  ApiException(int code, String reason, String message) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  ApiException(int code, String message) {
    this(code, reasonOf(code), message);
  }

  static ApiException badRequest(String message) {
    return new ApiException(400, message);
  }

  static ApiException notFound(ResourceType type, String name) {
    return new ApiException(404, type.qualified() + " \"" + name + "\" not found");
  }

  static ApiException conflict(ResourceType type, String name, String why) {
    return new ApiException(409, type.qualified() + " \"" + name + "\": " + why);
  }

  /** A resourceVersion or continue token whose time is over. */
  static ApiException expired(String message) {
    return new ApiException(410, message);
  }

  /** Kubernetes' reason for an HTTP status; empty where it has none. */
  static String reasonOf(int code) {
    return switch (code) {
      case 400 -> "BadRequest";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "NotFound";
      case 405 -> "MethodNotAllowed";
      case 406 -> "NotAcceptable";
      case 409 -> "Conflict";
      case 410 -> "Expired";
      case 413 -> "RequestEntityTooLarge";
      case 415 -> "UnsupportedMediaType";
      case 422 -> "Invalid";
      case 429 -> "TooManyRequests";
      case 500 -> "InternalError";
      case 503 -> "ServiceUnavailable";
      case 504 -> "Timeout";
      default -> "";
    };
  }

  /** The object that tells it. */
  ObjectNode status() {
    ObjectNode status = Json.object();
    status.put("kind", "Status");
    status.put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Failure");
    status.put("message", getMessage());
    if (!reason.isEmpty()) {
      status.put("reason", reason);
    }
    if (code == 429) {
      status.putObject("details").put("retryAfterSeconds", 1);
    }
    status.put("code", code);
    return status;
  }
}
