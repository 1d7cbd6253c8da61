// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.base.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever waits is told before the wait, not after it. */
class ToldTimeTest {
  private final List<String> happened = new ArrayList<>();
  private final Time clock =
      new Time() {
        @Override
        public Instant now() {
          return Instant.EPOCH;
        }

        @Override
        public void pause(Duration duration) {
          happened.add("paused " + duration);
        }
      };

  @Test
  void tellsBeforeItWaitsAndRoundsUp() {
    ToldTime time = new ToldTime(clock, happened::add);

    time.pause(Duration.ofMillis(59_999));

    assertThat(time.now()).isEqualTo(Instant.EPOCH);
    assertThat(happened).hasSize(2);
    assertThat(happened.getFirst()).contains("waiting 60 s (reconcile.releaseGraceSeconds)");
    assertThat(happened.getLast()).isEqualTo("paused PT59.999S");
  }
}
