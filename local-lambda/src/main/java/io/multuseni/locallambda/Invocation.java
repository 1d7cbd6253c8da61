// SPDX-License-Identifier: Apache-2.0
package io.multuseni.locallambda;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How one invocation went.
 *
 * @param requestId its id
 * @param payload what the function returned, as JSON; absent where it failed
 * @param error why it failed; absent where it did not
 * @param log what the function wrote meanwhile, line by line, on either stream
 * @param took from handing it out to the answer
 */
public record Invocation(
    String requestId,
    Optional<String> payload,
    Optional<FunctionError> error,
    List<String> log,
    Duration took) {
  /** Copies the lines. */
  public Invocation {
    log = List.copyOf(log);
  }

  /**
   * What the function returned.
   *
   * @throws IllegalStateException it failed; the message has error and log
   */
  public String result() {
    return payload.orElseThrow(() ->
        new IllegalStateException(
            error.map(FunctionError::inWords).orElse("no answer") + "\n" + String.join("\n", log)));
  }
}
