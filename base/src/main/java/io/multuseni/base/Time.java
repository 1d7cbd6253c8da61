// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The clock and the way to wait, given from outside so that no test waits for the wall clock. */
public interface Time {
  /** The time now. */
  Instant now();

  /**
   * Waits.
   *
   * @param duration how long; nothing happens where it isn't positive
   */
  void pause(Duration duration);

  /** The machine's clock. */
  static Time system() {
    return new Time() {
      @Override
      public Instant now() {
        return Instant.now();
      }

      @Override
      public void pause(Duration duration) {
        try {
          TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        } catch (InterruptedException e) {
          // Lambda interrupts nobody; whoever does wants the run to end.
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted while waiting " + duration, e);
        }
      }
    };
  }
}
