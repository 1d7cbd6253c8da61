// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.error;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A call that AWS or the Kubernetes API refused or did not answer, told in our words. */
public final class CallFailure extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final ErrorMeaning meaning;
  private final String action;
  private final String resource;
  private final String code;
  private final String answer;

  /**
   * Takes what is known.
   *
   * @param meaning what the error means
   * @param action the API action, such as {@code AttachNetworkInterface}
   * @param resource what the call was about
   * @param code the error code as AWS gave it, or a word of ours where no answer came
   * @param message the message as AWS gave it
   * @param cause the SDK's exception
   */
  public CallFailure(
      ErrorMeaning meaning,
      String action,
      String resource,
      String code,
      String message,
      @Nullable Throwable cause) {
    super(action + " on " + resource + " failed: " + code + ": " + message, cause);
    this.meaning = meaning;
    this.action = action;
    this.resource = resource;
    this.code = code;
    this.answer = message;
  }

  /** What the error means. */
  public ErrorMeaning meaning() {
    return meaning;
  }

  /** The whole story in one sentence: action, resource, code and AWS' message. */
  public String explained() {
    return String.valueOf(getMessage());
  }

  /** The API action. */
  public String action() {
    return action;
  }

  /** What the call was about. */
  public String resource() {
    return resource;
  }

  /** The error code as AWS gave it. */
  public String code() {
    return code;
  }

  /** The message as AWS gave it, without what we know ourselves. */
  public String answer() {
    return answer;
  }
}
