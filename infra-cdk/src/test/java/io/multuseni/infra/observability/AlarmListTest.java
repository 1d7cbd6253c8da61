// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.infra.Configs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AlarmListTest {
  private static final Watched STANDARD = new Watched(Configs.with(""), List.of("letters"));

  @Test
  void saysInOneTableWhatCallsPeople() {
    assertThat(AlarmList.of(STANDARD).stream().map(AlarmListTest::line))
        .containsExactly(
            "abandons: Sum Abandons of core5g > 0 for 1 x 60 s, nothing is well",
            "launches-held: Maximum LaunchesHeld of core5g > 0 for 1 x 60 s, nothing is well",
            "dead-letters: Maximum ApproximateNumberOfMessagesVisible of letters > 0 for 1 x 60 s,"
                + " nothing is as_before",
            "attach-errors: Sum Errors of multus-eni-attach-core5g > 0 for 3 x 300 s, nothing is"
                + " well",
            "sweep-errors: Sum Errors of multus-eni-sweep-core5g > 0 for 1 x 60 s, nothing is well",
            "reconcile-errors: Sum Errors of multus-eni-reconcile-core5g > 0 for 1 x 60 s, nothing"
                + " is well",
            "sweep-not-run: Sum Invocations of multus-eni-sweep-core5g < 1 for 5 x 60 s, nothing is"
                + " wrong",
            "configuration-stale: Sum ConfigurationStale of core5g > 0 for 3 x 60 s, nothing is"
                + " well",
            "reconcile-not-run: Sum ReconcilePasses of core5g < 1 for 3 x 60 s, nothing is wrong",
            "drift: Minimum Drift of core5g > 0 for 10 x 60 s, nothing is as_before",
            "release-guard: Sum ReleaseGuardTripped of core5g > 0 for 1 x 60 s, nothing is well");
  }

  @ParameterizedTest
  @CsvSource({
    "60, 10, 60, 10",
    "60, 1, 60, 1",
    "300, 10, 300, 2",
    "300, 7, 300, 2",
    "600, 5, 600, 1",
    "86400, 60, 86400, 1",
  })
  void coversTheDriftsTimeWithWholePeriodsOfReconciling(
      int period, int driftMinutes, int seconds, int periods) {
    AlarmSpec drift = alarm(watched(period, driftMinutes), "drift");

    assertThat(drift.period()).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(drift.periods()).isEqualTo(periods);
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 3600, 86_400})
  void staysWithinWhatCloudWatchEvaluates(int period) {
    // PutMetricAlarm: a day in all, seven days where the period is an hour or more.
    for (AlarmSpec alarm : AlarmList.of(watched(period, 60))) {
      Duration most =
          alarm.period().compareTo(Duration.ofHours(1)) < 0
              ? Duration.ofDays(1)
              : Duration.ofDays(7);
      assertThat(alarm.period().multipliedBy(alarm.periods())).isLessThanOrEqualTo(most);
      assertThat(alarm.period().toSeconds() % 60).isZero();
      assertThat(alarm.description()).hasSizeBetween(50, 1024);
    }
  }

  @Test
  void namesEachQueuesAlarmDifferently() {
    assertThat(AlarmList.of(new Watched(Configs.with(""), List.of("a", "b"))))
        .extracting(AlarmSpec::about)
        .doesNotHaveDuplicates()
        .contains("dead-letters", "dead-letters-2");
  }

  private static Watched watched(int period, int driftMinutes) {
    return new Watched(
        Configs.with(
            """
            reconcile: {periodSeconds: %d, watch: false}
            deployment: {driftAlarmMinutes: %d}
            """
                .formatted(period, driftMinutes)),
        List.of("letters"));
  }

  private static AlarmSpec alarm(Watched watched, String about) {
    return AlarmList.of(watched).stream()
        .filter(one -> one.about().equals(about))
        .findFirst()
        .orElseThrow();
  }

  private static String line(AlarmSpec alarm) {
    return "%s: %s %s of %s %s %.0f for %d x %d s, nothing is %s"
        .formatted(
            alarm.about(),
            alarm.statistic().word(),
            alarm.metric().name(),
            alarm.metric().value(),
            alarm.comparison() == AlarmSpec.Comparison.ABOVE ? ">" : "<",
            alarm.threshold(),
            alarm.periods(),
            alarm.period().toSeconds(),
            alarm.missing().name().toLowerCase(java.util.Locale.ROOT));
  }
}
