// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.ReconcileReport;
import io.multuseni.localcluster.PodSpec;
import io.multuseni.localcluster.StatusEntry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Addresses that pods show and whereabouts knows nothing of: IPAM static and host-local. */
class NetworkStatusSourceIT {
  private static final String STATUS_ALONE = "{watch: false, sources: [network-status]}";
  private static final String BOTH = "{watch: false, sources: [whereabouts, network-status]}";

  private final ClusterScene scene = new ClusterScene();
  private String a = "";
  private String b = "";

  @BeforeEach
  void nodes() {
    a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    b = scene.node("b", ClusterScene.M5_XLARGE, scene.n3).getFirst();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private void withoutWhereabouts() {
    List.of("ippools", "nodeslicepools", "overlappingrangeipreservations")
        .forEach(scene.cluster.faults()::withoutCrd);
  }

  private void hostLocal(String name, String subnet) {
    scene.kubernetes.definition(
        "ns",
        name,
        """
        {"type": "ipvlan", "master": "eth1",
         "ipam": {"type": "host-local", "ranges": [[{"subnet": "%s"}]]}}
        """
            .formatted(subnet));
  }

  /** A definition whose addresses stand in each pod's own annotation. */
  private void fixed(String name, String addresses) {
    scene.kubernetes.definition(
        "ns",
        name,
        """
        {"type": "ipvlan", "master": "eth1", "capabilities": {"ips": true},
         "ipam": {"type": "static", "addresses": [%s]}}
        """
            .formatted(addresses));
  }

  private static PodSpec shows(String pod, String node, String definition, String... addresses) {
    return PodSpec.of("ns", pod)
        .onNode(node)
        .networks("ns/" + definition)
        .status(StatusEntry.of("ns/" + definition, "net1", addresses));
  }

  private ReconcileReport afterTheGrace(ReconcileFlow flow) {
    scene.reconcile(flow);
    scene.clock.advance(Duration.ofMinutes(1));
    return scene.reconcile(flow);
  }

  @Test
  void followsHostLocalAddressesWithoutAnyWhereabouts() {
    withoutWhereabouts();
    scene.reconciling(STATUS_ALONE);
    hostLocal("local", "10.0.30.128/25");
    scene.kubernetes.pod(shows("one", "a", "local", "10.0.30.130"));
    scene.kubernetes.pod(shows("two", "b", "local", "10.0.30.131"));
    ReconcileFlow flow = scene.flow();

    ReconcileReport report = scene.reconcile(flow);

    assertThat(scene.addressesOf(a)).containsExactly("10.0.30.130");
    assertThat(scene.addressesOf(b)).containsExactly("10.0.30.131");
    assertThat(report.guard()).isNull();
    assertThat(report.problems()).isEmpty();
    assertThat(report.kubernetesCalls())
        .containsOnlyKeys("list network-attachment-definitions", "list nodes", "list pods");

    scene.kubernetes.removePod("ns", "one");
    ReconcileReport after = afterTheGrace(flow);

    assertThat(after.released())
        .containsExactly(new ReconcileReport.Released("10.0.30.130", a, "NO_RESERVATION"));
    assertThat(scene.addressesOf(a)).isEmpty();
    assertThat(scene.addressesOf(b)).containsExactly("10.0.30.131");
  }

  @Test
  void readsNothingOfWhereaboutsWhereItIsNoSource() {
    scene.reconciling(STATUS_ALONE);
    scene.pool("p", "10.0.30.128/25");
    scene.pod("by-whereabouts", "a", "p", "10.0.30.130");
    scene.kubernetes.definition(
        "ns",
        "n3",
        "{\"type\": \"ipvlan\", \"ipam\": {\"type\": \"whereabouts\", \"range\": \"10.0.30.128/25\"}}");
    scene.cloud.world().assignByHand(b, "10.0.30.140");

    ReconcileReport report = afterTheGrace(scene.flow());

    assertThat(scene.addressesOf(a)).isEmpty();
    assertThat(scene.addressesOf(b)).containsExactly("10.0.30.140");
    assertThat(report.unplaced()).isEmpty();
    assertThat(report.drift()).isZero();
  }

  @Test
  void assignsTheStaticAddressThatStandsInThePodsAnnotationAlone() {
    withoutWhereabouts();
    scene.reconciling(STATUS_ALONE);
    fixed("fixed", "{\"address\": \"10.0.30.9/24\"}");
    scene.kubernetes.pod(
        PodSpec.of("ns", "one")
            .onNode("a")
            .networks("[{\"name\": \"fixed\", \"ips\": [\"10.0.30.99/24\"]}]")
            .status(StatusEntry.of("ns/fixed", "net1", "10.0.30.99")));

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a)).containsExactly("10.0.30.99");
    assertThat(report.unplaced()).isEmpty();
  }

  @Test
  void keepsAStaticAddressThatNoRangeHoldsWhenItsPodIsGone() {
    scene.reconciling(STATUS_ALONE);
    fixed("fixed", "{\"address\": \"10.0.30.9/24\"}");
    scene.kubernetes.pod(shows("one", "a", "fixed", "10.0.30.99"));
    scene.kubernetes.pod(shows("two", "a", "fixed", "10.0.30.9"));
    ReconcileFlow flow = scene.flow();
    scene.reconcile(flow);
    scene.kubernetes.pod(PodSpec.of("ns", "web").onNode("a"));
    scene.kubernetes.removePod("ns", "one");
    scene.kubernetes.removePod("ns", "two");

    ReconcileReport report = afterTheGrace(flow);

    // Nothing says that 10.0.30.99 was ours; the other one stands in the definition.
    assertThat(scene.addressesOf(a)).containsExactly("10.0.30.99");
    assertThat(report.released())
        .extracting(ReconcileReport.Released::address)
        .containsExactly("10.0.30.9");
  }

  @Test
  void releasesAStaticAddressWithinTheManagedRanges() {
    scene.reconciling("{watch: false, sources: [network-status], managedRanges: [10.0.30.96/28]}");
    fixed("fixed", "{\"address\": \"10.0.30.9/24\"}");
    scene.kubernetes.pod(shows("one", "a", "fixed", "10.0.30.99"));
    ReconcileFlow flow = scene.flow();
    scene.reconcile(flow);
    scene.kubernetes.pod(PodSpec.of("ns", "web").onNode("a"));
    scene.kubernetes.removePod("ns", "one");
    scene.cloud.world().assignByHand(a, "10.0.30.120");

    ReconcileReport report = afterTheGrace(flow);

    assertThat(report.released())
        .extracting(ReconcileReport.Released::address)
        .containsExactly("10.0.30.99");
    assertThat(scene.addressesOf(a)).containsExactly("10.0.30.120");
  }

  @Test
  void movesAStaticAddressWithItsPod() {
    scene.reconciling(STATUS_ALONE);
    fixed("fixed", "{\"address\": \"10.0.30.9/24\"}");
    scene.kubernetes.pod(shows("one", "a", "fixed", "10.0.30.99", "fd00:30::99"));
    ReconcileFlow flow = scene.flow();
    scene.reconcile(flow);
    assertThat(scene.addressesOf(a)).containsExactly("10.0.30.99", "fd00:30::99");
    scene.kubernetes.changePod(shows("one", "b", "fixed", "10.0.30.99", "fd00:30::99"));

    ReconcileReport report = scene.reconcile(flow);

    assertThat(report.moved()).hasSize(2);
    assertThat(scene.addressesOf(a)).isEmpty();
    assertThat(scene.addressesOf(b)).containsExactly("10.0.30.99", "fd00:30::99");
  }

  @Test
  void leavesAloneWhatPodsShowByOtherPlugins() {
    scene.reconciling(STATUS_ALONE);
    scene.kubernetes.definition(
        "ns", "dhcp", "{\"type\": \"macvlan\", \"ipam\": {\"type\": \"dhcp\"}}");
    scene.kubernetes.pod(shows("one", "a", "dhcp", "10.0.30.130"));
    scene.kubernetes.pod(shows("two", "a", "unknown", "10.0.30.131"));
    scene.kubernetes.pod(
        PodSpec.of("ns", "three").onNode("a").status(StatusEntry.ofDefaultNetwork("10.0.0.77")));

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addresses()).isEmpty();
    assertThat(report.unplaced()).isEmpty();
    assertThat(report.drift()).isZero();
  }

  @Test
  void doesNotServeAFinishedPod() {
    scene.reconciling(STATUS_ALONE);
    hostLocal("local", "10.0.30.128/25");
    scene.kubernetes.pod(shows("one", "a", "local", "10.0.30.130").phase("Succeeded"));

    scene.reconcile();

    assertThat(scene.addresses()).isEmpty();
  }

  @Test
  void keepsOneOwnerWhereTwoNodesGiveTheSameAddress() {
    scene.reconciling(STATUS_ALONE);
    hostLocal("local", "10.0.30.128/25");
    scene.kubernetes.pod(shows("one", "a", "local", "10.0.30.130"));
    ReconcileFlow flow = scene.flow();
    scene.reconcile(flow);
    scene.kubernetes.pod(shows("two", "b", "local", "10.0.30.130"));
    scene.cloud.calls().clear();

    ReconcileReport report = afterTheGrace(flow);

    assertThat(scene.addressesOf(a)).containsExactly("10.0.30.130");
    assertThat(scene.addressesOf(b)).isEmpty();
    assertThat(scene.changes()).isEmpty();
    assertThat(report.unplaced())
        .containsExactly(
            new ReconcileReport.UnplacedAddress(
                "10.0.30.130",
                "ns/two",
                "CONFLICT",
                "10.0.30.130 of pod ns/two (claimed by ns/one on a, ns/two on b): pods on different"
                    + " network interfaces claim the address: delete one of them"));
  }

  @Test
  void servesBothSourcesSideBySide() {
    scene.reconciling(BOTH);
    scene.pool("p", "10.0.30.128/25");
    scene.pod("reserved", "a", "p", "10.0.30.130");
    hostLocal("local", "10.0.30.64/26");
    scene.kubernetes.pod(shows("shown", "a", "local", "10.0.30.70"));
    // In the pool, and shown too: one reservation.
    scene.kubernetes.reserve("p", "10.0.30.131", "ns/twice", "net1");
    scene.kubernetes.pod(shows("twice", "b", "local", "10.0.30.131"));
    ReconcileFlow flow = scene.flow();

    ReconcileReport report = scene.reconcile(flow);

    assertThat(scene.addressesOf(a)).containsExactly("10.0.30.130", "10.0.30.70");
    assertThat(scene.addressesOf(b)).containsExactly("10.0.30.131");
    assertThat(report.assigned()).hasSize(3);
    assertThat(report.unplaced()).isEmpty();

    scene.kubernetes.removePod("ns", "shown");
    scene.kubernetes.removePod("ns", "reserved");
    scene.kubernetes.release("p", "10.0.30.130");

    assertThat(afterTheGrace(flow).released()).hasSize(2);
    assertThat(scene.addressesOf(a)).isEmpty();
    assertThat(scene.addressesOf(b)).containsExactly("10.0.30.131");
  }

  @Test
  void needsWhereaboutsWhereItIsOneOfBothSources() {
    scene.reconciling(BOTH);
    hostLocal("local", "10.0.30.128/25");
    scene.kubernetes.pod(shows("one", "a", "local", "10.0.30.130"));
    withoutWhereabouts();

    ReconcileReport report = scene.reconcile();

    assertThat(report.guard()).extracting("kind").isEqualTo("UNREADABLE");
    assertThat(scene.addresses()).isEmpty();
  }
}
