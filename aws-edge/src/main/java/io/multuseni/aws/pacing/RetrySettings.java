// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws.pacing;

import java.security.SecureRandom;
import java.time.Duration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;

/**
 * How the SDK repeats calls that AWS throttles or fails to answer.
 *
 * @param maxAttempts tries per call; the time that the invocation has left usually ends them
 *     earlier
 * @param baseDelay the first wait after a fault of AWS
 * @param throttledBaseDelay the first wait after a throttled call
 * @param maxDelay the longest wait
 */
public record RetrySettings(
    int maxAttempts, Duration baseDelay, Duration throttledBaseDelay, Duration maxDelay) {
  /**
   * Waits of the SDK's standard mode (100 ms, 500 ms when throttled), but at most 5 s: EC2's
   * buckets of mutating calls refill at 5 per second, so that a longer pause leaves tokens unused.
   */
  public static RetrySettings standard() {
    return new RetrySettings(
        100, Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(5));
  }

  /**
   * The SDK's strategy. Its own limit across calls is off, since it is meant to protect a service
   * from a fleet of clients, while one sandbox has one event and a deadline.
   */
  public RetryStrategy toStrategy() {
    SecureRandom random = new SecureRandom();
    StandardRetryStrategy.Builder builder =
        AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .maxAttempts(maxAttempts)
            .circuitBreakerEnabled(false)
            .backoffStrategy(new Backoff(baseDelay, maxDelay, random))
            .throttlingBackoffStrategy(new Backoff(throttledBaseDelay, maxDelay, random));
    return new RememberingRetries(builder.build());
  }
}
