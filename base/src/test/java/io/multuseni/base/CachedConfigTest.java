// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
  private CachedConfig.Reader reader = deadline -> config("a");
  private final CachedConfig cached =
      new CachedConfig(
          deadline -> {
            readings.add(deadline.left());
            return reader.read(deadline);
          },
          time,
          new PrintStream(written, true, UTF_8));

  @Test
  void readsNothingBeforeItsFirstUse() {
    assertThat(readings).isEmpty();
    assertThat(cached.cluster()).isEmpty();

    assertThat(cached.current(in(60)).cluster()).isEqualTo("a");
    assertThat(cached.cluster()).contains("a");
    assertThat(readings).hasSize(1);
  }

  @Test
  void keepsACopyForAMinuteAndNoLonger() {
    cached.current(in(60));
    reader = deadline -> config("b");

    pass(59);
    assertThat(cached.current(in(60)).cluster()).isEqualTo("a");
    pass(1);
    assertThat(cached.current(in(60)).cluster()).isEqualTo("b");
    assertThat(written.toString(UTF_8)).isEmpty();
  }

  @Test
  void readsAnewAfterARestore() {
    cached.current(in(60));
    reader = deadline -> config("b");

    cached.forget();

    assertThat(cached.cluster()).isEmpty();
    assertThat(cached.current(in(60)).cluster()).isEqualTo("b");
  }

  @Test
  void servesOnWithTheCopyWhereItCantBeReadAgain() {
    cached.current(in(60));
    reader =
        deadline -> {
          throw failure;
        };
    pass(60);

    assertThat(cached.current(in(60)).cluster()).isEqualTo("a");
    assertThat(lines())
        .singleElement()
        .asString()
        .contains("\"level\":\"WARN\"", "an older configuration is used", "slow down");

    pass(59);
    cached.current(in(60));
    assertThat(readings).as("not before another minute is over").hasSize(2);
    pass(1);
    reader = deadline -> config("b");
    assertThat(cached.current(in(60)).cluster()).isEqualTo("b");
    assertThat(lines()).hasSize(1);
  }

  @Test
  void servesOnWithTheCopyWhereTheNewTextHasProblems() {
    cached.current(in(60));
    reader =
        deadline -> {
          throw problems;
        };
    pass(60);

    assertThat(cached.current(in(60)).cluster()).isEqualTo("a");
    assertThat(lines())
        .singleElement()
        .asString()
        .contains("\"level\":\"ERROR\"", "an older one is used", "/c: cluster", "/c: nodeGroups");
  }

  @Test
  void failsWithoutACopyAndTriesAtEachUse() {
    reader =
        deadline -> {
          throw failure;
        };

    assertThatThrownBy(() -> cached.current(in(60))).isSameAs(failure);
    assertThatThrownBy(() -> cached.current(in(60))).isSameAs(failure);
    reader = deadline -> config("a");
    assertThat(cached.current(in(60)).cluster()).isEqualTo("a");
  }

  @Test
  void tellsAllProblemsOfTheFirstText() {
    reader =
        deadline -> {
          throw problems;
        };

    assertThatThrownBy(() -> cached.current(in(60)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("/c: cluster: missing; add it")
        .hasMessageContaining("/c: nodeGroups: missing; add it");
    assertThat(lines()).singleElement().asString().contains("nothing is done", "/c: nodeGroups");
  }

  @Test
  void leavesTimeForWhatTheConfigurationIsFor() {
    cached.current(in(300));
    pass(60);
    cached.current(in(300));
    pass(60);
    cached.current(in(2));

    assertThat(readings)
        .containsExactly(Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofSeconds(2));
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
