// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.config.TimeChain;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReconcileRunsTest {
  @ParameterizedTest
  @CsvSource({
    "true, 60, 120, 2",
    "true, 300, 360, 2",
    "true, 600, 660, 2",
    "false, 60, 60, 1",
    "false, 840, 840, 1",
    "false, 3600, 900, 1",
    "false, 86400, 900, 1",
  })
  void fitsTimeoutAndConcurrencyToThePeriod(
      boolean watch, int period, int timeout, int concurrency) {
    assertThat(
            ReconcileRuns.of(
                Configs.with("reconcile: {watch: %s, periodSeconds: %d}".formatted(watch, period))))
        .isEqualTo(new ReconcileRuns(Duration.ofSeconds(timeout), Optional.of(concurrency)));
  }

  @ParameterizedTest
  @CsvSource({"60", "120", "600"})
  void endsBeforeAThirdRunBegins(int period) {
    ReconcileRuns runs =
        ReconcileRuns.of(Configs.with("reconcile: {periodSeconds: %d}".formatted(period)));

    assertThat(runs.timeout()).isLessThanOrEqualTo(Duration.ofSeconds(2L * period));
    assertThat(runs.timeout())
        .isGreaterThan(Duration.ofSeconds(period).plus(TimeChain.RECONCILE_OVERLAP));
  }

  @Test
  void reservesWhatIsConfigured() {
    assertThat(concurrency("true", "none")).isEmpty();
    assertThat(concurrency("true", "2")).contains(2);
    assertThat(concurrency("true", "7")).contains(7);
    assertThat(concurrency("false", "1")).contains(1);
    assertThat(concurrency("false", "none")).isEmpty();
  }

  @Test
  void theLongestPeriodThatMayBeWatchedLeavesAFunctionItsTime() {
    assertThat(
            TimeChain.RECONCILE_PERIOD_MAX_WATCHED
                .plus(TimeChain.RECONCILE_OVERLAP)
                .plus(TimeChain.RECONCILE_ROOM))
        .isLessThanOrEqualTo(TimeChain.LAMBDA_TIMEOUT_MAX);
  }

  private static Optional<Integer> concurrency(String watch, String reserved) {
    return ReconcileRuns.of(
            Configs.with(
                """
                reconcile: {watch: %s}
                deployment: {reconcile: {reservedConcurrency: %s}}
                """
                    .formatted(watch, reserved)))
        .concurrency();
  }
}
