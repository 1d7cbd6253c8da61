// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.multuseni.core.config.ConfigWriter;
import io.multuseni.core.report.AttachReport.AttachedInterface;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.localcloud.LocalCloud;
import io.multuseni.localcloud.Settings;
import io.multuseni.localcloud.ec2.InterfaceView;
import io.multuseni.localcluster.LocalCluster;
import io.multuseni.localcluster.PodSpec;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reconciliations by hand: AWS by the SDK's standard settings, Kubernetes by a kubeconfig. */
class ReconcileIT {
  private static final String N3 = "10.0.10.1";
  private static final String N6 = "10.0.18.1";

  @TempDir Path folder;

  private final LocalCloud cloud = LocalCloud.start(Settings.defaults());
  private final LocalCluster cluster = LocalCluster.start();
  private final SdkSettings settings = new SdkSettings(cloud.endpoint());
  private DemoPods pods;
  private Path config = Path.of("");
  private Path kubeconfig = Path.of("");

  /** A node with two networks, and a pod in each. */
  @BeforeEach
  void build() throws Exception {
    DemoRequest request =
        new DemoRequest(1, 2, "m5.4xlarge", Duration.ZERO, Duration.ZERO, Duration.ZERO, false);
    config = write("config.json", ConfigWriter.toJson(DemoScene.build(cloud.world(), request)));
    List<String> nodes = cloud.world().scaleOut(DemoScene.GROUP, 1);
    Path event = write("event.json", cloud.events().history().getLast());
    assertThat(Ran.of("replay", event.toString(), "--config", config.toString()).code()).isZero();
    cloud.calls().clear();
    pods =
        new DemoPods(
            cluster.world(),
            List.of(cloud.world().instance(nodes.getFirst())),
            List.of(slot("n3", 1), slot("n6", 2)));
    pods.start();
    kubeconfig = kubeconfig(cluster.endpoint().toString());
  }

  @AfterEach
  void close() {
    settings.close();
    cluster.close();
    cloud.close();
  }

  private static AttachedInterface slot(String network, int deviceIndex) {
    return new AttachedInterface(
        network, deviceIndex, 0, null, null, null, null, List.of(), null, null, false);
  }

  private Path write(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  private Path kubeconfig(String server) throws Exception {
    return write(
        "kubeconfig",
        """
        apiVersion: v1
        kind: Config
        current-context: here
        clusters:
          - {name: one, cluster: {server: "%s"}}
        users:
          - {name: somebody, user: {}}
        contexts:
          - {name: here, context: {cluster: one, user: somebody}}
        """
            .formatted(server));
  }

  private Ran reconcile(String... options) {
    return Ran.of(
        Stream.concat(
                Stream.of(
                    "reconcile",
                    "--config",
                    config.toString(),
                    "--kubeconfig",
                    kubeconfig.toString()),
                Stream.of(options))
            .toArray(String[]::new));
  }

  private static JsonNode json(Ran ran) throws Exception {
    return new ObjectMapper().readTree(ran.out());
  }

  /** Secondary addresses by device index. */
  private SortedMap<Integer, List<String>> addresses() {
    SortedMap<Integer, List<String>> found = new TreeMap<>();
    for (InterfaceView one : cloud.world().interfaces()) {
      if (!one.secondaryAddresses().isEmpty()) {
        found.put(one.attachment().orElseThrow().deviceIndex(), one.secondaryAddresses());
      }
    }
    return found;
  }

  @Test
  void assignsWhatIsReservedAndTellsPeople() {
    Ran ran = reconcile();

    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    assertThat(addresses()).isEqualTo(new TreeMap<>(Map.of(1, List.of(N3), 2, List.of(N6))));
    assertThat(ran.out())
        .startsWith("reconciliation of demo\n  assigned:\n    address ")
        .contains(
            "10.0.10.1  core/n3-0  ip-10-0-",
            "  moved: none\n  released: none\n  pending release: none\n  unplaced: none\n",
            "  drift: 0\n  guard: none\n  problems: none\n  unfinished: none\n",
            "AssignPrivateIpAddresses 2",
            " Kubernetes requests: ");
  }

  @Test
  void theJsonIsTheRecord() throws Exception {
    Ran ran = reconcile("--json");

    assertThat(ran.code()).isZero();
    JsonNode report = json(ran);
    assertThat(report.fieldNames())
        .toIterable()
        .containsExactly(
            Stream.of(ReconcileReport.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toArray(String[]::new));
    assertThat(report.path("assigned").valueStream().map(one -> one.path("podRef").asText()))
        .containsExactlyInAnyOrder("core/n3-0", "core/n6-0");
    assertThat(report.path("drift").asInt(-1)).isZero();
  }

  @Test
  void aDryRunDescribesAndChangesNothing() {
    Ran ran = reconcile("--dry-run");

    // It ends as it began, and so does the drift.
    assertThat(ran.code()).isOne();
    assertThat(ran.out()).contains("dry run, nothing changed", "  assigned:\n", N3, N6);
    assertThat(addresses()).isEmpty();
    assertThat(cloud.calls().all())
        .isNotEmpty()
        .allSatisfy(call -> assertThat(call.action()).startsWith("Describe"));
  }

  @Test
  void saysThatItWaitsBeforeItReleasesWhatNobodyReserves() throws Exception {
    reconcile();
    pods.deleteOne(Optional.of("n3-0"));
    String patient =
        Files.readString(config).replace("\"releaseGraceSeconds\":0", "\"releaseGraceSeconds\":1");
    write("config.json", patient);

    Ran ran = reconcile();

    assertThat(ran.code()).isZero();
    assertThat(ran.err()).contains("nobody needs; waiting 1 s (reconcile.releaseGraceSeconds)");
    assertThat(ran.out()).contains("  released:\n", N6, "NO_RESERVATION");
    assertThat(addresses()).containsOnlyKeys(1);
  }

  @Test
  void anAddressThatHasNoPlaceIsCodeOne() {
    cluster.world().node("bare", "i-0123456789abcdef0", "us-east-1a", "m5.large");
    cluster.world().reserve("10.0.10.0-23", "10.0.10.77", "core/lost");
    cluster.world().pod(PodSpec.of("core", "lost").onNode("bare"));

    Ran ran = reconcile();

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out())
        .contains("  unplaced:\n", "10.0.10.77  core/lost  NODE_NOT_OURS", "  drift: 1\n");
    assertThat(addresses()).containsOnlyKeys(1, 2);
  }

  private String refusal() {
    Ran ran = reconcile();
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out()).contains("  drift: unknown\n  guard: UNREADABLE: ");
    assertThat(addresses()).isEmpty();
    return ran.out();
  }

  @Test
  void aServerThatIsNoKubernetesIsTold() {
    cluster.faults().on("*", "*").answerHtml();

    assertThat(refusal())
        .contains("this is not a Kubernetes API server", cluster.endpoint().toString());
  }

  @Test
  void aClusterWithoutWhereaboutsIsTold() {
    cluster.faults().withoutCrd("ippools");

    assertThat(refusal()).contains("whereabouts is not installed", "reconcile.sources");
  }

  @Test
  void aMissingPermissionIsToldByVerbResourceAndManifest() {
    cluster.faults().on("list", "pods").answer(403);

    assertThat(refusal()).contains("the verb list on pods", "rbac.yaml");
  }

  @Test
  void withoutAKubeconfigEksIsAsked() {
    // local-cloud knows no EKS, and says so.
    Ran ran = Ran.of("reconcile", "--config", config.toString());

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out()).contains("guard: UNREADABLE: DescribeCluster on demo failed");
    assertThat(cluster.calls().all()).isEmpty();
  }

  private Ran bad() {
    Ran ran = reconcile();
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("multus-eni: ").doesNotContain("\tat ");
    assertThat(cloud.calls().all()).isEmpty();
    assertThat(cluster.calls().all()).isEmpty();
    return ran;
  }

  @Test
  void aKubeconfigThatIsNoUseIsNamed() throws Exception {
    kubeconfig = folder.resolve("nope");
    assertThat(bad().err()).contains("nope doesn't exist");
    kubeconfig = folder;
    assertThat(bad().err()).contains("is a directory; name a file");
    kubeconfig = write("broken", "clusters: [");
    assertThat(bad().err()).contains("broken: it can't be used");
    kubeconfig = write("prose", "just some words");
    assertThat(bad().err()).contains("prose: it can't be used");
    kubeconfig = write("empty", "");
    assertThat(bad().err()).contains("empty is empty", "aws eks update-kubeconfig");
    kubeconfig = write("bare", "apiVersion: v1\nkind: Config\ncurrent-context: gone\n");
    assertThat(bad().err()).contains("bare: it has no current context", "use-context");
  }

  @Test
  void everyProblemOfAConfigurationIsToldWithItsPath() throws Exception {
    config =
        write(
            "bad.yaml",
            """
            cluster: {name: core5g}
            reconcile: {releaseGraceSeconds: -1, watch: maybe}
            nodeGroups: []
            """);
    assertThat(bad().err())
        .contains("3 problems", "reconcile.releaseGraceSeconds: ", "reconcile.watch: ");
  }

  @Test
  void missingAwsSettingsAreNamed() {
    assumeTrue(System.getenv("AWS_REGION") == null, "the environment has settings of its own");
    settings.clear();
    System.setProperty("aws.disableEc2Metadata", "true");
    System.setProperty("aws.configFile", folder.resolve("none").toString());
    System.setProperty("aws.sharedCredentialsFile", folder.resolve("none").toString());

    assertThat(bad().err()).contains("no AWS Region", "AWS_REGION");
  }
}
