// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.ReconcileReport;
import io.multuseni.core.report.ReconcileReport.Guard;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What looks like an error of the input releases nothing; what can be assigned is all the same. */
class GuardIT {
  private static final String REMEDY =
      "; check the API server and whereabouts, or unassign them in EC2 by hand";

  private final ClusterScene scene = new ClusterScene();
  private String a = "";
  private String b = "";

  @AfterEach
  void close() {
    scene.close();
  }

  private static String address(int i) {
    return "10.0.30." + (130 + i);
  }

  private static String pod(int i) {
    return "pod-" + i;
  }

  /** A flow that has assigned so many addresses, ten of them on node a and the rest on node b. */
  private ReconcileFlow withAddresses(int count) {
    a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    b = scene.node("b", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.pool("p", "10.0.30.128/25");
    IntStream.range(0, count).forEach(i -> scene.pod(pod(i), i < 10 ? "a" : "b", "p", address(i)));
    ReconcileFlow flow = scene.flow();
    assertThat(scene.reconcile(flow).assigned()).hasSize(count);
    return flow;
  }

  private void endFirst(int count) {
    IntStream.range(0, count)
        .forEach(i -> {
          scene.kubernetes.removePod("ns", pod(i));
          scene.kubernetes.release("p", address(i));
        });
  }

  private int held() {
    return scene.addressesOf(a).size() + scene.addressesOf(b).size();
  }

  /** The report of a pass once the grace of what looks stale now is over. */
  private ReconcileReport afterTheGrace(ReconcileFlow flow) {
    scene.reconcile(flow);
    scene.clock.advance(Duration.ofMinutes(1));
    return scene.reconcile(flow);
  }

  /** Nothing was released though the grace is over, which the report doesn't hide. */
  private void stopped(ReconcileReport report, int waiting, Guard guard) {
    assertThat(report.guard()).isEqualTo(guard);
    assertThat(report.released()).isEmpty();
    assertThat(report.pendingRelease()).hasSize(waiting);
    assertThat(report.drift()).isEqualTo(waiting);
    assertThat(scene.changes()).doesNotContainKey("UnassignPrivateIpAddresses");
  }

  // More than is likely.

  @Test
  void releasesNothingWhenMoreThanHalfOfTheAddressesWouldGo() {
    ReconcileFlow flow = withAddresses(20);
    endFirst(11);
    scene.pod("new", "b", "p", "10.0.30.200");

    ReconcileReport first = scene.reconcile(flow);
    scene.clock.advance(Duration.ofMinutes(1));
    ReconcileReport second = scene.reconcile(flow);

    // The new one was assigned in spite of the guard, and counts as managed from then on.
    assertThat(first.assigned()).hasSize(1);
    assertThat(first.guard()).isEqualTo(tooMany(11, 20, "0.5"));
    assertThat(scene.addressesOf(b)).contains("10.0.30.200");
    stopped(second, 11, tooMany(11, 21, "0.5"));
    assertThat(held()).isEqualTo(21);
  }

  private static Guard tooMany(int stale, int managed, String fraction) {
    return new Guard(
        "TOO_MANY",
        ("nothing was released: %d of %d managed addresses have no reservation, more than"
                + " maxReleaseFraction %s allows; check whereabouts' pools, and raise"
                + " maxReleaseFraction if they are right")
            .formatted(stale, managed, fraction));
  }

  @Test
  void releasesOnceTheReservationsAreBack() {
    ReconcileFlow flow = withAddresses(20);
    endFirst(11);
    stopped(afterTheGrace(flow), 11, tooMany(11, 20, "0.5"));
    IntStream.range(0, 4).forEach(i -> scene.pod(pod(i), "a", "p", address(i)));
    scene.clock.advance(Duration.ofMinutes(1));

    ReconcileReport report = scene.reconcile(flow);

    // What was stale all the time has waited long enough.
    assertThat(report.guard()).isNull();
    assertThat(report.released()).hasSize(7);
    assertThat(report.drift()).isZero();
    assertThat(held()).isEqualTo(13);
  }

  @Test
  void releasesElevenOfTwentyTwo() {
    ReconcileFlow flow = withAddresses(22);
    endFirst(11);

    ReconcileReport report = afterTheGrace(flow);

    assertThat(report.guard()).isNull();
    assertThat(report.released()).hasSize(11);
    assertThat(held()).isEqualTo(11);
  }

  @Test
  void releasesTenOfTwelveSinceTenMayAlwaysGo() {
    ReconcileFlow flow = withAddresses(12);
    endFirst(10);

    ReconcileReport report = afterTheGrace(flow);

    assertThat(report.guard()).isNull();
    assertThat(report.released()).hasSize(10);
    assertThat(report.drift()).isZero();
    assertThat(held()).isEqualTo(2);
  }

  @Test
  void releasesAnyNumberWhereTheFractionIsOne() {
    scene.reconciling("{watch: false, maxReleaseFraction: 1}");
    ReconcileFlow flow = withAddresses(20);
    endFirst(19);

    ReconcileReport report = afterTheGrace(flow);

    assertThat(report.guard()).isNull();
    assertThat(report.released()).hasSize(19);
    assertThat(held()).isEqualTo(1);
  }

  @Test
  void releasesInTheSamePassWhereThereIsNoGrace() {
    scene.reconciling("{watch: false, releaseGraceSeconds: 0}");
    ReconcileFlow flow = withAddresses(3);
    endFirst(1);

    ReconcileReport report = scene.reconcile(flow);

    assertThat(report.released()).hasSize(1);
    assertThat(report.pendingRelease()).isEmpty();
    assertThat(scene.addressesOf(a)).containsExactly(address(1), address(2));
  }

  @Test
  void readsTwiceEvenWhereThereIsNoGrace() {
    scene.reconciling("{watch: false, releaseGraceSeconds: 0}");
    ReconcileFlow flow = withAddresses(3);
    scene.kubernetes.removePod("ns", pod(0));
    scene.kubernetes.release("p", address(0));
    scene
        .cluster
        .faults()
        .on("list", "ippools")
        .onCall(2)
        .before(() -> scene.pod(pod(0), "a", "p", address(0)))
        .once();

    ReconcileReport report = scene.reconcile(flow);

    assertThat(report.released()).isEmpty();
    assertThat(report.pendingRelease()).isEmpty();
    assertThat(held()).isEqualTo(3);
  }

  // Empty where it can't be.

  @Test
  void releasesNothingWhenThereIsNoNode() {
    ReconcileFlow flow = withAddresses(3);
    endFirst(1);
    String typeOfB = ClusterScene.M5_XLARGE;
    scene.kubernetes.removeNode("a");
    scene.kubernetes.removeNode("b");

    ReconcileReport report = afterTheGrace(flow);

    // Without nodes nobody has a claim to an address.
    stopped(report, 3, empty(3, "the Kubernetes API shows no node"));

    scene.kubernetes.node("a", scene.instance("a"), ClusterScene.ZONE_A, typeOfB);
    scene.kubernetes.node("b", scene.instance("b"), ClusterScene.ZONE_A, typeOfB);
    scene.clock.advance(Duration.ofMinutes(1));

    assertThat(scene.reconcile(flow).released()).hasSize(1);
    assertThat(scene.addressesOf(a)).containsExactly(address(1), address(2));
  }

  private static Guard empty(int waiting, String what) {
    return new Guard(
        "EMPTY_ANSWER",
        "nothing was released, %d address(es) wait: %s".formatted(waiting, what) + REMEDY);
  }

  @Test
  void releasesNothingWhenThereIsNoPod() {
    ReconcileFlow flow = withAddresses(3);
    IntStream.range(0, 3).forEach(i -> scene.kubernetes.removePod("ns", pod(i)));

    ReconcileReport report = afterTheGrace(flow);

    stopped(report, 3, empty(3, "the Kubernetes API shows no pod"));
    assertThat(report.unplaced())
        .extracting(ReconcileReport.UnplacedAddress::reason)
        .containsOnly("POD_GONE");

    scene.kubernetes.pod(ClusterScene.running(pod(0), "a", address(0)));
    scene.clock.advance(Duration.ofMinutes(1));

    assertThat(scene.reconcile(flow).released()).hasSize(2);
    assertThat(scene.addressesOf(a)).containsExactly(address(0));
  }

  @Test
  void releasesNothingWhenThereIsNoPool() {
    scene.reconciling("{watch: false, managedRanges: [10.0.30.128/25]}");
    ReconcileFlow flow = withAddresses(3);
    scene.kubernetes.removePod("ns", pod(0));
    scene.kubernetes.removePool("p");

    ReconcileReport report = afterTheGrace(flow);

    stopped(report, 1, empty(1, "there is no IPPool"));

    scene.pool("p", "10.0.30.128/25");
    List.of(1, 2).forEach(i -> scene.kubernetes.reserve("p", address(i), "ns/" + pod(i), "net1"));
    scene.clock.advance(Duration.ofMinutes(1));

    assertThat(scene.reconcile(flow).released()).hasSize(1);
    assertThat(scene.addressesOf(a)).containsExactly(address(1), address(2));
  }

  @Test
  void releasesNothingWhenNoReservationIsLeftAndPodsShowTheirAddresses() {
    ReconcileFlow flow = withAddresses(3);
    scene.kubernetes.removePod("ns", pod(0));
    scene.kubernetes.releaseAll("p");

    ReconcileReport report = afterTheGrace(flow);

    stopped(
        report,
        1,
        empty(1, "no reservation is left, while living pods show addresses of the pools"));
    assertThat(held()).isEqualTo(3);

    List.of(1, 2).forEach(i -> scene.kubernetes.reserve("p", address(i), "ns/" + pod(i), "net1"));
    scene.clock.advance(Duration.ofMinutes(1));

    assertThat(scene.reconcile(flow).released()).hasSize(1);
    assertThat(scene.addressesOf(a)).containsExactly(address(1), address(2));
  }

  @Test
  void releasesTheLastAddressesWhereNoPodShowsAny() {
    ReconcileFlow flow = withAddresses(3);
    endFirst(3);
    scene.kubernetes.pod(ClusterScene.running("web", "a"));

    ReconcileReport report = afterTheGrace(flow);

    assertThat(report.guard()).isNull();
    assertThat(report.released()).hasSize(3);
    assertThat(held()).isZero();
  }

  // Unreadable.

  @Test
  void assignsNothingEitherWhereSomethingCanNotBeRead() {
    ReconcileFlow flow = withAddresses(3);
    endFirst(1);
    scene.pod("new", "b", "p", "10.0.30.200");
    scene.cluster.faults().on("list", "nodes").answer(500, "InternalError", "etcd is away");
    scene.cloud.calls().clear();

    ReconcileReport report = scene.reconcile(flow);

    assertThat(report.guard())
        .isEqualTo(
            new Guard("UNREADABLE", "list nodes on nodes failed: InternalError: etcd is away"));
    assertThat(report.drift()).isNull();
    assertThat(scene.changes()).isEmpty();
    assertThat(held()).isEqualTo(3);

    scene.cluster.faults().clear();

    assertThat(afterTheGrace(flow).released()).hasSize(1);
    assertThat(scene.addressesOf(b)).containsExactly("10.0.30.200");
  }

  @Test
  void releasesNothingWhereOnlyTheSecondReadingFails() {
    ReconcileFlow flow = withAddresses(3);
    endFirst(1);
    scene.reconcile(flow);
    scene.clock.advance(Duration.ofMinutes(1));
    scene.pod("new", "b", "p", "10.0.30.200");
    scene
        .cluster
        .faults()
        .on("list", "pods")
        .onCall(2)
        .answer(500, "InternalError", "etcd is away");

    ReconcileReport report = scene.reconcile(flow);

    assertThat(scene.addressesOf(b)).containsExactly("10.0.30.200");
    assertThat(report.released()).isEmpty();
    assertThat(report.guard()).isNull();
    assertThat(report.unfinished())
        .containsExactly(
            "nothing was released, since it could not be read again: list pods on pods failed:"
                + " InternalError: etcd is away");
    assertThat(report.drift()).isEqualTo(1);

    scene.cluster.faults().clear();

    assertThat(scene.reconcile(flow).released()).hasSize(1);
  }

  // A dry run.

  @Test
  void saysTheSameInADryRun() {
    withAddresses(20);
    endFirst(11);
    scene.pod("new", "b", "p", "10.0.30.200");
    scene.cloud.calls().clear();

    ReconcileReport report = scene.reconcile(scene.flow(true));

    assertThat(report.dryRun()).isTrue();
    assertThat(report.guard()).isEqualTo(tooMany(11, 20, "0.5"));
    assertThat(report.assigned()).hasSize(1);
    assertThat(scene.changes()).isEmpty();
    assertThat(held()).isEqualTo(20);
  }
}
