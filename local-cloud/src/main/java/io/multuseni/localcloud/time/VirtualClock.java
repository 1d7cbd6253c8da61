// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.time;

import java.time.Duration;
import java.time.Instant;

/**
 * A clock that moves only when told: nothing ever waits on the wall clock. Safe for use by many
 * threads; each advance is atomic.
 */
public final class VirtualClock implements CloudClock {
  private Instant now;
  private Duration perCall = Duration.ZERO;

  private VirtualClock(Instant start) {
    this.now = start;
  }

  /** A clock that stands at {@code start}. */
  public static VirtualClock startingAt(Instant start) {
    return new VirtualClock(start);
  }

  @Override
  public synchronized Instant now() {
    return now;
  }

  /**
   * Moves this clock forward.
   *
   * @param duration not negative
   * @throws IllegalArgumentException if {@code duration} is negative: this clock never goes back
   */
  public synchronized void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration is negative: " + duration);
    }
    now = now.plus(duration);
  }

  /** Advances this clock by {@code duration} and returns at once. */
  @Override
  public void sleep(Duration duration) {
    advance(duration);
  }

  /**
   * Makes each request that arrives at the server move this clock by {@code duration}, so that
   * polling loops and token buckets make progress with nobody advancing the clock.
   *
   * @param duration not negative; zero (the default) turns it off
   * @return this clock
   */
  public synchronized VirtualClock tickPerCall(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration is negative: " + duration);
    }
    perCall = duration;
    return this;
  }

  @Override
  public boolean isVirtual() {
    return true;
  }

  @Override
  public synchronized void onRequest() {
    now = now.plus(perCall);
  }
}
