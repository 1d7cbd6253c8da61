// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.wire;

/** A refusal of the cloud, as the caller will see it: a code, a message and an HTTP status. */
public final class ApiError extends RuntimeException {
  private final String code;
  private final int httpStatus;
  private final String text;

  /**
   * An error answer.
   *
   * @param httpStatus 400 to 599
   */
  public ApiError(String code, int httpStatus, String text) {
    // An answer, not an accident: a stack trace would only cost time.
    super(code + ": " + text, null, false, false);
    this.code = code;
    this.httpStatus = httpStatus;
    this.text = text;
  }

  /** A client error with HTTP status 400, which nearly all of them have. */
  public static ApiError of(String code, String text) {
    return new ApiError(code, 400, text);
  }

  /** The error code, for example {@code InvalidParameterValue}. */
  public String code() {
    return code;
  }

  /** The HTTP status of the answer. */
  public int httpStatus() {
    return httpStatus;
  }

  /** The message of the answer. */
  public String text() {
    return text;
  }
}
