// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
  private final Backoff backoff =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), new SecureRandom());

  @Test
  void theFirstTryWaitsForNothing() {
    assertThat(backoff.computeDelay(1)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"2, 100", "3, 200", "6, 1600", "8, 5000", "100, 5000"})
  void waitsDoubleAndStayBelowTheLongest(int attempt, long longest) {
    Set<Duration> drawn = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      drawn.add(backoff.computeDelay(attempt));
    }

    assertThat(drawn).allSatisfy(wait -> assertThat(wait.toMillis()).isBetween(0L, longest - 1));
    assertThat(drawn).as("drawn anew each time").hasSizeGreaterThan(20);
    assertThat(drawn).as("over the whole range").anyMatch(wait -> wait.toMillis() > longest / 2);
  }

  @Test
  void noWaitAtAllIsPossible() {
    Backoff none = new Backoff(Duration.ZERO, Duration.ZERO, new SecureRandom());

    assertThat(none.computeDelay(5)).isZero();
  }
}
