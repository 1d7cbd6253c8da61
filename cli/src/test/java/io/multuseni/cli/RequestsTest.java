// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** From argument strings to requests; nothing runs. */
class RequestsTest {
  private final Terminal terminal = Ran.terminal(new StringWriter(), new StringWriter());

  private DemoRequest demo(String... args) {
    DemoCommand command = new DemoCommand(terminal);
    new CommandLine(command).parseArgs(args);
    return command.request();
  }

  private ReplayRequest replay(String... args) {
    ReplayCommand command = new ReplayCommand(terminal);
    new CommandLine(command).parseArgs(args);
    return command.request();
  }

  private ReconcileRequest reconcile(String... args) {
    ReconcileCommand command = new ReconcileCommand(terminal);
    new CommandLine(command).parseArgs(args);
    return command.request();
  }

  @Test
  void demoHasADefaultForEverything() {
    assertThat(demo())
        .isEqualTo(
            new DemoRequest(
                3, 2, "m5.4xlarge", Duration.ZERO, Duration.ZERO, Duration.ZERO, false));
  }

  @Test
  void demoTakesEveryOption() {
    assertThat(
            demo(
                "--nodes",
                "50",
                "--networks=4",
                "--instance-type",
                "c6i.large",
                "--latency",
                "100ms",
                "--attach-time=1.7s",
                "--boot-time",
                "8",
                "--json"))
        .isEqualTo(
            new DemoRequest(
                50,
                4,
                "c6i.large",
                Duration.ofMillis(100),
                Duration.ofMillis(1700),
                Duration.ofSeconds(8),
                true));
  }

  @Test
  void replayTakesEveryOption() {
    assertThat(replay("e.json", "--config", "c.yaml"))
        .isEqualTo(
            new ReplayRequest(
                Path.of("e.json"), Path.of("c.yaml"), false, Duration.ofMinutes(2), false));
    assertThat(replay("--dry-run", "--json", "--timeout", "30s", "--config=c.json", "dir/e.json"))
        .isEqualTo(
            new ReplayRequest(
                Path.of("dir/e.json"), Path.of("c.json"), true, Duration.ofSeconds(30), true));
  }

  @Test
  void reconcileTakesEveryOption() {
    assertThat(reconcile("--config", "c.yaml"))
        .isEqualTo(
            new ReconcileRequest(
                Path.of("c.yaml"), Optional.empty(), false, Duration.ofMinutes(2), false));
    assertThat(
            reconcile("--json", "--dry-run", "--timeout=30s", "--kubeconfig=k", "--config=c.json"))
        .isEqualTo(
            new ReconcileRequest(
                Path.of("c.json"), Optional.of(Path.of("k")), true, Duration.ofSeconds(30), true));
  }

  @ParameterizedTest
  @CsvSource({
    "100ms, 100",
    "1.7s, 1700",
    "8, 8000",
    "0, 0",
    "0.3, 300",
    "2m, 120000",
    "1.5m, 90000",
    "60m, 3600000",
  })
  void readsDurations(String text, long millis) {
    assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "-1", "1h", "1,7", ".5", "1 s", "", "61m", "1e3"})
  void refusesWhatIsNoDuration(String text) {
    assertThatThrownBy(() -> new DurationConverter().convert(text))
        .isInstanceOf(CommandLine.TypeConversionException.class)
        .hasMessageContaining("'" + text + "'");
  }
}
