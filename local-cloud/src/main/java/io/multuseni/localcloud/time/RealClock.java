// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.time;

import java.time.Duration;
import java.time.Instant;

enum RealClock implements CloudClock {
  INSTANCE;

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (duration.isPositive()) {
      Thread.sleep(duration);
    }
  }

  @Override
  public boolean isVirtual() {
    return false;
  }
}
