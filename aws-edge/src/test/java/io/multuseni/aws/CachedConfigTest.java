// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.base.Deadline;
import io.multuseni.base.Time;
import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigProblem;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CachedConfigTest {
  private final CallFailure failure =
      new CallFailure(
          ErrorMeaning.THROTTLED, "GetParameters", "/c", "ThrottlingException", "slow down", null);
  private final ConfigException problems =
      new ConfigException(
          List.of(
              new ConfigProblem("/c: cluster", "missing", "add it"),
              new ConfigProblem("/c: nodeGroups", "missing", "add it")));

  private Instant now = Instant.parse("2026-11-25T00:00:00Z");
  private final Time time =
      new Time() {
        @Override
        public Instant now() {
          return now;
        }

        @Override
        public void pause(Duration duration) {
          now = now.plus(duration);
        }
      };
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final List<Duration> readings = new ArrayList<>();
  private CachedConfig.Reader reader = (deadline, calls) -> config("a");
  private final CachedConfig cached =
      new CachedConfig(
          (deadline, calls) -> {
            readings.add(deadline.left());
            return reader.read(deadline, calls);
          },
          time,
          new PrintStream(written, true, UTF_8));

  @Test
  void readsNothingBeforeItsFirstUse() {
    assertThat(readings).isEmpty();
    assertThat(cached.cluster()).isEmpty();

    assertThat(current(in(60)).cluster()).isEqualTo("a");
    assertThat(cached.cluster()).contains("a");
    assertThat(readings).hasSize(1);
  }

  @Test
  void keepsACopyForAMinuteAndNoLonger() {
    current(in(60));
    reader = (deadline, calls) -> config("b");

    pass(59);
    assertThat(current(in(60)).cluster()).isEqualTo("a");
    pass(1);
    assertThat(current(in(60)).cluster()).isEqualTo("b");
    assertThat(written.toString(UTF_8)).isEmpty();
  }

  @Test
  void readsAnewAfterARestore() {
    current(in(60));
    reader = (deadline, calls) -> config("b");

    cached.forget();

    assertThat(cached.cluster()).isEmpty();
    assertThat(current(in(60)).cluster()).isEqualTo("b");
  }

  @Test
  void servesOnWithTheCopyWhereItCantBeReadAgain() {
    current(in(60));
    reader =
        (deadline, calls) -> {
          throw failure;
        };
    pass(60);

    assertThat(current(in(60)).cluster()).isEqualTo("a");
    assertThat(lines())
        .singleElement()
        .asString()
        .contains("\"level\":\"WARN\"", "an older configuration is used", "slow down");

    pass(59);
    current(in(60));
    assertThat(readings).as("not before another minute is over").hasSize(2);
    pass(1);
    reader = (deadline, calls) -> config("b");
    assertThat(current(in(60)).cluster()).isEqualTo("b");
    assertThat(lines()).hasSize(1);
  }

  @Test
  void servesOnWithTheCopyWhereTheNewTextHasProblems() {
    current(in(60));
    reader =
        (deadline, calls) -> {
          throw problems;
        };
    pass(60);

    assertThat(current(in(60)).cluster()).isEqualTo("a");
    assertThat(lines())
        .singleElement()
        .asString()
        .contains("\"level\":\"ERROR\"", "an older one is used", "/c: cluster", "/c: nodeGroups");
  }

  @Test
  void failsWithoutACopyAndTriesAtEachUse() {
    reader =
        (deadline, calls) -> {
          throw failure;
        };

    assertThatThrownBy(() -> current(in(60))).isSameAs(failure);
    assertThatThrownBy(() -> current(in(60))).isSameAs(failure);
    reader = (deadline, calls) -> config("a");
    assertThat(current(in(60)).cluster()).isEqualTo("a");
  }

  @Test
  void tellsAllProblemsOfTheFirstText() {
    reader =
        (deadline, calls) -> {
          throw problems;
        };

    assertThatThrownBy(() -> current(in(60)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("/c: cluster: missing; add it")
        .hasMessageContaining("/c: nodeGroups: missing; add it");
    assertThat(lines()).singleElement().asString().contains("nothing is done", "/c: nodeGroups");
  }

  @Test
  void leavesTimeForWhatTheConfigurationIsFor() {
    current(in(300));
    pass(60);
    current(in(300));
    pass(60);
    current(in(2));

    assertThat(readings)
        .containsExactly(Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofSeconds(2));
  }

  @Test
  void servesNoLongerThanAnHourOfFailingAndSaysSinceWhen() {
    current(in(60));
    reader =
        (deadline, calls) -> {
          throw failure;
        };
    pass(300);
    current(in(60));
    assertThat(lines())
        .singleElement()
        .asString()
        .contains("an older configuration is used, until 2026-11-25T01:05:00Z at most: ");

    pass(3599);
    assertThat(current(in(60)).cluster()).isEqualTo("a");
    assertThat(cached.isStale()).isTrue();
    pass(60);
    readings.clear();
    assertThatThrownBy(() -> current(in(60)))
        .isInstanceOf(CallFailure.class)
        .hasMessageContaining(
            "slow down; so it has been since 2026-11-25T00:05:00Z, and the older copy is not used"
                + " any more");
    assertThatThrownBy(() -> current(in(60))).isInstanceOf(CallFailure.class);
    assertThat(readings)
        .as("at each use, and with the time of a first reading")
        .containsExactly(Duration.ofSeconds(20), Duration.ofSeconds(20));
    assertThat(cached.cluster()).as("for the metrics of the failure").contains("a");

    reader = (deadline, calls) -> config("b");
    assertThat(current(in(60)).cluster()).isEqualTo("b");
    assertThat(cached.isStale()).isFalse();
  }

  @Test
  void servesNoLongerThanAnHourWhereTheNewTextHasProblems() {
    current(in(60));
    reader =
        (deadline, calls) -> {
          throw problems;
        };
    pass(60);
    current(in(60));
    pass(3600);

    assertThatThrownBy(() -> current(in(60)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("/c: cluster: missing; add it")
        .hasMessageContaining("so it has been since 2026-11-25T00:01:00Z");
    assertThat(lines()).last().asString().contains("nothing is done", "/c: nodeGroups");
  }

  @Test
  void countsTheHourFromTheFirstReadingThatFailsAnew() {
    current(in(60));
    reader =
        (deadline, calls) -> {
          throw failure;
        };
    pass(60);
    current(in(60));
    reader = (deadline, calls) -> config("b");
    pass(3000);
    current(in(60));
    reader =
        (deadline, calls) -> {
          throw failure;
        };
    pass(3000);

    assertThat(current(in(60)).cluster()).isEqualTo("b");
  }

  @Test
  void isStaleOnlyWhileAnOlderCopyServes() {
    assertThat(cached.isStale()).isFalse();
    current(in(60));
    assertThat(cached.isStale()).isFalse();
    reader =
        (deadline, calls) -> {
          throw problems;
        };
    pass(60);
    current(in(60));
    assertThat(cached.isStale()).isTrue();
    pass(30);
    current(in(60));
    assertThat(cached.isStale()).as("between two readings too").isTrue();

    cached.forget();

    assertThat(cached.isStale()).isFalse();
  }

  private ProvisionerConfig current(Deadline deadline) {
    return cached.current(deadline, new CallCounter());
  }

  private Deadline in(int seconds) {
    return Deadline.in(time, Duration.ofSeconds(seconds));
  }

  private void pass(int seconds) {
    time.pause(Duration.ofSeconds(seconds));
  }

  private List<String> lines() {
    return written.toString(UTF_8).lines().toList();
  }

  private static ProvisionerConfig config(String cluster) {
    return new ProvisionerConfig(cluster, Duration.ofMinutes(15), List.of());
  }
}
