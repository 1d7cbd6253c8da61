// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multuseni.core.config.Tags;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.autoscaling.HookSpec;
import io.multuseni.localcloud.ec2.InterfaceView;
import io.multuseni.localcloud.fault.FaultBuilder;
import io.multuseni.localcloud.fault.PlantedFault;
import io.multuseni.locallambda.Invocation;
import io.multuseni.locallambda.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar that is deployed, run as Lambda runs it. What shrinking took away shows only when it is
 * reached, so everything that code may reach by reflection is walked here.
 */
@Timeout(300)
class ShrunkJarIT {
  private static final Map<String, Function<FaultBuilder, PlantedFault>> FAULTS =
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

  @TempDir private Path folder;

  // Events.

  @Test
  void everySampleEndsAsStated() throws Exception {
    try (Scene scene = EventSamplesIT.scene(Instant.now());
        DeployedFunction function = DeployedFunction.attach(scene)) {
      List<MatchResult> rows = EventSamplesIT.stated().toList();
      for (MatchResult row : rows) {
        assertThat(ended(scene, function, row.group(1))).as(row.group(1)).isEqualTo(row.group(3));
      }
      assertThat(rows).hasSizeGreaterThan(10);
    }
  }

  private static String ended(Scene scene, DeployedFunction function, String file)
      throws Exception {
    boolean acts = EventSamplesIT.ACTIONS.contains(file);
    String event =
        DeployedFunction.now(
            acts ? EventSamplesIT.prepared(file, scene) : EventSamplesIT.sample(file));
    Invocation invocation = function.invoke(event);
    if (invocation.payload().isEmpty()) {
      return invocation.log().stream().anyMatch(line -> line.contains("\"report\""))
          ? "failed with a report"
          : EventSamplesIT.NOT_DECODED;
    }
    JsonNode report = Lifecycle.tree(invocation.result());
    if (acts) {
      assertThat(Lifecycle.actionOf(scene, event).state()).isEqualTo(ActionState.CONTINUED);
      assertThat(scene.available()).isEmpty();
    }
    // Lambda leaves out what is null.
    return "`%s`%s"
        .formatted(
            report.path("outcome").asText(),
            report.has("reason") ? " `" + report.path("reason").asText() + "`" : "");
  }

  @Test
  void attachesTwoInterfacesAndLeavesARepeatedEventAlone() throws InterruptedException {
    try (Scene scene = scene(settings -> settings).withGroup();
        DeployedFunction function = DeployedFunction.attach(scene)) {
      String event = scene.launchOne();

      JsonNode report = function.continued(event);
      List<String> interfaces = scene.ours().stream().map(InterfaceView::id).toList();
      JsonNode repeated = function.continued(event);

      assertThat(report.path("interfaces")).hasSize(2);
      assertThat(interfaces).hasSize(2);
      assertThat(repeated.path("interfaces").findValuesAsText("networkInterfaceId"))
          .containsExactlyInAnyOrderElementsOf(interfaces);
      assertThat(scene.ours()).extracting(InterfaceView::id).isEqualTo(interfaces);
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.CONTINUED);
    }
  }

  @Test
  void attachesFourInterfacesWithAllOptionsAndIpv6() throws InterruptedException {
    try (Scene scene = scene(settings -> settings)) {
      scene.withGroup("m5.4xlarge", HookSpec.launching("multus-eni-launch"));
      List<String> networks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String subnet =
            scene
                .cloud
                .world()
                .subnet(
                    scene.vpc,
                    Scene.ZONE_A,
                    "10.0.7%d.0/24".formatted(i),
                    "fd00:10:0:7%d::/64".formatted(i));
        networks.add(
            scene.networkWith(
                "n" + i, "ipv6: 2, primaryAddress: first-free, tags: {cnf: upf}", subnet));
      }
      scene.configure(scene.config("create", "", networks));
      try (DeployedFunction function = DeployedFunction.attach(scene)) {
        String event = scene.launchOne();

        JsonNode report = function.continued(event);

        assertThat(Lifecycle.attachedTo(scene, Lifecycle.instanceOf(event)))
            .hasSize(4)
            .allSatisfy(one -> assertThat(one.ipv6Addresses()).hasSize(2));
        assertThat(report.path("interfaces").findValues("ipv6Addresses"))
            .hasSize(4)
            .allSatisfy(addresses -> assertThat(addresses).hasSize(2));
      }
    }
  }

  @Test
  void abandonsWhatTheInstanceTypeHasNoRoomFor() throws InterruptedException {
    try (Scene scene = scene(settings -> settings.withReplaceAbandoned(false))) {
      scene.withGroup("t3.small", HookSpec.launching("multus-eni-launch"));
      scene.configure(
          scene.config(
              "create",
              "",
              List.of(
                  scene.network("n3", scene.n3a, scene.n3b),
                  scene.network("n6", scene.n6a, scene.n6b),
                  scene.network("n9", scene.n6a, scene.n6b))));
      try (DeployedFunction function = DeployedFunction.attach(scene)) {
        Invocation invocation = function.invoke(scene.launchOne());

        JsonNode report = Lifecycle.tree(invocation.result());
        assertThat(report.path("outcome").asText()).isEqualTo("ABANDON");
        assertThat(report.path("reason").asText()).isNotBlank();
        assertThat(scene.onlyAction().state()).isEqualTo(ActionState.ABANDONED);
        assertThat(metrics(invocation))
            .anySatisfy(one -> {
              assertThat(one.path("AbandonsByReason").asInt()).isEqualTo(1);
              assertThat(one.path("Reason")).isEqualTo(report.path("reason"));
            });
      }
    }
  }

  @Test
  void deletesWhatATerminatedNodeLeaves() throws InterruptedException {
    try (Scene scene = scene(settings -> settings.withReplaceAbandoned(false))) {
      scene.withGroup(
          "m5.xlarge",
          HookSpec.launching("multus-eni-launch"),
          HookSpec.terminating("multus-eni-terminate"));
      try (DeployedFunction function = DeployedFunction.attach(scene)) {
        String launch = scene.launchOne();
        function.continued(launch);
        scene.ours().forEach(one -> scene.cloud.world().setDeleteOnTermination(one.id(), false));
        String termination =
            Lifecycle.eventOf(
                scene, () -> scene.cloud.world().scaleIn(Lifecycle.instanceOf(launch)));

        function.continued(termination);

        scene.cloud.settle();
        assertThat(scene.ours()).isEmpty();
      }
    }
  }

  @Test
  void ignoresWhatIsNoLifecycleEvent() {
    try (Scene scene = scene(settings -> settings).withGroup();
        DeployedFunction function = DeployedFunction.attach(scene)) {
      for (String json : List.of("null", "{}", "[]", "{\"detail\": []}")) {
        JsonNode report = function.report(json);

        assertThat(report.path("outcome").asText()).as(json).isEqualTo("IGNORED");
      }
      assertThat(scene.cloud.calls().all()).isEmpty();
    }
  }

  // What goes wrong.

  @Test
  void eachCallOfALaunchMayFailOnceInAWarmSandbox() throws InterruptedException {
    try (Scene scene = scene(settings -> settings).withGroup();
        DeployedFunction function = DeployedFunction.attach(scene)) {
      function.continued(scene.launchOne());
      scene.cloud.calls().clear();
      function.continued(scene.launchOne());
      List<String> calls = List.copyOf(scene.cloud.calls().counts().keySet());
      assertThat(calls)
          .contains("DescribeInstances", "AttachNetworkInterface", "CompleteLifecycleAction");

      for (String call : calls) {
        for (Map.Entry<String, Function<FaultBuilder, PlantedFault>> fault : FAULTS.entrySet()) {
          failsOnce(scene, function, call, fault);
        }
      }
      assertThat(scene.available()).isEmpty();
    }
  }

  /** What a sandbox caches is asked for in its first invocation only. */
  @Test
  void theCallsOfAColdSandboxMayFailOnceToo() throws InterruptedException {
    try (Scene scene = scene(settings -> settings).withGroup()) {
      for (String call : List.of("DescribeSubnets", "DescribeInstanceTypes")) {
        try (DeployedFunction function = DeployedFunction.attach(scene)) {
          failsOnce(scene, function, call, FAULTS.entrySet().iterator().next());
        }
      }
    }
  }

  private static void failsOnce(
      Scene scene,
      DeployedFunction function,
      String call,
      Map.Entry<String, Function<FaultBuilder, PlantedFault>> fault)
      throws InterruptedException {
    String what = call + " " + fault.getKey();
    scene.cloud.faults().clear();
    String event = scene.launchOne();
    PlantedFault planted = fault.getValue().apply(scene.cloud.faults().fail(call).onCall(1));

    seenThrough(function, event);

    assertThat(planted.hits()).as(what).isEqualTo(1);
    assertThat(Lifecycle.actionOf(scene, event).state()).as(what).isEqualTo(ActionState.CONTINUED);
    assertThat(Lifecycle.attachedTo(scene, Lifecycle.instanceOf(event))).as(what).hasSize(2);
  }

  /** As Lambda does: a failed invocation is repeated. */
  private static void seenThrough(DeployedFunction function, String event) {
    Invocation invocation = function.invoke(event);
    for (int i = 0; i < 2 && invocation.payload().isEmpty(); i++) {
      invocation = function.invoke(event);
    }
    assertThat(Lifecycle.tree(invocation.result()).path("outcome").asText())
        .as(invocation.result())
        .isEqualTo("CONTINUE");
  }

  @Test
  void tellsLambdaToTryAgainWhereAThrottlingOutlastsTheInvocation() throws InterruptedException {
    try (Scene scene = scene(settings -> settings).withGroup();
        DeployedFunction function = DeployedFunction.attach(scene, Duration.ofSeconds(20))) {
      String event = scene.launchOne();
      scene
          .cloud
          .faults()
          .fail("AttachNetworkInterface")
          .always()
          .with("RequestLimitExceeded", 503, "Request limit exceeded.");

      Invocation throttled = function.invoke(event);

      assertThat(throttled.error())
          .hasValueSatisfying(error -> {
            assertThat(error.type()).isEqualTo("io.multuseni.eniattach.NotDoneException");
            assertThat(error.message()).contains("AttachNetworkInterface");
          });
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.WAITING);
      scene.cloud.faults().clear();
      function.continued(event);
    }
  }

  @Test
  void namesTheActionThatItsRoleMayNotDo() throws InterruptedException {
    try (Scene scene = scene(settings -> settings.withReplaceAbandoned(false)).withGroup();
        DeployedFunction function = DeployedFunction.attach(scene)) {
      scene
          .cloud
          .faults()
          .fail("CreateNetworkInterface")
          .always()
          .with("UnauthorizedOperation", 403, "You are not authorized to perform this operation.");

      JsonNode report = function.report(scene.launchOne());

      assertThat(report.path("outcome").asText()).isEqualTo("ABANDON");
      assertThat(report.path("message").asText()).contains("CreateNetworkInterface");
    }
  }

  @Test
  void saysWhatIsWrongWithTheConfigurationInItsEnvironment() throws InterruptedException {
    try (Scene scene = scene(settings -> settings).withGroup()) {
      String event = scene.launchOne();
      assertThat(
              refusedWith(
                  event,
                  Map.of("MULTUS_ENI_CONFIG", "{\"cluster\": {\"name\": 7}, \"nodeGroup\": []}")))
          .contains(
              "MULTUS_ENI_CONFIG: nodeGroup: unknown key; did you mean 'nodeGroups'?",
              "MULTUS_ENI_CONFIG: cluster.name: the number 7 where text belongs");
      assertThat(refusedWith(event, Map.of()))
          .contains("MULTUS_ENI_CONFIG_PARAMETER, MULTUS_ENI_CONFIG: neither is set");
    }
  }

  /** What a function says that has this environment and can't work. */
  private static String refusedWith(String event, Map<String, String> environment) {
    try (DeployedFunction function =
        DeployedFunction.start(
            Settings.of(DeployedFunction.JAR, DeployedFunction.ATTACH, environment))) {
      Invocation refused = function.invoke(event);

      assertThat(refused.log())
          .anySatisfy(line ->
              assertThat(line).contains("\"level\":\"ERROR\"", "the configuration can't be used"));
      return refused.error().orElseThrow().message();
    }
  }

  // The configuration in parameters.

  private static void deploy(Scene scene, String config, String deployed) {
    scene.cloud.world().parameter(DeployedFunction.CONFIG, config);
    scene.cloud.world().parameter(DeployedFunction.DEPLOYED, deployed);
  }

  private static String packed(String json) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return "gzip:" + Base64.getEncoder().encodeToString(packed.toByteArray());
  }

  @Test
  void aLaunchAndASweepGoByPackedParameters() throws InterruptedException {
    try (Scene scene = scene(settings -> settings).withGroup()) {
      deploy(scene, packed(DeployedFunction.json(scene)), "{}");
      try (DeployedFunction attach =
              DeployedFunction.start(
                  DeployedFunction.configuredByParameters(scene, DeployedFunction.ATTACH));
          DeployedFunction sweep =
              DeployedFunction.start(
                  DeployedFunction.configuredByParameters(scene, DeployedFunction.SWEEP))) {
        assertThat(scene.cloud.calls().all()).as("before the first invocation").isEmpty();
        PlantedFault planted =
            scene
                .cloud
                .faults()
                .fail("GetParameters")
                .onCall(1)
                .with("ThrottlingException", 400, "Rate exceeded");

        assertThat(attach.continued(scene.launchOne()).path("interfaces")).hasSize(2);

        assertThat(planted.hits()).isEqualTo(1);
        assertThat(sweep.report("null").path("unfinished")).isEmpty();
        assertThat(scene.cloud.calls().counts()).containsKey("DescribeAutoScalingGroups");
      }
    }
  }

  @Test
  void saysWhatIsWrongWithItsParameters() throws InterruptedException {
    try (Scene scene = scene(settings -> settings).withGroup();
        DeployedFunction function =
            DeployedFunction.start(
                DeployedFunction.configuredByParameters(scene, DeployedFunction.ATTACH))) {
      String event = scene.launchOne();
      scene.cloud.world().parameter(DeployedFunction.CONFIG, DeployedFunction.json(scene));

      assertThat(function.invoke(event).error())
          .hasValueSatisfying(error -> {
            assertThat(error.type()).isEqualTo("io.multuseni.eniattach.NotDoneException");
            assertThat(error.message())
                .contains(
                    "GetParameters on " + DeployedFunction.DEPLOYED, "deploy the stack again");
          });

      deploy(scene, "{\"cluster\": {\"nam\": \"core5g\"}}", "{}");
      Invocation refused = function.invoke(event);
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
      assertThat(scene.ours()).isEmpty();

      deploy(scene, DeployedFunction.json(scene), "{}");
      function.continued(event);
    }
  }

  // SnapStart.

  @Test
  void aLaunchIsPrimedBeforeASnapshotAndItsConfigurationReadAfterIt() throws Exception {
    try (Scene scene = scene(settings -> settings).withGroup()) {
      String event = scene.launchOne();
      try (DeployedFunction function =
          primed(
              scene,
              DeployedFunction.ATTACH,
              "software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceResponse ",
              "software.amazon.awssdk.services.ec2.model.AttachNetworkInterfaceResponse ",
              "software.amazon.awssdk.services.autoscaling.model.CompleteLifecycleActionResponse ",
              "io.multuseni.core.report.AttachReport ")) {
        Invocation first = function.invoke(event);

        assertThat(Lifecycle.tree(first.result()).path("outcome").asText()).isEqualTo("CONTINUE");
        assertThat(first.log()).as("the report and its metrics").hasSize(2);
        assertThat(scene.onlyAction().state()).isEqualTo(ActionState.CONTINUED);
        function.continued(scene.launchOne());
      }
    }
  }

  @Test
  void aSweepIsPrimedBeforeASnapshotAndItsConfigurationReadAfterIt() throws Exception {
    try (Scene scene = scene(settings -> settings).withGroup();
        DeployedFunction function =
            primed(
                scene,
                DeployedFunction.SWEEP,
                "software.amazon.awssdk.services.autoscaling.model.DescribeLifecycleHooksResponse ",
                "software.amazon.awssdk.services.autoscaling.model.CompleteLifecycleActionResponse ",
                "io.multuseni.core.report.SweepReport ")) {
      Invocation first = function.invoke("null");

      assertThat(Lifecycle.tree(first.result()).path("unfinished")).isEmpty();
      assertThat(lines(first).filter(line -> line.has("report"))).hasSize(1);
    }
  }

  /** A restored function, whose snapshot holds the classes that only a whole invocation loads. */
  private DeployedFunction primed(Scene scene, String handler, String... loaded)
      throws IOException {
    Path classes = folder.resolve("classes.log");
    List<String> atSnapshot = new ArrayList<>();
    boolean[] frozen = new boolean[1];
    scene.cloud.calls().clear();
    DeployedFunction function =
        DeployedFunction.start(
            DeployedFunction.configuredByParameters(scene, handler)
                .withJvmFlags("-Xlog:class+load:file=" + classes)
                .withSnapStart(() -> {
                  scene.cloud.calls().all().forEach(call -> atSnapshot.add(call.toString()));
                  frozen[0] = true;
                  deploy(scene, DeployedFunction.json(scene), "{}");
                }));
    assertThat(frozen[0]).isTrue();
    assertThat(atSnapshot).as("calls before the snapshot").isEmpty();
    assertThat(scene.cloud.calls().all()).as("calls of the restore").isEmpty();
    assertThat(function.log()).as("neither a warning nor a metric").isEmpty();
    assertThat(Files.readString(classes))
        .contains("software.amazon.cloudwatchlogs.emf.model.MetricsContext ")
        .contains(loaded);
    return function;
  }

  // The sweep.

  @Test
  void theSweepFinishesALaunchWhoseEventWasLost() throws InterruptedException {
    try (Scene scene =
            scene(Instant.now().minus(Duration.ofMinutes(11)), settings -> settings).withGroup();
        DeployedFunction function = DeployedFunction.sweep(scene)) {
      scene.launchOne();
      scene.clock.advance(Duration.ofMinutes(11));

      Invocation invocation = function.invoke("{\"source\": \"aws.events\"}");

      JsonNode report = Lifecycle.tree(invocation.result());
      assertThat(report.path("heartbeats")).as(report.toString()).hasSize(1);
      assertThat(report.path("launches").findValuesAsText("outcome")).containsExactly("CONTINUE");
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.CONTINUED);
      assertThat(metrics(invocation))
          .anySatisfy(one -> assertThat(one.path("NodesReady").asInt()).isEqualTo(1));
    }
  }

  @Test
  void theSweepDeletesAnOrphanAfterItsGrace() throws InterruptedException {
    try (Scene scene = scene(settings -> settings).withGroup();
        DeployedFunction function = DeployedFunction.sweep(scene)) {
      String event = scene.launchOne();
      scene.attachingFails();
      scene.deliver(event);
      scene.cloud.faults().clear();
      scene.cloud.world().terminate(scene.onlyAction().instanceId());
      scene.cloud.settle();
      List<String> orphans = scene.available().stream().map(InterfaceView::id).toList();
      assertThat(orphans).hasSize(2);

      JsonNode marked = function.report("null");
      String longAgo = Instant.now().minus(Duration.ofHours(1)).toString();
      orphans.forEach(id -> scene.cloud.world().setTag(id, Tags.AVAILABLE_SINCE, longAgo));
      JsonNode deleted = function.report("null");

      assertThat(marked.path("marked")).hasSize(2);
      assertThat(deleted.path("deleted")).as(deleted.toString()).hasSize(2);
      assertThat(scene.ours()).extracting(InterfaceView::id).doesNotContainAnyElementsOf(orphans);
    }
  }

  @Test
  void eachCallOfASweepMayFailOnce() throws InterruptedException {
    try (Scene scene = scene(settings -> settings.withReplaceAbandoned(false)).withGroup();
        DeployedFunction attach = DeployedFunction.attach(scene)) {
      attach.continued(scene.launchOne());
      Set<String> warm;
      Set<String> cold;
      try (DeployedFunction function = DeployedFunction.sweep(scene)) {
        cold = callsOfASweep(scene, function);
        warm = callsOfASweep(scene, function);
        assertThat(warm).contains("DescribeAutoScalingGroups", "DescribeNetworkInterfaces");
        for (String call : warm) {
          sweepsDespiteAFailing(scene, function, Set.of(call));
        }
      }
      // What a sandbox keeps is asked for in its first sweep only.
      cold.removeAll(warm);
      try (DeployedFunction function = DeployedFunction.sweep(scene)) {
        sweepsDespiteAFailing(scene, function, cold);
      }
    }
  }

  private static Set<String> callsOfASweep(Scene scene, DeployedFunction function) {
    scene.cloud.calls().clear();
    assertThat(function.report("null").path("unfinished")).isEmpty();
    return new TreeSet<>(scene.cloud.calls().counts().keySet());
  }

  private static void sweepsDespiteAFailing(
      Scene scene, DeployedFunction function, Set<String> calls) {
    scene.cloud.faults().clear();
    Map<String, PlantedFault> planted = new TreeMap<>();
    for (String call : calls) {
      planted.put(
          call, scene.cloud.faults().fail(call).onCall(1).with("Throttling", 400, "Rate exceeded"));
    }

    JsonNode report = function.report("null");

    planted.forEach((call, fault) -> assertThat(fault.hits()).as(call).isEqualTo(1));
    assertThat(report.path("unfinished")).as(calls + ": " + report).isEmpty();
  }

  // Telemetry.

  @Test
  void writesOneLogLineAndMetricsForALaunch() throws InterruptedException {
    try (Scene scene = scene(settings -> settings).withGroup();
        DeployedFunction function = DeployedFunction.attach(scene)) {
      Invocation invocation = function.invoke(scene.launchOne());

      assertThat(lines(invocation).filter(line -> line.has("report")).toList())
          .singleElement()
          .satisfies(line -> {
            assertThat(line.path("level").asText()).isEqualTo("INFO");
            JsonNode logged = line.path("report");
            Lifecycle.tree(invocation.result())
                .properties()
                .forEach(
                    field -> assertThat(logged.path(field.getKey())).isEqualTo(field.getValue()));
          });
      assertThat(metrics(invocation))
          .singleElement()
          .satisfies(one -> {
            assertThat(one.path("Cluster").asText()).isEqualTo(Scene.CLUSTER);
            assertThat(one.path("NodesReady").asInt()).isEqualTo(1);
            assertThat(one.path("InterfacesCreated").asInt()).isEqualTo(2);
            assertThat(one.at("/_aws/CloudWatchMetrics/0/Namespace").asText())
                .isEqualTo("multus-eni");
          });
      assertThat(function.log()).as("nothing else since its start").hasSize(2);
    }
  }

  private static List<JsonNode> metrics(Invocation invocation) {
    return lines(invocation).filter(line -> line.has("_aws")).toList();
  }

  private static Stream<JsonNode> lines(Invocation invocation) {
    return invocation.log().stream().map(Lifecycle::tree);
  }

  // The jar itself.

  @Test
  void holdsEachEntryOnceAndOnlyWhatIsDeployed() throws IOException {
    try (JarFile jar = new JarFile(DeployedFunction.JAR.toFile())) {
      List<String> names = jar.stream().map(entry -> entry.getName()).toList();

      assertThat(names).doesNotHaveDuplicates().contains("META-INF/LICENSE", "META-INF/NOTICE");
      assertThat(names)
          .contains(EniAttachHandler.class.getName().replace('.', '/') + ".class")
          .noneMatch(name ->
              name.matches(
                  "org/slf4j/simple/.*|ch/qos/.*|org/junit/.*|org/assertj/.*"
                      + "|io/multuseni/(localcloud|locallambda|callrecorder|shrinker)/.*|proguard/.*"
                      + "|software/amazon/awssdk/http/(apache5?|nio)/.*"
                      + "|.*(Test|IT)\\.class|META-INF/(maven|versions)/.*|.*module-info\\.class"));
      for (String name : names) {
        if (name.startsWith("META-INF/services/")) {
          String providers =
              new String(
                  jar.getInputStream(jar.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
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

  private static Scene scene(UnaryOperator<io.multuseni.localcloud.Settings> change) {
    return scene(Instant.now(), change);
  }

  private static Scene scene(
      Instant start, UnaryOperator<io.multuseni.localcloud.Settings> change) {
    return new Scene(start, change);
  }
}
