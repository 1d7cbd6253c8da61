// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.SweepReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.cloudwatchlogs.emf.config.Configuration;
import software.amazon.cloudwatchlogs.emf.config.EnvironmentConfigurationProvider;
import software.amazon.cloudwatchlogs.emf.environment.Environments;

/** What the functions write for people and alarms: a log line per event, and metrics. */
@Timeout(60)
class HandlerTelemetryIT {
  private static final Configuration EMF = EnvironmentConfigurationProvider.getConfig();
  private static final Environments USUAL = EMF.getEnvironmentOverride();

  /** Otherwise the library asks the network whether it runs on EC2 or ECS. */
  @BeforeAll
  static void keepsOffTheNetwork() {
    EMF.setEnvironmentOverride(Environments.Local);
  }

  @AfterAll
  static void asItWas() {
    EMF.setEnvironmentOverride(USUAL);
  }

  @Test
  void logsOneLineWithTheWholeReportForALaunch() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();

      Written written = written(scene, sandbox -> deliver(sandbox, event));

      JsonNode line = written.onlyLogLine();
      assertThat(fields(line)).containsExactly("level", "message", "report");
      assertThat(line.get("level").asText()).isEqualTo("INFO");
      JsonNode report = line.get("report");
      assertThat(line.get("message")).isEqualTo(report.get("message"));
      assertThat(fields(report))
          .containsExactlyInAnyOrder(
              "instanceId",
              "availabilityZone",
              "autoScalingGroup",
              "lifecycleHook",
              "outcome",
              "reason",
              "message",
              "interfaces",
              "apiCalls",
              "millis",
              "throttled",
              "dryRun",
              "completed");
      assertThat(fields(report.get("interfaces").get(0)))
          .containsExactlyInAnyOrder(
              "network",
              "deviceIndex",
              "networkCardIndex",
              "networkInterfaceId",
              "subnetId",
              "macAddress",
              "privateIpAddress",
              "ipv6Addresses",
              "pciBusId",
              "interfaceName",
              "created");
      assertThat(report.get("instanceId").asText()).isEqualTo(Lifecycle.instanceOf(event));
      assertThat(report.get("availabilityZone").asText()).isEqualTo(Scene.ZONE_A);
      assertThat(report.get("outcome").asText()).isEqualTo("CONTINUE");
      assertThat(report.get("reason").isNull()).isTrue();
      assertThat(report.get("interfaces")).hasSize(2);
      assertThat(report.at("/apiCalls/CreateNetworkInterface").asInt()).isEqualTo(2);
    }
  }

  @Test
  void countsANodeThatIsReadyAndTheSecondsSinceItsEvent() throws InterruptedException {
    try (Scene scene = new Scene(s -> s.withBootTime(Duration.ofSeconds(8))).withGroup()) {
      String event = scene.launchOne();

      Written written = written(scene, sandbox -> deliver(sandbox, event));

      Metrics metrics = written.onlyMetrics();
      assertThat(metrics.namespace()).isEqualTo("multus-eni");
      assertThat(metrics.dimensions()).containsExactly(Map.of("Cluster", Scene.CLUSTER));
      assertThat(metrics.values())
          .containsEntry("NodesReady", 1.0)
          .containsEntry("InterfacesCreated", 2.0)
          .containsEntry("Throttles", 0.0)
          .containsEntry("Abandons", 0.0)
          .containsEntry("Retries", 0.0);
      assertThat(metrics.values().get("SecondsToContinue")).isBetween(8.0, 20.0);
      assertThat(metrics.units())
          .containsEntry("NodesReady", "Count")
          .containsEntry("SecondsToContinue", "Seconds");
    }
  }

  @Test
  void countsAnAbandonInAllAndByItsReason() throws InterruptedException {
    try (Scene scene = new Scene(s -> s.withReplaceAbandoned(false)).withGroup()) {
      scene.cloud.world().fillSubnet(scene.n3a, 0);
      String event = scene.launchOne();

      Written written = written(scene, sandbox -> deliver(sandbox, event));

      JsonNode line = written.onlyLogLine();
      assertThat(line.get("level").asText()).isEqualTo("ERROR");
      assertThat(line.at("/report/outcome").asText()).isEqualTo("ABANDON");
      assertThat(line.at("/report/reason").asText()).isEqualTo("SUBNET_OUT_OF_ADDRESSES");
      assertThat(written.metrics()).hasSize(2);
      assertThat(written.metrics().getFirst().dimensions())
          .containsExactly(Map.of("Cluster", Scene.CLUSTER));
      assertThat(written.metrics().getFirst().values())
          .containsEntry("Abandons", 1.0)
          .containsEntry("NodesReady", 0.0)
          .doesNotContainKey("SecondsToContinue");
      assertThat(written.metrics().getLast().dimensions())
          .containsExactly(Map.of("Cluster", Scene.CLUSTER, "Reason", "SUBNET_OUT_OF_ADDRESSES"));
      assertThat(written.metrics().getLast().values())
          .containsExactly(Map.entry("AbandonsByReason", 1.0));
    }
  }

  @Test
  void logsARetryBeforeTheInvocationFailsAndCountsItsThrottles() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      scene
          .cloud
          .faults()
          .fail("AttachNetworkInterface")
          .times(3)
          .with("RequestLimitExceeded", 503, "Request limit exceeded.");
      String event = scene.launchOne();

      Written written = written(scene, sandbox -> deliver(sandbox, event));

      JsonNode line = written.onlyLogLine();
      assertThat(line.get("level").asText()).isEqualTo("WARN");
      assertThat(line.at("/report/outcome").asText()).isEqualTo("RETRY");
      assertThat(line.at("/report/reason").asText()).isEqualTo("THROTTLED");
      assertThat(written.onlyMetrics().values())
          .containsEntry("Retries", 1.0)
          .containsEntry("Throttles", 3.0)
          .containsEntry("NodesReady", 0.0)
          .containsEntry("Abandons", 0.0);
    }
  }

  @Test
  void logsAnIgnoredEventAndCountsNothing() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = Lifecycle.with(scene.launchOne(), "LifecycleHookName", "other-hook");

      Written written = written(scene, sandbox -> deliver(sandbox, event));

      JsonNode line = written.onlyLogLine();
      assertThat(line.get("level").asText()).isEqualTo("INFO");
      assertThat(line.at("/report/outcome").asText()).isEqualTo("IGNORED");
      assertThat(line.at("/report/reason").asText()).isEqualTo("FOREIGN_HOOK");
      assertThat(line.at("/report/apiCalls")).isEmpty();
      assertThat(written.metrics()).isEmpty();
    }
  }

  @Test
  void countsNoReadyNodeForATermination() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      AttachReport done =
          new AttachReport(
              "i-0abc0def012345678",
              null,
              Scene.GROUP,
              "multus-eni-terminate",
              AttachReport.Outcome.CONTINUE,
              null,
              "nothing is left to do",
              List.of(),
              new TreeMap<>(),
              12,
              0,
              false,
              true);

      Written written =
          written(scene, sandbox -> sandbox.telemetry().attached(done, Duration.ZERO));

      assertThat(written.onlyMetrics().values())
          .doesNotContainKey("SecondsToContinue")
          .containsEntry("NodesReady", 0.0)
          .containsEntry("InterfacesCreated", 0.0);
    }
  }

  @Test
  void countsWhatASweepRepaired() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      // Its event is lost.
      scene.launchOne();
      scene.clock.advance(Duration.ofMinutes(5));

      Written written =
          written(
              scene,
              sandbox ->
                  new EniSweepHandler(sandbox)
                      .handleRequest(null, new FixedContext(Duration.ofMinutes(2))));

      JsonNode line = written.onlyLogLine();
      assertThat(line.get("level").asText()).isEqualTo("INFO");
      assertThat(line.get("message").asText()).startsWith("swept: ").contains("1 launch(es)");
      assertThat(line.at("/report/launches/0/outcome").asText()).isEqualTo("CONTINUE");
      assertThat(fields(line.get("report")))
          .containsExactlyInAnyOrder(
              "heartbeats",
              "launches",
              "terminations",
              "marked",
              "deleted",
              "findings",
              "unfinished",
              "apiCalls",
              "millis",
              "throttled",
              "dryRun");
      assertThat(written.onlyMetrics().dimensions())
          .containsExactly(Map.of("Cluster", Scene.CLUSTER));
      assertThat(written.onlyMetrics().values())
          .containsEntry("SweepRepairs", 1.0)
          .containsEntry("NodesReady", 1.0)
          .containsEntry("InterfacesCreated", 2.0)
          .containsEntry("LaunchesHeld", 0.0)
          .containsEntry("Findings", 0.0)
          .containsEntry("Throttles", 0.0);
    }
  }

  @Test
  void countsWhatASweepAbandonsByItsReasonToo() throws InterruptedException {
    try (Scene scene = new Scene(s -> s.withReplaceAbandoned(false)).withGroup()) {
      scene.cloud.world().fillSubnet(scene.n3a, 0);
      scene.launchOne();
      scene.clock.advance(Duration.ofMinutes(5));

      Written written =
          written(
              scene,
              sandbox ->
                  new EniSweepHandler(sandbox)
                      .handleRequest(null, new FixedContext(Duration.ofMinutes(2))));

      assertThat(written.metrics()).hasSize(2);
      assertThat(written.metrics().getFirst().dimensions())
          .containsExactly(Map.of("Cluster", Scene.CLUSTER));
      assertThat(written.metrics().getFirst().values()).containsEntry("Abandons", 1.0);
      assertThat(written.metrics().getLast().dimensions())
          .containsExactly(Map.of("Cluster", Scene.CLUSTER, "Reason", "SUBNET_OUT_OF_ADDRESSES"));
    }
  }

  @Test
  void raisesTheAlarmMetricForAGroupThatIsHeld() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      SweepReport held =
          new SweepReport(
              List.of("i-0abc0def012345678"),
              List.of(),
              List.of(),
              List.of(),
              List.of("eni-0abc0def012345678"),
              List.of(
                  new SweepReport.Finding("GROUP_HELD", Scene.GROUP, "held back"),
                  new SweepReport.Finding("HOOK_MISSING", "upf-b", "no hook")),
              List.of(),
              new TreeMap<>(),
              7,
              4,
              false);

      Written written = written(scene, sandbox -> sandbox.telemetry().swept(held));

      assertThat(written.onlyLogLine().get("level").asText()).isEqualTo("WARN");
      assertThat(written.onlyMetrics().values())
          .containsEntry("LaunchesHeld", 1.0)
          .containsEntry("Findings", 2.0)
          .containsEntry("SweepRepairs", 1.0)
          .containsEntry("Throttles", 4.0);
    }
  }

  // Reading what was written.

  private interface Work {
    void in(Sandbox sandbox) throws InterruptedException;
  }

  private static void deliver(Sandbox sandbox, String event) {
    try {
      new EniAttachHandler(sandbox)
          .handleRequest(Scene.decode(event), new FixedContext(Duration.ofMinutes(2)));
    } catch (NotDoneException e) {
      assertThat(e.report().outcome()).isEqualTo(AttachReport.Outcome.RETRY);
    }
  }

  private record Metrics(
      String namespace,
      List<Map<String, String>> dimensions,
      Map<String, Double> values,
      Map<String, String> units) {
    static Metrics of(JsonNode line) {
      JsonNode directive = line.at("/_aws/CloudWatchMetrics/0");
      List<Map<String, String>> dimensions = new ArrayList<>();
      for (JsonNode set : directive.get("Dimensions")) {
        Map<String, String> named = new TreeMap<>();
        set.forEach(name -> named.put(name.asText(), line.path(name.asText()).asText()));
        dimensions.add(named);
      }
      Map<String, Double> values = new TreeMap<>();
      Map<String, String> units = new TreeMap<>();
      for (JsonNode metric : directive.get("Metrics")) {
        String name = metric.get("Name").asText();
        values.put(name, line.get(name).asDouble());
        units.put(name, metric.path("Unit").asText());
      }
      return new Metrics(directive.get("Namespace").asText(), dimensions, values, units);
    }
  }

  private record Written(List<JsonNode> log, List<Metrics> metrics) {
    JsonNode onlyLogLine() {
      assertThat(log).hasSize(1);
      return log.getFirst();
    }

    Metrics onlyMetrics() {
      assertThat(metrics).hasSize(1);
      return metrics.getFirst();
    }
  }

  /** Does something with the telemetry of Lambda and gives what it wrote. */
  private static Written written(Scene scene, Work work) throws InterruptedException {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    ByteArrayOutputStream standardOutput = new ByteArrayOutputStream();
    PrintStream usual = System.out;
    System.setOut(new PrintStream(standardOutput, true, StandardCharsets.UTF_8));
    try {
      Sandbox plain = scene.sandbox();
      work.in(
          new Sandbox(
              plain.config(),
              plain.clients(),
              plain.time(),
              new CloudWatchTelemetry(
                  () -> Optional.of(Scene.CLUSTER),
                  new PrintStream(log, true, StandardCharsets.UTF_8)),
              false));
    } finally {
      System.setOut(usual);
    }
    return new Written(
        lines(log),
        lines(standardOutput).stream().filter(line -> line.has("_aws")).map(Metrics::of).toList());
  }

  private static List<JsonNode> lines(ByteArrayOutputStream written) {
    return Arrays.stream(written.toString(StandardCharsets.UTF_8).split("\n", -1))
        .filter(line -> !line.isBlank())
        .map(Lifecycle::tree)
        .toList();
  }

  private static List<String> fields(JsonNode node) {
    TreeSet<String> names = new TreeSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return List.copyOf(names);
  }
}
