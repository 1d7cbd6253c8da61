// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.time;

import java.time.Duration;
import java.time.Instant;

/**
 * The time a cloud lives by. Everything that takes time there (booting, attaching, timeouts, token
 * buckets) is derived from {@link #now()}.
 */
public interface CloudClock {

  /** The current instant of this clock. */
  Instant now();

  /**
   * Lets {@code duration} pass on this clock.
   *
   * @param duration not negative; zero returns at once
   * @throws InterruptedException if the thread is interrupted while it waits (a virtual clock never
   *     waits)
   */
  void sleep(Duration duration) throws InterruptedException;

  /** Whether time passes only when somebody says so, so that no background thread is needed. */
  boolean isVirtual();

  /** Called by the server once for each request that arrives, before anything else happens. */
  default void onRequest() {}

  /** The system's clock: {@code sleep} waits on the wall clock. */
  static CloudClock real() {
    return RealClock.INSTANCE;
  }
}
