// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multuseni.aws.AwsClients;
import io.multuseni.base.Deadline;
import io.multuseni.core.config.ConfigWriter;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.kube.KubeClients;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.cloudwatchlogs.emf.config.Configuration;
import software.amazon.cloudwatchlogs.emf.config.EnvironmentConfigurationProvider;
import software.amazon.cloudwatchlogs.emf.environment.Environments;

/** The function as Lambda runs it, with its configuration in parameters. */
class ConfigurationIT {
  private static final String CONFIG = "/multus-eni/core5g/config";
  private static final String DEPLOYED = "/multus-eni/core5g/deployed";

  private static final Configuration EMF = EnvironmentConfigurationProvider.getConfig();

  private final ClusterScene scene = new ClusterScene();
  private final AwsClients aws =
      AwsClients.emulator(scene.cloud.endpoint(), ClusterScene.QUICK_RETRIES, scene.time);

  /** The endpoints of the clusters that were opened, in order. */
  private final List<String> opened = new ArrayList<>();

  private final ClusterClients kubernetes =
      new ClusterClients(config -> {
        opened.add(config.cluster() + " " + config.apiServer().endpoint().orElse("?"));
        return KubeClients.at(scene.cluster.endpoint(), scene.time);
      });
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final IpReconcileHandler handler =
      new IpReconcileHandler(
          Sandbox.asLambdaRunsIt(
              Map.of(
                      "MULTUS_ENI_CONFIG_PARAMETER",
                      CONFIG,
                      "MULTUS_ENI_DEPLOYED_PARAMETER",
                      DEPLOYED)
                  ::get,
              aws,
              kubernetes,
              scene.time,
              new PrintStream(log, true, UTF_8)));
  private String eni = "";

  @BeforeEach
  void build() {
    eni = scene.node("node-a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.pool("n3", "10.0.30.0/24");
    scene.pod("upf-0", "node-a", "n3", "10.0.30.100");
    scene.cloud.calls().clear();
  }

  @AfterEach
  void close() {
    kubernetes.forget();
    aws.close();
    scene.close();
  }

  @Test
  void aPassGoesByWhatTheParametersSay() {
    deploy(CONFIG, json());
    deploy(DEPLOYED, "{\"endpoint\": \"https://api.example\"}");
    assertThat(scene.cloud.calls().all()).as("nothing before the first invocation").isEmpty();

    ReconcileReport report = reconcile();

    assertThat(report.drift()).isZero();
    assertThat(report.apiCalls()).containsEntry("GetParameters", 1);
    assertThat(scene.addressesOf(eni)).containsExactly("10.0.30.100");
    assertThat(opened).containsExactly("core5g https://api.example");
  }

  @Test
  void theWayToTheClusterIsKeptAsLongAsItLeadsThere() {
    deploy(CONFIG, json());
    deploy(DEPLOYED, "{\"endpoint\": \"https://api.example\"}");
    reconcile();
    deploy(CONFIG, json().replace("\"watch\":false", "\"watch\":false,\"periodSeconds\":120"));
    scene.clock.advance(Duration.ofMinutes(1));
    reconcile();
    assertThat(opened).hasSize(1);

    deploy(DEPLOYED, "{\"endpoint\": \"https://other.example\"}");
    scene.clock.advance(Duration.ofMinutes(1));
    assertThat(reconcile().drift()).isZero();

    assertThat(opened)
        .containsExactly("core5g https://api.example", "core5g https://other.example");
  }

  @Test
  void anotherClustersInterfacesAreLeftAlone() {
    deploy(CONFIG, json());
    deploy(DEPLOYED, "{}");
    reconcile();
    scene.pod("upf-1", "node-a", "n3", "10.0.30.101");
    deploy(CONFIG, json().replace("core5g", "edge"));
    scene.clock.advance(Duration.ofMinutes(1));

    ReconcileReport report = reconcile();

    assertThat(report.cluster()).isEqualTo("edge");
    assertThat(scene.addressesOf(eni)).containsExactly("10.0.30.100");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AccessDeniedException", "ThrottlingException", "InternalServerError"})
  void withoutConfigurationNothingIsChangedAndTheReportSaysSo(String code) {
    deploy(CONFIG, json());
    deploy(DEPLOYED, "{}");
    scene.cloud.faults().fail("GetParameters").always().with(code, 400, "as AWS says");

    ReconcileReport report = reconcile();

    assertThat(report.guard()).isNotNull();
    assertThat(report.guard().kind()).isEqualTo("UNREADABLE");
    assertThat(report.guard().message())
        .startsWith("the configuration could not be read: GetParameters on")
        .contains(code, "as AWS says");
    assertThat(report.unfinished()).isNotEmpty();
    assertThat(report.drift()).isNull();
    assertThat(report.cluster()).isEmpty();
    assertThat(report.apiCalls()).containsOnlyKeys("GetParameters");
    if (code.equals("ThrottlingException")) {
      assertThat(report.throttled()).isPositive();
    } else {
      assertThat(report.throttled()).isZero();
    }
    assertThat(scene.cloud.calls().counts()).containsOnlyKeys("GetParameters");
    assertThat(log.toString(UTF_8)).contains("\"level\":\"ERROR\"", "as AWS says");

    scene.cloud.faults().clear();
    assertThat(reconcile().drift()).isZero();
  }

  @Test
  void anOlderConfigurationServesOnWhereItCantBeReadAgain() {
    deploy(CONFIG, json());
    deploy(DEPLOYED, "{}");
    reconcile();
    scene.pod("upf-1", "node-a", "n3", "10.0.30.101");
    scene.cloud.faults().fail("GetParameters").always().dropAnswer();
    scene.clock.advance(Duration.ofMinutes(1));

    assertThat(reconcile().drift()).isZero();
    assertThat(scene.addressesOf(eni)).containsExactly("10.0.30.100", "10.0.30.101");
    assertThat(log.toString(UTF_8))
        .contains("\"level\":\"WARN\"", "an older configuration is used");
  }

  @Test
  void anOlderConfigurationServesForAnHourAndIsCounted() {
    deploy(CONFIG, json());
    deploy(DEPLOYED, "{}");
    assertThat(written(this::reconcile)).doesNotContain("ConfigurationStale");
    scene.cloud.faults().fail("GetParameters").always().dropRequest();
    scene.clock.advance(Duration.ofMinutes(1));
    assertThat(written(this::reconcile)).contains("ConfigurationStale", ClusterScene.CLUSTER);

    scene.clock.advance(Duration.ofHours(1));
    String failing =
        written(() -> {
          ReconcileReport report = reconcile();
          assertThat(report.cluster()).isEqualTo(ClusterScene.CLUSTER);
          assertThat(report.guard()).isNotNull();
          assertThat(report.guard().message()).contains("the older copy is not used any more");
        });

    assertThat(failing)
        .as("that no pass came through")
        .contains("ReconcilePasses", ClusterScene.CLUSTER)
        .doesNotContain("ConfigurationStale");
  }

  @Test
  void aConfigurationWithProblemsFailsTheInvocationAndTellsAllOfThem() {
    deploy(CONFIG, json());
    deploy(DEPLOYED, "{\"endpoint\": \"http://api.example\", \"autoScalingGroup\": {}}");

    assertThatThrownBy(this::reconcile)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(DEPLOYED + ": endpoint: 'http://api.example' is not the URL")
        .hasMessageContaining(DEPLOYED + ": autoScalingGroup: unknown key");
    assertThat(opened).isEmpty();
  }

  /** What some work writes to standard output: its metrics. */
  private static String written(Runnable work) {
    Environments usualEnvironment = EMF.getEnvironmentOverride();
    // Otherwise the library asks the network whether it runs on EC2 or ECS.
    EMF.setEnvironmentOverride(Environments.Local);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    PrintStream usual = System.out;
    System.setOut(new PrintStream(written, true, UTF_8));
    try {
      work.run();
    } finally {
      System.setOut(usual);
      EMF.setEnvironmentOverride(usualEnvironment);
    }
    return written.toString(UTF_8);
  }

  private ReconcileReport reconcile() {
    return handler.handle(Deadline.in(scene.time, Duration.ofMinutes(2)));
  }

  private void deploy(String name, String text) {
    scene.cloud.world().parameter(name, text);
  }

  private String json() {
    return ConfigWriter.toJson(scene.config());
  }
}
