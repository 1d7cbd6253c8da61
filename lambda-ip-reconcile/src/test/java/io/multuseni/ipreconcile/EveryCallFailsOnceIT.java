// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.ReconcileReport;
import io.multuseni.localcloud.Settings;
import io.multuseni.localcloud.fault.FaultBuilder;
import io.multuseni.localcloud.fault.PlantedFault;
import io.multuseni.localcluster.KubeFault;
import io.multuseni.localcluster.KubeFaultBuilder;
import io.multuseni.localcluster.PodSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Fails each call of a pass in turn, once, for as long as the client repeats it, and until the pass
 * is over. What living pods have stays, what isn't managed stays, the report hides nothing, and the
 * next pass reaches the end that a clean one reaches.
 */
class EveryCallFailsOnceIT {
  private static final String INTERNAL = "an internal error has occurred";

  /** In no pool's range, put onto each interface by hand. */
  private static final String BY_HAND = "10.0.30.10";

  /** In the pool's range, reserved by nobody, on an interface of somebody else. */
  private static final String FOREIGN = "10.0.30.250";

  private static final UnaryOperator<Settings> AT_ONCE = UnaryOperator.identity();

  /** EC2 shows what was changed only some time after its answer. */
  private static final UnaryOperator<Settings> LATE = EveryCallFailsOnceIT::shownLate;

  private static final Map<String, Function<FaultBuilder, PlantedFault>> AWS_FAULTS =
      new TreeMap<>(
          Map.of(
              "fails before its effect",
              fault -> fault.beforeEffect().with("InternalError", 500, INTERNAL),
              "fails after its effect",
              fault -> fault.afterEffect().with("InternalError", 500, INTERNAL),
              "is throttled",
              fault -> fault.with("RequestLimitExceeded", 503, "Request limit exceeded."),
              "gets no answer",
              FaultBuilder::dropAnswer,
              "never arrives",
              FaultBuilder::dropRequest));

  /** How long it lasts; the client tries three times. */
  private static final Map<String, Function<FaultBuilder, FaultBuilder>> AWS_SPANS =
      new TreeMap<>(
          Map.of(
              "once",
              fault -> fault.times(1),
              "three times",
              fault -> fault.times(3),
              "until the pass is over",
              FaultBuilder::always));

  private static final Map<String, Function<KubeFaultBuilder, KubeFault>> KUBE_FAULTS =
      new TreeMap<>(
          Map.of(
              "fails",
              fault -> fault.answer(500),
              "is throttled",
              fault -> fault.answer(429),
              "is refused",
              fault -> fault.answer(401),
              "is too old",
              fault -> fault.answer(410),
              "gets no answer",
              KubeFaultBuilder::dropConnection,
              "gets half an answer",
              KubeFaultBuilder::cutAnswer,
              "is answered by a proxy",
              KubeFaultBuilder::answerHtml));

  private static final Map<String, Consumer<KubeFault>> KUBE_SPANS =
      new TreeMap<>(Map.of("once", KubeFault::once, "until the pass is over", fault -> {}));

  /** A world right before the pass in question, and what it must look like in the end. */
  private record Ready(
      ClusterScene scene, ReconcileFlow flow, SortedMap<String, NavigableSet<String>> goal)
      implements AutoCloseable {
    @Override
    public void close() {
      scene.close();
    }
  }

  /** What the interfaces of a node are to have, beside what somebody put there by hand. */
  private record Goal(String node, List<String> addresses) {
    static Goal of(String node, String... addresses) {
      return new Goal(node, List.of(addresses));
    }
  }

  private interface Story {
    Ready ready(UnaryOperator<Settings> settings);
  }

  private static final Map<String, Story> STORIES =
      new TreeMap<>(
          Map.of(
              "assigning", EveryCallFailsOnceIT::assigning,
              "moving IPv4", EveryCallFailsOnceIT::movingIpv4,
              "moving IPv6", EveryCallFailsOnceIT::movingIpv6,
              "swapping between full interfaces", EveryCallFailsOnceIT::swapping,
              "releasing after the grace", EveryCallFailsOnceIT::releasing,
              "making room on a full interface", EveryCallFailsOnceIT::makingRoom));

  private static Settings shownLate(Settings settings) {
    return settings.withAddressLag(Duration.ofSeconds(20));
  }

  // The stories.

  private static ClusterScene scene(String instanceType, UnaryOperator<Settings> settings) {
    ClusterScene scene = new ClusterScene(settings);
    String foreign = scene.networkInterface(scene.n3, "another-cluster", "10.0.30.5");
    scene.cloud.world().assignByHand(foreign, FOREIGN);
    for (String node : List.of("a", "b")) {
      String id = scene.node(node, instanceType, scene.n3).getFirst();
      scene.cloud.world().assignByHand(id, byHand(node));
    }
    scene.pool("p4", "10.0.30.128/25");
    scene.pool("p6", "fd00:30::1:0/112");
    return scene;
  }

  private static String byHand(String node) {
    return BY_HAND + (node.equals("a") ? 0 : 1);
  }

  /** Pods of one address each, named by its last part. */
  private static void pods(ClusterScene scene, String node, String... addresses) {
    for (String address : addresses) {
      scene.pod(podOf(address), node, address.contains(":") ? "p6" : "p4", address);
    }
  }

  private static String podOf(String address) {
    return "pod-" + address.replaceAll(".*[.:]", "");
  }

  private static void moves(ClusterScene scene, String address, String toNode) {
    scene.kubernetes.changePod(ClusterScene.running(podOf(address), toNode, address));
  }

  private static void ends(ClusterScene scene, String address) {
    scene.kubernetes.removePod("ns", podOf(address));
    scene.kubernetes.release(address.contains(":") ? "p6" : "p4", address);
  }

  /** A sandbox whose first pass is a minute ago. */
  private static ReconcileFlow settled(ClusterScene scene) {
    ReconcileFlow flow = scene.flow();
    scene.reconcile(flow);
    scene.clock.advance(Duration.ofMinutes(1));
    return flow;
  }

  private static Ready ready(ClusterScene scene, ReconcileFlow flow, Goal... goals) {
    SortedMap<String, NavigableSet<String>> goal = new TreeMap<>();
    goal.put("foreign", new TreeSet<>(Set.of(FOREIGN)));
    for (Goal one : goals) {
      NavigableSet<String> addresses = new TreeSet<>(one.addresses());
      addresses.add(byHand(one.node()));
      goal.put(one.node(), addresses);
    }
    scene.cloud.calls().clear();
    scene.cluster.calls().clear();
    return new Ready(scene, flow, goal);
  }

  private static Ready assigning(UnaryOperator<Settings> settings) {
    ClusterScene scene = scene(ClusterScene.M5_XLARGE, settings);
    pods(scene, "a", "10.0.30.130", "10.0.30.131");
    pods(scene, "b", "10.0.30.140");
    scene.kubernetes.reserve("p4", "10.0.30.150", "ns/dual", "net1");
    scene.kubernetes.reserve("p6", "fd00:30::1:50", "ns/dual", "net1");
    scene.kubernetes.pod(ClusterScene.running("dual", "b", "10.0.30.150", "fd00:30::1:50"));
    return ready(
        scene,
        scene.flow(),
        Goal.of("a", "10.0.30.130", "10.0.30.131"),
        Goal.of("b", "10.0.30.140", "10.0.30.150", "fd00:30::1:50"));
  }

  private static Ready movingIpv4(UnaryOperator<Settings> settings) {
    ClusterScene scene = scene(ClusterScene.M5_XLARGE, settings);
    pods(scene, "a", "10.0.30.130", "10.0.30.131");
    pods(scene, "b", "10.0.30.140");
    ReconcileFlow flow = settled(scene);
    moves(scene, "10.0.30.130", "b");
    return ready(
        scene, flow, Goal.of("a", "10.0.30.131"), Goal.of("b", "10.0.30.130", "10.0.30.140"));
  }

  private static Ready movingIpv6(UnaryOperator<Settings> settings) {
    ClusterScene scene = scene(ClusterScene.M5_XLARGE, settings);
    pods(scene, "a", "fd00:30::1:30", "fd00:30::1:31");
    pods(scene, "b", "fd00:30::1:40");
    ReconcileFlow flow = settled(scene);
    moves(scene, "fd00:30::1:30", "b");
    return ready(
        scene, flow, Goal.of("a", "fd00:30::1:31"), Goal.of("b", "fd00:30::1:30", "fd00:30::1:40"));
  }

  /** Six addresses per interface: the primary one, that by hand, and four of pods. */
  private static Ready swapping(UnaryOperator<Settings> settings) {
    ClusterScene scene = scene(ClusterScene.T3_MEDIUM, settings);
    pods(scene, "a", "10.0.30.130", "10.0.30.131", "10.0.30.132", "10.0.30.133");
    pods(scene, "b", "10.0.30.140", "10.0.30.141", "10.0.30.142", "10.0.30.143");
    ReconcileFlow flow = settled(scene);
    moves(scene, "10.0.30.130", "b");
    moves(scene, "10.0.30.140", "a");
    return ready(
        scene,
        flow,
        Goal.of("a", "10.0.30.140", "10.0.30.131", "10.0.30.132", "10.0.30.133"),
        Goal.of("b", "10.0.30.130", "10.0.30.141", "10.0.30.142", "10.0.30.143"));
  }

  private static Ready releasing(UnaryOperator<Settings> settings) {
    ClusterScene scene = scene(ClusterScene.M5_XLARGE, settings);
    pods(scene, "a", "10.0.30.130", "10.0.30.131", "fd00:30::1:32", "fd00:30::1:33");
    pods(scene, "b", "10.0.30.140", "10.0.30.141");
    ReconcileFlow flow = settled(scene);
    ends(scene, "10.0.30.130");
    ends(scene, "fd00:30::1:32");
    ends(scene, "10.0.30.141");
    assertThat(scene.reconcile(flow).pendingRelease()).hasSize(3);
    scene.clock.advance(Duration.ofMinutes(1));
    return ready(
        scene, flow, Goal.of("a", "10.0.30.131", "fd00:30::1:33"), Goal.of("b", "10.0.30.140"));
  }

  private static Ready makingRoom(UnaryOperator<Settings> settings) {
    ClusterScene scene = scene(ClusterScene.T3_MEDIUM, settings);
    pods(scene, "a", "10.0.30.130", "10.0.30.131", "10.0.30.132", "10.0.30.133");
    pods(scene, "b", "10.0.30.140");
    // An hour of grace, which a full interface doesn't wait for.
    scene.reconciling("{watch: false, releaseGraceSeconds: 3600}");
    ReconcileFlow flow = settled(scene);
    ends(scene, "10.0.30.130");
    ends(scene, "10.0.30.131");
    pods(scene, "a", "10.0.30.150", "10.0.30.151");
    return ready(
        scene,
        flow,
        Goal.of("a", "10.0.30.132", "10.0.30.133", "10.0.30.150", "10.0.30.151"),
        Goal.of("b", "10.0.30.140"));
  }

  // The tests.

  @Test
  void eachStoryEndsWellWithoutAFault() {
    STORIES.forEach((name, story) -> {
      try (Ready ready = story.ready(AT_ONCE)) {
        assertThat(worldOf(ready.scene())).as(name).isNotEqualTo(ready.goal());

        ReconcileReport report = ready.scene().reconcile(ready.flow());

        assertThat(worldOf(ready.scene())).as(name).isEqualTo(ready.goal());
        assertThat(report.drift()).as(name).isZero();
        assertThat(report.unfinished()).as(name).isEmpty();
        assertThat(report.guard()).as(name).isNull();
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> aPassGoesRightWhateverCallToAwsFails() {
    return eachAwsCall(AT_ONCE, AWS_FAULTS);
  }

  /** An answer that is lost, and an EC2 that doesn't show yet what the call did. */
  @TestFactory
  Stream<DynamicTest> aPassGoesRightWhateverAnswerIsLostWhereEc2ShowsChangesLate() {
    Map<String, Function<FaultBuilder, PlantedFault>> lost = new TreeMap<>(AWS_FAULTS);
    lost.keySet().retainAll(Set.of("fails after its effect", "gets no answer"));
    return eachAwsCall(LATE, lost);
  }

  private static Stream<DynamicTest> eachAwsCall(
      UnaryOperator<Settings> settings, Map<String, Function<FaultBuilder, PlantedFault>> faults) {
    List<DynamicTest> tests = new ArrayList<>();
    STORIES.forEach((name, story) ->
        awsCalls(story, settings)
            .forEach((action, count) -> {
              for (int k = 1; k <= count; k++) {
                int call = k;
                faults.forEach((what, fault) ->
                    AWS_SPANS.forEach((span, lasting) ->
                        tests.add(
                            DynamicTest.dynamicTest(
                                "%s: %s %d %s %s".formatted(name, action, call, what, span),
                                () ->
                                    goesRight(
                                        story,
                                        settings,
                                        scene ->
                                            fault.apply(
                                                    lasting.apply(
                                                        scene
                                                            .cloud
                                                            .faults()
                                                            .fail(action)
                                                            .onCall(call)))
                                                ::hits)))));
              }
            }));
    assertThat(tests).hasSizeGreaterThan(100);
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> aPassGoesRightWhateverRequestToKubernetesFails() {
    List<DynamicTest> tests = new ArrayList<>();
    STORIES.forEach((name, story) ->
        kubeCalls(story, AT_ONCE)
            .forEach((call, count) -> {
              String[] verbAndResource = call.split(" ", -1);
              for (int k = 1; k <= count; k++) {
                int number = k;
                KUBE_FAULTS.forEach((what, fault) ->
                    KUBE_SPANS.forEach((span, lasting) ->
                        tests.add(
                            DynamicTest.dynamicTest(
                                "%s: %s %d %s %s".formatted(name, call, number, what, span),
                                () ->
                                    goesRight(
                                        story,
                                        AT_ONCE,
                                        scene -> {
                                          KubeFault planted =
                                              fault.apply(
                                                  scene
                                                      .cluster
                                                      .faults()
                                                      .on(verbAndResource[0], verbAndResource[1])
                                                      .onCall(number));
                                          lasting.accept(planted);
                                          return planted::hits;
                                        })))));
              }
            }));
    assertThat(tests).hasSizeGreaterThan(300);
    return tests.stream();
  }

  @Test
  void readsAListFromItsBeginningWhenItsSecondPageIsTooOld() {
    try (Ready ready = assigning(AT_ONCE)) {
      ClusterScene scene = ready.scene();
      for (int i = 0; i < 600; i++) {
        scene.kubernetes.pod(PodSpec.of("web", "web-" + i).onNode("a"));
      }
      KubeFault fault = scene.cluster.faults().on("list", "pods").page(2).answer(410).once();

      ReconcileReport report = scene.reconcile(ready.flow());

      assertThat(fault.hits()).isEqualTo(1);
      assertThat(worldOf(scene)).isEqualTo(ready.goal());
      assertThat(report.unfinished()).isEmpty();
      assertThat(report.kubernetesCalls()).containsEntry("list pods", 4);
    }
  }

  @Test
  void changesNothingWhenASecondPageNeverComes() {
    try (Ready ready = assigning(AT_ONCE)) {
      ClusterScene scene = ready.scene();
      for (int i = 0; i < 600; i++) {
        scene.kubernetes.pod(PodSpec.of("web", "web-" + i).onNode("a"));
      }
      SortedMap<String, NavigableSet<String>> before = worldOf(scene);
      scene.cluster.faults().on("list", "pods").page(2).answer(410);

      ReconcileReport report = scene.reconcile(ready.flow());

      assertThat(worldOf(scene)).isEqualTo(before);
      assertThat(scene.changes()).isEmpty();
      assertThat(report.guard()).extracting("kind").isEqualTo("UNREADABLE");
      assertThat(report.drift()).isNull();
    }
  }

  // One of them.

  private static SortedMap<String, Integer> awsCalls(
      Story story, UnaryOperator<Settings> settings) {
    try (Ready ready = story.ready(settings)) {
      ready.scene().reconcile(ready.flow());
      return ready.scene().cloud.calls().counts();
    }
  }

  private static SortedMap<String, Integer> kubeCalls(
      Story story, UnaryOperator<Settings> settings) {
    try (Ready ready = story.ready(settings)) {
      ready.scene().reconcile(ready.flow());
      return ready.scene().cluster.calls().counts();
    }
  }

  private static void goesRight(
      Story story, UnaryOperator<Settings> settings, Function<ClusterScene, IntSupplier> plant) {
    try (Ready ready = story.ready(settings)) {
      ClusterScene scene = ready.scene();
      SortedMap<String, NavigableSet<String>> before = worldOf(scene);
      IntSupplier hits = plant.apply(scene);

      ReconcileReport report = scene.reconcile(ready.flow());

      assertThat(hits.getAsInt()).as("calls that were hit").isPositive();
      SortedMap<String, NavigableSet<String>> after = worldOf(scene);
      stays(before, ready.goal(), after);
      hidesNothing(report, before, after, ready.goal(), settings.equals(LATE));
      assertThat(scene.cluster.calls().writes()).isEmpty();

      scene.cloud.faults().clear();
      scene.cluster.faults().clear();
      scene.clock.advance(Duration.ofMinutes(1));
      ReconcileReport second = scene.reconcile(ready.flow());

      assertThat(worldOf(scene)).as("after the second pass").isEqualTo(ready.goal());
      assertThat(second.drift()).as("drift of the second pass").isZero();
      assertThat(second.unfinished()).isEmpty();
      assertThat(second.unplaced()).isEmpty();

      scene.cloud.calls().clear();
      scene.clock.advance(Duration.ofMinutes(1));
      scene.reconcile(ready.flow());

      assertThat(scene.changes()).as("changing calls of the third pass").isEmpty();
    }
  }

  /** What was where it belongs is there still, and so is what isn't managed. */
  private static void stays(
      SortedMap<String, NavigableSet<String>> before,
      SortedMap<String, NavigableSet<String>> goal,
      SortedMap<String, NavigableSet<String>> after) {
    goal.forEach((name, addresses) -> {
      NavigableSet<String> kept = new TreeSet<>(addresses);
      kept.retainAll(before.getOrDefault(name, new TreeSet<>()));
      assertThat(after.getOrDefault(name, new TreeSet<>())).as(name).containsAll(kept);
    });
    assertThat(after.get("foreign")).as("somebody else's").isEqualTo(goal.get("foreign"));
  }

  private static void hidesNothing(
      ReconcileReport report,
      SortedMap<String, NavigableSet<String>> before,
      SortedMap<String, NavigableSet<String>> after,
      SortedMap<String, NavigableSet<String>> goal,
      boolean isLate) {
    // Taken, and shown on no interface: an address that a lost call assigned, where EC2 shows it
    // late,
    // looks for a moment as if somebody had it whom we can't see.
    Set<String> obstacles = Set.of("INTERFACE_FULL", isLate ? "FOREIGN_HOLDER" : "");
    assertThat(report.unplaced())
        .as("no obstacle is made up: there is none but a full interface")
        .allMatch(one -> obstacles.contains(one.reason()));
    if (report.drift() == null) {
      assertThat(report.guard()).extracting("kind").isEqualTo("UNREADABLE");
      assertThat(after).as("nothing is changed where not all could be read").isEqualTo(before);
    } else if (report.unfinished().isEmpty()) {
      assertThat(after).as("nothing is unfinished, says the report").isEqualTo(goal);
    }
    if (report.drift() != null && report.drift() == 0 && report.pendingRelease().isEmpty()) {
      assertThat(after).as("there is no drift, says the report").isEqualTo(goal);
    }
  }

  /** The addresses of each interface that has some, by the node it is on. */
  private static SortedMap<String, NavigableSet<String>> worldOf(ClusterScene scene) {
    Map<String, String> nodes = new TreeMap<>();
    for (String node : Arrays.asList("a", "b")) {
      nodes.put(scene.instance(node), node);
    }
    SortedMap<String, NavigableSet<String>> world = new TreeMap<>();
    scene
        .addresses()
        .forEach((id, addresses) ->
            world.put(
                scene
                    .cloud
                    .world()
                    .networkInterface(id)
                    .flatMap(one -> one.attachment())
                    .map(attachment -> nodes.getOrDefault(attachment.instanceId(), id))
                    .orElse("foreign"),
                addresses));
    return world;
  }
}
