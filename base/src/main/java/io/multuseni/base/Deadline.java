// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

import java.time.Duration;
import java.time.Instant;

/**
 * A time by which something has to be over.
 *
 * @param time the clock that it is measured by
 * @param end the time
 */
public record Deadline(Time time, Instant end) {
  /** A deadline that much from now. */
  public static Deadline in(Time time, Duration left) {
    return new Deadline(time, time.now().plus(left));
  }

  /** The time that is left, zero where it is over. */
  public Duration left() {
    Duration left = Duration.between(time.now(), end);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Whether it is over. */
  public boolean isOver() {
    return left().isZero();
  }

  /** An earlier deadline, so that something remains to be done after it. */
  public Deadline earlierBy(Duration reserve) {
    return new Deadline(time, end.minus(reserve));
  }
}
