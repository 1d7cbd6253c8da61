// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import io.multuseni.base.Time;
import java.time.Duration;
import java.time.Instant;

/** A clock that only pauses and tests move. */
final class TestTime implements Time {
  private Instant now = Instant.parse("2026-11-25T08:00:00Z");

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized void pause(Duration duration) {
    now = now.plus(duration);
  }
}
