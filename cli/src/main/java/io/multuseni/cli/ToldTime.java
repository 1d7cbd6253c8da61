// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import io.multuseni.base.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** A clock by which nobody waits for a grace without being told why. */
final class ToldTime implements Time {
  private final Time time;
  private final Consumer<String> told;

  /**
   * Wraps a clock.
   *
   * @param time the clock
   * @param told gets a line for people before each pause
   */
  ToldTime(Time time, Consumer<String> told) {
    this.time = time;
    this.told = told;
  }

  @Override
  public Instant now() {
    return time.now();
  }

  @Override
  public void pause(Duration duration) {
    // The odd millisecond counts: a pause told as shorter than the grace looks like a mistake.
    long seconds = (duration.toMillis() + 999) / 1000;
    told.accept(
        "there are addresses that nobody needs; waiting %d s (reconcile.releaseGraceSeconds)"
                .formatted(seconds)
            + " before they are released");
    time.pause(duration);
  }
}
