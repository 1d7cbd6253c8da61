// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.event.Incoming.LaunchAction;
import io.multuseni.core.event.Incoming.NotForUs;
import io.multuseni.core.event.Incoming.SweepTick;
import io.multuseni.core.event.Incoming.TerminateAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each sample event comes in as the table of the samples' README says. */
class EventSamplesTest {
  // Surefire runs in the module's folder.
  private static final Path SAMPLES = Path.of("..", "events-samples");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([^`]+\\.json)` \\| (.+?) \\| .+ \\|$");

  @TestFactory
  Stream<DynamicTest> comesInAsStated() throws Exception {
    ProvisionerConfig config = config();
    return stated()
        .map(row ->
            DynamicTest.dynamicTest(
                row.group(1) + " is " + row.group(2),
                () -> assertThat(outcome(row.group(1), config)).isEqualTo(row.group(2))));
  }

  @Test
  void everySampleHasAStatedOutcome() throws IOException {
    try (Stream<Path> files = Files.list(SAMPLES)) {
      List<String> events =
          files
              .map(file -> file.getFileName().toString())
              .filter(n -> n.endsWith(".json"))
              .toList();
      assertThat(stated().map(row -> row.group(1))).containsExactlyInAnyOrderElementsOf(events);
    }
  }

  private static Stream<MatchResult> stated() throws IOException {
    return ROW.matcher(Files.readString(SAMPLES.resolve("README.md"))).results();
  }

  private static ProvisionerConfig config() throws IOException, ConfigException {
    return ConfigReader.readYaml(Files.readString(SAMPLES.resolve("config.yaml")));
  }

  private static String outcome(String file, ProvisionerConfig config) throws IOException {
    Incoming incoming =
        IncomingParser.parse(Files.readString(SAMPLES.resolve(file)), config, Instant.EPOCH);
    return switch (incoming) {
      case LaunchAction(var action, var origin, var destination) ->
          "`LaunchAction` of `%s`, %s → %s"
              .formatted(action.nodeGroup().name(), name(origin), name(destination));
      case TerminateAction(var action, var origin, var destination) ->
          "`TerminateAction` of `%s`, %s → %s"
              .formatted(action.nodeGroup().name(), name(origin), name(destination));
      case SweepTick() -> "`SweepTick`";
      case NotForUs ignored -> "`NotForUs` `%s`".formatted(ignored.reason());
    };
  }

  private static String name(Incoming.Place place) {
    return switch (place) {
      case EC2 -> "EC2";
      case AUTO_SCALING_GROUP -> "AutoScalingGroup";
      case WARM_POOL -> "WarmPool";
      case UNKNOWN -> "unknown";
    };
  }
}
