// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.time;

import java.time.Duration;
import java.time.Instant;

/** A bucket that refills evenly. Not safe for use by many threads. */
public final class TokenBucket {
  private final int capacity;
  private final int refillPerSecond;
  private double tokens;
  private Instant countedAt;

  /**
   * A full bucket.
   *
   * @param capacity most tokens it holds
   * @param refillPerSecond tokens that come back each second
   */
  public TokenBucket(int capacity, int refillPerSecond, Instant now) {
    this.capacity = capacity;
    this.refillPerSecond = refillPerSecond;
    this.tokens = capacity;
    this.countedAt = now;
  }

  /** Takes {@code count} tokens if there are as many at {@code now}; otherwise takes none. */
  public boolean take(int count, Instant now) {
    double seconds = Duration.between(countedAt, now).toNanos() / 1e9;
    tokens = Math.min(capacity, tokens + seconds * refillPerSecond);
    countedAt = now;
    if (tokens < count) {
      return false;
    }
    tokens -= count;
    return true;
  }
}
