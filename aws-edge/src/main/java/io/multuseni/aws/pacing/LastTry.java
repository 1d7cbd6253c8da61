// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws.pacing;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why the last try of one call failed. Where the time of a call is up the SDK says only that, and
 * forgets what went wrong until then.
 */
public final class LastTry {
  /** Of the call that a thread makes: the SDK's synchronous clients stay in the caller's thread. */
  public static final ScopedValue<LastTry> OF_CALL = ScopedValue.newInstance();

  private @Nullable String failure;

  /** Of a call that was not tried yet. */
  public LastTry() {}

  /** Notes a failed try. */
  void failed(Throwable cause) {
    failure = String.valueOf(cause.getMessage());
  }

  /** What the SDK said about the last try that failed; empty where none has. */
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }
}
