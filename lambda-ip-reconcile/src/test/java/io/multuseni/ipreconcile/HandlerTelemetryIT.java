// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.multuseni.aws.AwsClients;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.kube.KubeClients;
import io.multuseni.localcluster.PodSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.cloudwatchlogs.emf.config.Configuration;
import software.amazon.cloudwatchlogs.emf.config.EnvironmentConfigurationProvider;
import software.amazon.cloudwatchlogs.emf.environment.Environments;

/** What the function gives back and writes: its result, a log line per report, and metrics. */
@Timeout(60)
class HandlerTelemetryIT {
  private static final Configuration EMF = EnvironmentConfigurationProvider.getConfig();
  private static final Environments USUAL = EMF.getEnvironmentOverride();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Failsafe runs in the module's folder. */
  private static final Path TICK = Path.of("..", "events-samples", "sweep.json");

  private static final List<String> REPORT_FIELDS =
      List.of(
          "apiCalls",
          "assigned",
          "cluster",
          "drift",
          "dryRun",
          "guard",
          "kept",
          "kind",
          "kubernetesCalls",
          "millis",
          "moved",
          "pendingRelease",
          "problems",
          "released",
          "throttled",
          "unfinished",
          "unplaced");

  private final ClusterScene scene = new ClusterScene();
  private String a = "";

  /** Otherwise the library asks the network whether it runs on EC2 or ECS. */
  @BeforeAll
  static void keepsOffTheNetwork() {
    EMF.setEnvironmentOverride(Environments.Local);
  }

  @AfterAll
  static void asItWas() {
    EMF.setEnvironmentOverride(USUAL);
  }

  @BeforeEach
  void onePod() {
    a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.pool("p", "10.0.30.128/25");
    scene.pod("one", "a", "p", "10.0.30.130");
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void reconcilesWhateverItsScheduleSends() {
    written(handler -> {
      assertThat(handler.handleRequest(tick(), new FixedContext()).assigned()).hasSize(1);
      assertThat(handler.handleRequest(null, new FixedContext()).kept()).isEqualTo(1);
      assertThat(handler.handleRequest(new ScheduledEvent(), new FixedContext()).kept())
          .isEqualTo(1);
    });
    assertThat(scene.addressesOf(a)).containsExactly("10.0.30.130");
  }

  @Test
  void givesBackTheReportAsLambdaWritesIt() throws IOException {
    ReconcileReport[] report = new ReconcileReport[1];
    written(handler -> report[0] = handler.handleRequest(tick(), new FixedContext()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    JacksonFactory.getInstance().getSerializer(ReconcileReport.class).toJson(report[0], bytes);

    JsonNode json = JSON.readTree(bytes.toByteArray());
    // Lambda leaves out what is null; the log line doesn't.
    List<String> withoutNulls = new ArrayList<>(REPORT_FIELDS);
    withoutNulls.remove("guard");
    assertThat(fields(json)).containsExactlyElementsOf(withoutNulls);
    assertThat(json.get("assigned"))
        .singleElement()
        .isEqualTo(
            JSON.valueToTree(
                Map.of(
                    "address",
                    "10.0.30.130",
                    "podRef",
                    "ns/one",
                    "node",
                    "a",
                    "instanceId",
                    scene.instance("a"),
                    "networkInterfaceId",
                    a,
                    "deviceIndex",
                    1)));
    assertThat(json.get("cluster").asText()).isEqualTo(ClusterScene.CLUSTER);
    assertThat(json.get("kind").asText()).isEqualTo("PASS");
    assertThat(json.get("drift").asInt()).isZero();
    assertThat(json.at("/apiCalls/AssignPrivateIpAddresses").asInt()).isEqualTo(1);
    assertThat(json.at("/kubernetesCalls/list pods").asInt()).isEqualTo(1);
  }

  @Test
  void logsOneQuietLineWithTheWholeReport() {
    Written written = written(handler -> handler.handleRequest(tick(), new FixedContext()));

    JsonNode line = written.onlyLogLine();
    assertThat(fields(line)).containsExactly("level", "message", "report");
    assertThat(line.get("level").asText()).isEqualTo("INFO");
    assertThat(line.get("message").asText())
        .isEqualTo(
            "reconciled: 1 assigned, 0 moved, 0 released, 0 pending, 0 unplaced, 0 kept, drift 0");
    assertThat(fields(line.get("report"))).containsExactlyElementsOf(REPORT_FIELDS);
    assertThat(line.at("/report/guard").isNull()).isTrue();
  }

  @Test
  void countsWhatAPassDid() {
    Written written = written(handler -> handler.handleRequest(tick(), new FixedContext()));

    Metrics metrics = written.onlyMetrics();
    assertThat(metrics.namespace()).isEqualTo("multus-eni");
    assertThat(metrics.dimensions()).containsExactly(Map.of("Cluster", ClusterScene.CLUSTER));
    assertThat(metrics.values())
        .containsOnlyKeys(
            "AddressesAssigned",
            "AddressesMoved",
            "AddressesReleased",
            "AddressesPendingRelease",
            "AddressesUnplaced",
            "AddressesKept",
            "ReleaseGuardTripped",
            "ReconcileUnfinished",
            "ReconcileProblems",
            "Throttles",
            "Drift",
            "ReconcilePasses",
            "ReconcileSeconds")
        .containsEntry("AddressesAssigned", 1.0)
        .containsEntry("Drift", 0.0)
        .containsEntry("ReleaseGuardTripped", 0.0)
        .containsEntry("ReconcilePasses", 1.0);
    assertThat(metrics.units())
        .containsEntry("Drift", "Count")
        .containsEntry("ReconcileSeconds", "Seconds");
  }

  @Test
  void countsTheUnplacedInAllAndByTheirReason() {
    scene.pod("two", "nowhere", "p", "10.0.30.131");
    scene.pod("three", "nowhere", "p", "10.0.30.132");
    scene.kubernetes.reserve("p", "10.0.30.133", "ns/four");
    scene.kubernetes.pod(PodSpec.of("ns", "four"));

    Written written = written(handler -> handler.handleRequest(tick(), new FixedContext()));

    assertThat(written.metrics()).hasSize(3);
    assertThat(written.metrics().getFirst().values()).containsEntry("AddressesUnplaced", 3.0);
    assertThat(written.metrics().get(1).dimensions())
        .containsExactly(Map.of("Cluster", ClusterScene.CLUSTER, "Reason", "NODE_GONE"));
    assertThat(written.metrics().get(1).values())
        .containsExactly(Map.entry("UnplacedByReason", 2.0));
    assertThat(written.metrics().get(2).dimensions())
        .containsExactly(Map.of("Cluster", ClusterScene.CLUSTER, "Reason", "POD_NOT_SCHEDULED"));
    // None of them is amiss.
    assertThat(written.onlyLogLine().get("level").asText()).isEqualTo("INFO");
  }

  @Test
  void warnsOfAnAddressThatIsNotWhereItBelongs() {
    scene.pod("two", "a", "p", "10.0.30.131");
    scene.cloud.world().occupy(scene.n3, "10.0.30.131");

    Written written = written(handler -> handler.handleRequest(tick(), new FixedContext()));

    assertThat(written.onlyLogLine().get("level").asText()).isEqualTo("WARN");
    assertThat(written.metrics().getFirst().values()).containsEntry("Drift", 1.0);
  }

  @Test
  void saysNothingOfDriftWhereItCouldNotRead() {
    scene.cluster.faults().on("list", "pods").answer(403, "Forbidden", "no");

    Written written = written(handler -> handler.handleRequest(tick(), new FixedContext()));

    JsonNode line = written.onlyLogLine();
    assertThat(line.get("level").asText()).isEqualTo("ERROR");
    assertThat(line.get("message").asText())
        .isEqualTo(
            "list pods on pods failed: Forbidden: no; the verb list on pods in the core API group is"
                + " missing: grant it with the RBAC manifest that the deployment writes (rbac.yaml)");
    assertThat(line.at("/report/guard/kind").asText()).isEqualTo("UNREADABLE");
    assertThat(line.at("/report/drift").isNull()).isTrue();
    // An alarm on missing passes or a tripped guard sees it; one on drift gets no wrong zero.
    assertThat(written.onlyMetrics().values())
        .doesNotContainKey("Drift")
        .containsEntry("ReconcilePasses", 0.0)
        .containsEntry("ReleaseGuardTripped", 1.0)
        .containsEntry("ReconcileUnfinished", 1.0);
  }

  @Test
  void raisesTheGuardsMetricAndStillTellsTheDrift() {
    written(handler -> handler.handleRequest(tick(), new FixedContext()));
    scene.kubernetes.removePool("p");
    scene.reconciling("{watch: false, releaseGraceSeconds: 0, managedRanges: [10.0.30.128/25]}");
    scene.kubernetes.removePod("ns", "one");
    scene.kubernetes.pod(PodSpec.of("ns", "web").onNode("a"));

    Written written = written(handler -> handler.handleRequest(tick(), new FixedContext()));

    assertThat(written.onlyLogLine().get("level").asText()).isEqualTo("ERROR");
    assertThat(written.onlyLogLine().at("/report/guard/kind").asText()).isEqualTo("EMPTY_ANSWER");
    assertThat(written.onlyMetrics().values())
        .containsEntry("ReleaseGuardTripped", 1.0)
        .containsEntry("AddressesPendingRelease", 1.0)
        .containsEntry("Drift", 1.0)
        .containsEntry("ReconcilePasses", 1.0);
  }

  @Test
  void countsThrottledCalls() {
    scene
        .cloud
        .faults()
        .fail("AssignPrivateIpAddresses")
        .times(2)
        .with("RequestLimitExceeded", 503, "Request limit exceeded.");

    Written written = written(handler -> handler.handleRequest(tick(), new FixedContext()));

    assertThat(written.onlyMetrics().values()).containsEntry("Throttles", 2.0);
    assertThat(written.onlyLogLine().at("/report/throttled").asInt()).isEqualTo(2);
  }

  @Test
  void countsAWatchAsNoPass() {
    Written written =
        writtenBy(telemetry -> telemetry.reconciled(watched(3, List.of("pod ns/x: what"))));

    assertThat(written.onlyLogLine().get("message").asText())
        .isEqualTo(
            "watched: 0 assigned, 0 moved, 0 released, 0 pending, 0 unplaced, 0 kept, drift 3");
    assertThat(written.onlyLogLine().get("level").asText()).isEqualTo("WARN");
    assertThat(written.onlyMetrics().values())
        .doesNotContainKeys("ReconcilePasses", "ReconcileSeconds")
        .containsEntry("Drift", 3.0)
        .containsEntry("ReconcileProblems", 1.0);
  }

  @Test
  void isQuietAboutAWatchInWhichNothingHappened() {
    Written written = writtenBy(telemetry -> telemetry.reconciled(watched(null, List.of())));

    assertThat(written.onlyLogLine().get("message").asText())
        .isEqualTo("watched: 0 assigned, 0 moved, 0 released, 0 pending, 0 unplaced, 0 kept");
    assertThat(written.onlyLogLine().get("level").asText()).isEqualTo("INFO");
    assertThat(written.onlyMetrics().values()).doesNotContainKey("Drift");
  }

  private static ReconcileReport watched(@Nullable Integer drift, List<String> problems) {
    return new ReconcileReport(
        ClusterScene.CLUSTER,
        ReconcileReport.Kind.WATCH,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        0,
        null,
        problems,
        List.of(),
        drift,
        new TreeMap<>(),
        new TreeMap<>(),
        12,
        0,
        false);
  }

  // Calling it as Lambda does, and reading what was written.

  private static ScheduledEvent tick() {
    try {
      return LambdaEventSerializers.serializerFor(
              ScheduledEvent.class, HandlerTelemetryIT.class.getClassLoader())
          .fromJson(Files.readString(TICK));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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

  private Written written(Consumer<IpReconcileHandler> work) {
    return writtenBy(telemetry -> {
      try (AwsClients aws =
              AwsClients.emulator(scene.cloud.endpoint(), ClusterScene.QUICK_RETRIES, scene.time);
          KubeClients kube = KubeClients.at(scene.cluster.endpoint(), scene.time)) {
        work.accept(
            new IpReconcileHandler(
                new Sandbox(scene.config(), aws, kube, scene.time, telemetry, false)));
      }
    });
  }

  /** Does something with the telemetry of Lambda and gives what it wrote. */
  private static Written writtenBy(Consumer<Telemetry> work) {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    ByteArrayOutputStream standardOutput = new ByteArrayOutputStream();
    PrintStream usual = System.out;
    System.setOut(new PrintStream(standardOutput, true, StandardCharsets.UTF_8));
    try {
      work.accept(new CloudWatchTelemetry(new PrintStream(log, true, StandardCharsets.UTF_8)));
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
        .map(HandlerTelemetryIT::tree)
        .toList();
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> fields(JsonNode node) {
    TreeSet<String> names = new TreeSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return List.copyOf(names);
  }

  /** A Lambda context that always has two minutes left, and nothing else. */
  private record FixedContext() implements Context {
    @Override
    public int getRemainingTimeInMillis() {
      return Math.toIntExact(Duration.ofMinutes(2).toMillis());
    }

    @Override
    public String getAwsRequestId() {
      return "00000000-0000-0000-0000-000000000000";
    }

    @Override
    public String getLogGroupName() {
      return "/aws/lambda/multus-eni-reconcile";
    }

    @Override
    public String getLogStreamName() {
      return "test";
    }

    @Override
    public String getFunctionName() {
      return "multus-eni-reconcile";
    }

    @Override
    public String getFunctionVersion() {
      return "1";
    }

    @Override
    public String getInvokedFunctionArn() {
      return "arn:aws:lambda:us-east-1:123456789012:function:multus-eni-reconcile:live";
    }

    @Override
    public CognitoIdentity getIdentity() {
      throw new UnsupportedOperationException("no identity in a tick of a schedule");
    }

    @Override
    public ClientContext getClientContext() {
      throw new UnsupportedOperationException("no client in a tick of a schedule");
    }

    @Override
    public int getMemoryLimitInMB() {
      return 512;
    }

    @Override
    public LambdaLogger getLogger() {
      throw new UnsupportedOperationException("logs go to standard output");
    }
  }
}
