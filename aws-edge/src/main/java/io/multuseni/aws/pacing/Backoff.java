// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws.pacing;

import java.security.SecureRandom;
import java.time.Duration;
import software.amazon.awssdk.retries.api.BackoffStrategy;

/**
 * Waits that double, each a random part of its longest, as the SDK's own. The SDK draws them from
 * generators whose seeds a SnapStart snapshot would hold: sandboxes restored from it at the same
 * time would all wait for the same times and meet again. A SecureRandom is safe (Lambda developer
 * guide, "Handling uniqueness with Lambda SnapStart").
 *
 * @param base longest first wait
 * @param max longest wait at all
 * @param random draws
 */
record Backoff(Duration base, Duration max, SecureRandom random) implements BackoffStrategy {
  /** Beyond this any wait is the longest. */
  private static final int DOUBLINGS = 20;

  @Override
  public Duration computeDelay(int attempt) {
    if (attempt <= 1) {
      return Duration.ZERO;
    }
    long longest =
        Math.min(
            max.toMillis(), base.multipliedBy(1L << Math.min(attempt - 2, DOUBLINGS)).toMillis());
    return longest <= 0 ? Duration.ZERO : Duration.ofMillis(random.nextLong(longest));
  }
}
