// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

import java.time.Duration;
import java.time.Instant;

/** A clock that waits for nothing: a pause is over as soon as it has begun. */
public final class PassingTime implements Time {
  private Instant now = Instant.now();

  /** Begins with the machine's time. */
  public PassingTime() {}

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized void pause(Duration duration) {
    if (duration.isPositive()) {
      now = now.plus(duration);
    }
  }
}
