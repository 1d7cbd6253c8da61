// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multuseni.localcloud.fault.FaultBuilder;
import io.multuseni.localcloud.fault.PlantedFault;
import io.multuseni.localcluster.KubeFault;
import io.multuseni.localcluster.KubeFaultBuilder;
import io.multuseni.localcluster.PodSpec;
import io.multuseni.localcluster.StatusEntry;
import io.multuseni.locallambda.Invocation;
import io.multuseni.locallambda.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar that is deployed, run as Lambda runs it. What shrinking took away shows only when it is
 * reached, so everything that code may reach by reflection is walked here.
 */
@Timeout(300)
class ShrunkJarIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Map<String, Function<FaultBuilder, PlantedFault>> AWS_FAULTS =
      new TreeMap<>(
          Map.of(
              "fails",
              fault -> fault.beforeEffect().with("InternalError", 500, "an internal error"),
              "fails after its effect",
              fault -> fault.afterEffect().with("InternalError", 500, "an internal error"),
              "is throttled",
              fault -> fault.beforeEffect().with("RequestLimitExceeded", 503, "too fast"),
              "gets no answer",
              FaultBuilder::dropAnswer));

  private static final Map<String, Function<KubeFaultBuilder, KubeFault>> KUBE_FAULTS =
      new TreeMap<>(
          Map.of(
              "fails",
              fault -> fault.answer(500).once(),
              "is throttled",
              fault -> fault.answer(429).once(),
              "is refused",
              fault -> fault.answer(401).once(),
              "is too old",
              fault -> fault.answer(410).once(),
              "gets no answer",
              fault -> fault.dropConnection().once(),
              "gets half an answer",
              fault -> fault.cutAnswer().once(),
              "is answered by a proxy",
              fault -> fault.answerHtml().once()));

  private static final List<String> LISTED =
      List.of(
          "ippools",
          "nodeslicepools",
          "overlappingrangeipreservations",
          "pods",
          "nodes",
          "network-attachment-definitions");

  @TempDir private Path folder;
  private final ClusterScene scene =
      new ClusterScene().reconciling("{watch: false, releaseGraceSeconds: 0}");
  private EksFront eks;
  private String a;
  private String b;

  @BeforeEach
  void build() {
    eks = new EksFront(scene, folder);
    a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    b = scene.node("b", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.pool("p4", "10.0.30.128/25");
    scene.pool("p6", "fd00:30::1:0/112");
    scene.kubernetes.reserve("p4", "10.0.30.130", "ns/dual", "net1");
    scene.kubernetes.reserve("p6", "fd00:30::1:10", "ns/dual", "net1");
    scene.kubernetes.pod(dual("a"));
    wantTokens();
    scene.cloud.calls().clear();
  }

  @AfterEach
  void close() {
    eks.close();
    scene.close();
  }

  private static PodSpec dual(String node) {
    return both("dual", node, "10.0.30.130", "fd00:30::1:10");
  }

  private static PodSpec both(String name, String node, String... addresses) {
    return PodSpec.of("ns", name)
        .onNode(node)
        .phase("Running")
        .networks("ns/n3")
        .status(StatusEntry.of("ns/n3", "net1", addresses));
  }

  /** As EKS' API server does. */
  private void wantTokens() {
    scene.cluster.faults().requireToken(token -> token.startsWith("k8s-aws-v1."));
  }

  private void endKubernetesFaults() {
    scene.cluster.faults().clear();
    wantTokens();
  }

  private DeployedFunction start() {
    return DeployedFunction.start(DeployedFunction.configuredInline(scene, eks));
  }

  /** Not spinning: the function's process needs the processor. */
  private static void await(String what, BooleanSupplier condition) {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("waiting until " + what).isBefore(end);
      LockSupport.parkNanos(10_000_000);
    }
  }

  /** Passes until the world is as it should be; the schedule is the retry. */
  private static JsonNode passesUntil(
      DeployedFunction function, String what, BooleanSupplier condition) {
    JsonNode report = function.report();
    for (int i = 0; i < 3 && !condition.getAsBoolean(); i++) {
      report = function.report();
    }
    assertThat(condition.getAsBoolean()).as(what + ": " + report).isTrue();
    return report;
  }

  // Passes.

  @Test
  void assignsMovesAndReleasesBothFamilies() {
    try (DeployedFunction function = start()) {
      Invocation first = function.invoke();
      assertThat(scene.addressesOf(a)).containsExactly("10.0.30.130", "fd00:30::1:10");
      assertThat(DeployedFunction.tree(first.result()).path("assigned")).hasSize(2);

      scene.kubernetes.changePod(dual("b"));
      function.report();
      function.report();
      assertThat(scene.addressesOf(a)).isEmpty();
      assertThat(scene.addressesOf(b)).containsExactly("10.0.30.130", "fd00:30::1:10");

      scene.kubernetes.removePod("ns", "dual");
      scene.kubernetes.releaseAll("p4");
      scene.kubernetes.releaseAll("p6");
      scene.pod("other", "a", "p4", "10.0.30.140");
      function.report();
      function.report();
      assertThat(scene.addressesOf(b)).isEmpty();
      assertThat(scene.addressesOf(a)).containsExactly("10.0.30.140");
      assertThat(eks.described()).isEqualTo(1);
      assertThat(scene.cluster.faults().acceptedTokens()).isNotEmpty();
    }
  }

  @Test
  void readsMorePagesThanOneAndBeginsAnewWhereTheSecondIsTooOld() {
    for (int i = 0; i < 600; i++) {
      scene.kubernetes.pod(PodSpec.of("other", "pod-" + i).onNode("a").phase("Running"));
    }
    try (DeployedFunction function = start()) {
      JsonNode first = function.report();
      assertThat(first.path("assigned")).as(first.toString()).hasSize(2);
      assertThat(scene.cluster.calls().of("list", "pods")).hasSize(2);

      KubeFault planted = scene.cluster.faults().on("list", "pods").page(2).answer(410).once();
      JsonNode second = function.report();

      assertThat(planted.hits()).isEqualTo(1);
      assertThat(second.path("kept").asInt()).as(second.toString()).isEqualTo(2);
      assertThat(scene.cluster.calls().of("list", "pods")).hasSize(6);
    }
  }

  @Test
  void writesOneLogLineAndMetricsForAPassAndNothingElse() {
    try (DeployedFunction function = start()) {
      Invocation invocation = function.invoke();

      assertThat(function.log()).as("since its start").hasSize(2);
      assertThat(lines(invocation).filter(line -> line.has("report")).toList())
          .singleElement()
          .satisfies(line -> {
            assertThat(line.path("level").asText()).isEqualTo("INFO");
            JsonNode logged = line.path("report");
            DeployedFunction.tree(invocation.result())
                .properties()
                .forEach(
                    field -> assertThat(logged.path(field.getKey())).isEqualTo(field.getValue()));
          });
      assertThat(lines(invocation).filter(line -> line.has("_aws")).toList())
          .singleElement()
          .satisfies(one -> {
            assertThat(one.path("Cluster").asText()).isEqualTo(ClusterScene.CLUSTER);
            assertThat(one.path("AddressesAssigned").asInt()).isEqualTo(2);
            assertThat(one.path("ReconcilePasses").asInt()).isEqualTo(1);
            assertThat(one.at("/_aws/CloudWatchMetrics/0/Namespace").asText())
                .isEqualTo("multus-eni");
          });
    }
  }

  private static Stream<JsonNode> lines(Invocation invocation) {
    return invocation.log().stream().map(DeployedFunction::tree);
  }

  // The watch.

  @Test
  void followsWhatChangesWhateverHappensToItsWatches() throws Exception {
    scene.reconciling("{watch: true, periodSeconds: 60, releaseGraceSeconds: 60}");
    Map<String, KubeFault> planted =
        Map.of(
            "ippools", scene.cluster.faults().on("watch", "ippools").answer(500).once(),
            "pods", scene.cluster.faults().on("watch", "pods").dropConnection().once(),
            "nodes", scene.cluster.faults().on("watch", "nodes").answer(429).once(),
            "overlappingrangeipreservations",
                scene
                    .cluster
                    .faults()
                    .on("watch", "overlappingrangeipreservations")
                    .cutAnswer()
                    .once());
    try (DeployedFunction function = start()) {
      CompletableFuture<Invocation> running = CompletableFuture.supplyAsync(function::invoke);
      await("the pass is over", () -> scene.addressesOf(a).size() == 2 || running.isDone());

      serves(running, "10.0.30.150");
      planted.forEach((resource, fault) -> await("watch " + resource, () -> fault.hits() == 1));

      watchesAgain(running, "pods");
      assertThat(scene.cluster.faults().expireWatches("pods")).isEqualTo(1);
      serves(running, "10.0.30.151");

      watchesAgain(running, "pods");
      watchesAgain(running, "ippools");
      assertThat(scene.cluster.faults().dropWatches("pods")).isEqualTo(1);
      assertThat(scene.cluster.faults().dropWatches("ippools")).isEqualTo(1);
      serves(running, "10.0.30.152");

      Invocation invocation = running.get(120, TimeUnit.SECONDS);
      assertThat(DeployedFunction.tree(invocation.result()).path("assigned")).hasSize(2);
      assertThat(lines(invocation).filter(line -> line.at("/report/kind").asText().equals("WATCH")))
          .singleElement()
          .satisfies(line -> {
            JsonNode report = line.path("report");
            assertThat(report.path("assigned")).as(line.toString()).hasSize(3);
            assertThat(report.path("drift").asInt(-1)).isZero();
            assertThat(report.path("problems").toString())
                .contains("everything is read anew: watch of pods: ");
          });
    }
  }

  private void serves(CompletableFuture<Invocation> running, String address) {
    scene.pod("late-" + address.replace('.', '-'), "b", "p4", address);
    await(address + " is there", () -> scene.addressesOf(b).contains(address) || running.isDone());
    assertThat(scene.addressesOf(b)).contains(address);
  }

  private void watchesAgain(CompletableFuture<Invocation> running, String resource) {
    await(
        resource + " are watched",
        () -> scene.cluster.openWatches(resource) == 1 || running.isDone());
  }

  // Kubernetes.

  @Test
  void eachRequestToKubernetesMayFailOnce() {
    try (DeployedFunction function = start()) {
      function.report();
      for (String resource : LISTED) {
        KUBE_FAULTS.forEach((name, fault) -> {
          String what = "list " + resource + " " + name;
          KubeFault planted = fault.apply(scene.cluster.faults().on("list", resource));

          JsonNode failing = function.report();
          JsonNode next = failing.path("drift").isNumber() ? failing : function.report();

          assertThat(planted.hits()).as(what).isEqualTo(1);
          assertThat(next.path("drift").asInt(-1)).as(what + next).isZero();
          assertThat(next.path("kept").asInt()).as(what + next).isEqualTo(2);
          assertThat(scene.addressesOf(a)).as(what).hasSize(2);
        });
      }
      assertThat(scene.changes().values()).as("of the first pass").containsExactly(1, 1);
    }
  }

  @Test
  void saysWhatKubernetesRefusesForGood() {
    try (DeployedFunction function = start()) {
      scene
          .cluster
          .faults()
          .on("list", "ippools")
          .answer(403, "Forbidden", "ippools is forbidden: no such binding");

      assertThat(unread(function.report()))
          .contains("no such binding", "rbac.yaml", "whereabouts.cni.cncf.io");

      endKubernetesFaults();
      assertThat(function.report().path("assigned")).hasSize(2);
    }
  }

  @Test
  void saysWhichDefinitionsAreMissing() {
    try (DeployedFunction function = start()) {
      scene.cluster.faults().withoutCrd("ippools");
      assertThat(unread(function.report())).contains("whereabouts is not installed");

      endKubernetesFaults();
      scene.cluster.faults().withoutCrd("nodeslicepools");
      scene.cluster.faults().withoutCrd("overlappingrangeipreservations");
      assertThat(function.report().path("assigned")).as("older versions lack them").hasSize(2);

      endKubernetesFaults();
      scene.cluster.faults().withoutCrd("network-attachment-definitions");
      assertThat(function.report().path("problems").toString())
          .contains("network-attachment-definitions", "Multus is not installed");
    }
  }

  /** What a pass says that could not read everything; it must not have changed anything. */
  private String unread(JsonNode report) {
    assertThat(report.path("guard").path("kind").asText())
        .as(report.toString())
        .isEqualTo("UNREADABLE");
    assertThat(report.path("drift").isNumber()).isFalse();
    assertThat(scene.changes()).isEmpty();
    return report.path("guard").path("message").asText();
  }

  // EKS.

  @Test
  void asksEksAgainWhereItDoesNotTell() {
    try (DeployedFunction function = start()) {
      // Lists go side by side, and each of them asks.
      eks.refuse(403, "AccessDeniedException", "not authorized to perform eks:DescribeCluster");
      assertThat(unread(function.report())).contains("AccessDenied", "allow eks:DescribeCluster");
      eks.refuse(404, "ResourceNotFoundException", "No cluster found for name: core5g.");
      assertThat(unread(function.report())).contains("No cluster found", "and the region");

      eks.answerAgain();
      int described = eks.described();
      eks.refuseOnce(429, "ThrottlingException", "Rate exceeded");
      eks.refuseOnce(500, "ServerException", "an internal error");
      assertThat(function.report().path("assigned")).hasSize(2);
      assertThat(eks.described() - described).isEqualTo(3);
    }
  }

  @Test
  void trustsNoCertificateButOfTheAuthorityThatEksNames() {
    eks.tell(eks.strangeAuthority());
    try (DeployedFunction function = start()) {
      assertThat(unread(function.report())).contains("check cluster.certificateAuthority");
      assertThat(scene.cluster.calls().all()).isEmpty();
    }
  }

  // AWS.

  @Test
  void eachCallToEc2MayFailOnceInAWarmSandbox() {
    try (DeployedFunction function = start()) {
      function.report();
      int number = 0;
      for (String call :
          List.of(
              "DescribeNetworkInterfaces",
              "AssignPrivateIpAddresses",
              "AssignIpv6Addresses",
              "UnassignPrivateIpAddresses",
              "UnassignIpv6Addresses")) {
        for (Map.Entry<String, Function<FaultBuilder, PlantedFault>> fault :
            AWS_FAULTS.entrySet()) {
          comesAndGoes(function, number++, call, fault);
        }
      }
    }
  }

  private void comesAndGoes(
      DeployedFunction function,
      int number,
      String call,
      Map.Entry<String, Function<FaultBuilder, PlantedFault>> fault) {
    String what = call + " " + fault.getKey();
    String name = "pod-" + number;
    String[] addresses = {"10.0.30." + (150 + number), "fd00:30::1:" + (50 + number)};
    scene.cloud.faults().clear();
    scene.kubernetes.reserve("p4", addresses[0], "ns/" + name, "net1");
    scene.kubernetes.reserve("p6", addresses[1], "ns/" + name, "net1");
    scene.kubernetes.pod(both(name, "b", addresses));
    PlantedFault planted = fault.getValue().apply(scene.cloud.faults().fail(call).onCall(1));

    passesUntil(function, what + " assigned", () -> scene.addressesOf(b).size() == 2);
    assertThat(scene.addressesOf(b)).as(what).containsExactlyInAnyOrder(addresses);
    scene.kubernetes.removePod("ns", name);
    scene.kubernetes.release("p4", addresses[0]);
    scene.kubernetes.release("p6", addresses[1]);
    passesUntil(function, what + " released", () -> scene.addressesOf(b).isEmpty());

    assertThat(planted.hits()).as(what).isEqualTo(1);
    JsonNode after = function.report();
    assertThat(after.path("drift").asInt(-1)).as(what + after).isZero();
    assertThat(after.path("unfinished")).as(what).isEmpty();
    assertThat(scene.addressesOf(a)).as("the living pod's").hasSize(2);
  }

  /** What a sandbox keeps is asked for in its first invocation only. */
  @Test
  void theCallsOfAColdSandboxMayFailOnceToo() {
    deploy(DeployedFunction.json(scene), "{}");
    AWS_FAULTS.forEach((name, fault) -> {
      scene.cloud.faults().clear();
      Map<String, PlantedFault> planted = new TreeMap<>();
      for (String call : List.of("GetParameters", "DescribeSubnets", "DescribeInstanceTypes")) {
        planted.put(call, fault.apply(scene.cloud.faults().fail(call).onCall(1)));
      }
      int described = eks.described();
      eks.refuseOnce(500, "ServerException", "an internal error");
      try (DeployedFunction function =
          DeployedFunction.start(DeployedFunction.configuredByParameters(scene, eks))) {
        JsonNode report = passesUntil(function, name, () -> scene.addressesOf(a).size() == 2);
        assertThat(report.path("drift").asInt(-1)).as(name + report).isZero();
      }
      planted.forEach((call, one) -> assertThat(one.hits()).as(call + " " + name).isEqualTo(1));
      assertThat(eks.described() - described).as("DescribeCluster " + name).isEqualTo(2);
    });
  }

  @Test
  void namesTheActionThatItsRoleMayNotDo() {
    try (DeployedFunction function = start()) {
      scene
          .cloud
          .faults()
          .fail("AssignPrivateIpAddresses")
          .always()
          .with("UnauthorizedOperation", 403, "You are not authorized to perform this operation.");

      JsonNode report = function.report();

      assertThat(report.path("unfinished").toString())
          .contains("AssignPrivateIpAddresses", "UnauthorizedOperation");
      assertThat(report.path("drift").asInt()).isPositive();
    }
  }

  // The configuration.

  private void deploy(String config, String deployed) {
    scene.cloud.world().parameter(DeployedFunction.CONFIG, config);
    scene.cloud.world().parameter(DeployedFunction.DEPLOYED, deployed);
  }

  private String theWay() {
    return "{\"endpoint\": \"%s\", \"certificateAuthority\": \"%s\"}"
        .formatted(eks.endpoint(), eks.authority());
  }

  private static String packed(String json) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(json.getBytes(UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return "gzip:" + Base64.getEncoder().encodeToString(packed.toByteArray());
  }

  @Test
  void goesByPackedParametersAndAsksEksNothing() {
    deploy(packed(DeployedFunction.json(scene)), theWay());
    try (DeployedFunction function =
        DeployedFunction.start(DeployedFunction.configuredByParameters(scene, eks))) {
      assertThat(scene.cloud.calls().all()).as("before the first invocation").isEmpty();

      assertThat(function.report().path("assigned")).hasSize(2);

      assertThat(eks.described()).isZero();
      assertThat(scene.cloud.calls().of("GetParameters")).hasSize(1);
    }
  }

  @Test
  void saysWhatIsWrongWithItsParameters() {
    scene.cloud.world().parameter(DeployedFunction.CONFIG, DeployedFunction.json(scene));
    try (DeployedFunction function =
        DeployedFunction.start(DeployedFunction.configuredByParameters(scene, eks))) {
      assertThat(unread(function.report()))
          .contains("GetParameters on " + DeployedFunction.DEPLOYED, "deploy the stack again");

      scene
          .cloud
          .faults()
          .fail("GetParameters")
          .always()
          .with("AccessDeniedException", 400, "not authorized to perform ssm:GetParameters");
      assertThat(unread(function.report()))
          .contains("AccessDeniedException", "not authorized to perform ssm:GetParameters");
      scene.cloud.faults().clear();

      deploy("{\"cluster\": {\"nam\": \"core5g\"}}", "{\"endpoint\": \"http://api.example\"}");
      Invocation refused = function.invoke();
      assertThat(refused.error())
          .hasValueSatisfying(error -> {
            assertThat(error.type()).isEqualTo("java.lang.IllegalStateException");
            assertThat(error.message())
                .contains(
                    DeployedFunction.CONFIG + ": cluster.nam: unknown key; did you mean 'name'?",
                    DeployedFunction.CONFIG + ": nodeGroups: missing");
          });
      assertThat(refused.log())
          .anySatisfy(line -> assertThat(line).contains("\"level\":\"ERROR\"", "cluster.nam"));

      deploy(DeployedFunction.json(scene), theWay());
      assertThat(function.report().path("assigned")).hasSize(2);
    }
  }

  // SnapStart.

  @Test
  void isPrimedBeforeASnapshotAndReadsItsConfigurationAfterIt() throws IOException {
    Path classes = folder.resolve("classes.log");
    List<String> atSnapshot = new ArrayList<>();
    Settings settings =
        DeployedFunction.configuredByParameters(scene, eks)
            .withJvmFlags("-Xlog:class+load:file=" + classes)
            .withSnapStart(() -> {
              scene.cloud.calls().all().forEach(call -> atSnapshot.add(call.toString()));
              scene.cluster.calls().all().forEach(call -> atSnapshot.add(call.toString()));
              atSnapshot.add("DescribeCluster: " + eks.described());
              deploy(DeployedFunction.json(scene), theWay());
            });
    try (DeployedFunction function = DeployedFunction.start(settings)) {
      assertThat(function.log()).as("neither a warning nor a metric").isEmpty();
      assertThat(atSnapshot).containsExactly("DescribeCluster: 0");
      assertThat(scene.cloud.calls().all()).as("of the restore").isEmpty();
      assertThat(Files.readString(classes))
          .as("what only a whole pass loads")
          .contains(
              "software.amazon.awssdk.services.ssm.model.GetParametersResponse ",
              "software.amazon.awssdk.services.ec2.model.AssignPrivateIpAddressesResponse ",
              "software.amazon.awssdk.services.ec2.model.UnassignPrivateIpAddressesResponse ",
              "software.amazon.cloudwatchlogs.emf.model.MetricsContext ",
              "io.multuseni.core.report.ReconcileReport ");

      Invocation first = function.invoke();

      assertThat(DeployedFunction.tree(first.result()).path("assigned")).hasSize(2);
      assertThat(scene.addressesOf(a)).hasSize(2);
      assertThat(first.log()).as("the report and its metrics").hasSize(2);
      assertThat(function.report().path("kept").asInt()).isEqualTo(2);
    }
  }

  // The jar itself.

  @Test
  void holdsEachEntryOnceAndOnlyWhatIsDeployed() throws IOException {
    try (JarFile jar = new JarFile(DeployedFunction.JAR.toFile())) {
      List<String> names = jar.stream().map(entry -> entry.getName()).toList();

      assertThat(names).doesNotHaveDuplicates().contains("META-INF/LICENSE", "META-INF/NOTICE");
      assertThat(names)
          .contains(IpReconcileHandler.class.getName().replace('.', '/') + ".class")
          .noneMatch(name ->
              name.matches(
                  "org/slf4j/simple/.*|ch/qos/.*|org/junit/.*|org/assertj/.*|io/vertx/.*"
                      + "|io/multuseni/(localcloud|localcluster|locallambda|callrecorder|shrinker)/.*"
                      + "|software/amazon/awssdk/http/(apache5?|nio)/.*|proguard/.*"
                      + "|.*(Test|IT)\\.class|META-INF/(maven|versions)/.*|.*module-info\\.class"));
      for (String name : names) {
        if (name.startsWith("META-INF/services/")) {
          String providers =
              new String(jar.getInputStream(jar.getEntry(name)).readAllBytes(), UTF_8);
          assertThat(providers.lines().map(one -> one.replace('.', '/') + ".class"))
              .as(name)
              .isNotEmpty()
              .allMatch(names::contains);
        }
      }
    }
  }

  /** The JDK that runs the tests compiled the classes; no other may have judged what they need. */
  @Test
  void wasShrunkAgainstTheClassesOfTheJdkThatRunsThis() throws IOException {
    try (JarFile jdk =
        new JarFile(DeployedFunction.JAR.resolveSibling("shrink").resolve("jdk.jar").toFile())) {
      var attributes = jdk.getManifest().getMainAttributes();

      assertThat(attributes.getValue("Jdk-Runtime-Version"))
          .isEqualTo(System.getProperty("java.runtime.version"));
      assertThat(attributes.getValue("Jdk-Home")).isEqualTo(System.getProperty("java.home"));
      assertThat(jdk.getEntry("java/lang/Object.class")).isNotNull();
    }
  }
}
