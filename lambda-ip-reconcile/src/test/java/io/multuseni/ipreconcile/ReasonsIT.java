// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.address.UnplacedReason;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.core.report.ReconcileReport.UnplacedAddress;
import io.multuseni.localcloud.ec2.InterfaceView;
import io.multuseni.localcluster.PodSpec;
import io.multuseni.localcluster.StatusEntry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every reason why an address can't be served, all of them in one pass over one cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReasonsIT {
  private final ClusterScene scene = new ClusterScene();

  /** What is told, by its reason: the address, the pod, the detail, and what to do. */
  private final Map<UnplacedReason, List<UnplacedAddress>> expected =
      new EnumMap<>(UnplacedReason.class);

  private String a = "";
  private List<UnplacedAddress> told = List.of();
  private int drift = -1;

  @BeforeAll
  void onePass() {
    a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.node("b", ClusterScene.M5_XLARGE, scene.n3);
    List<String> twins = scene.node("twins", ClusterScene.M5_XLARGE, scene.n3, scene.n3);
    String small = scene.node("small", ClusterScene.T3_MEDIUM, scene.n3).getFirst();
    scene.node("bare", ClusterScene.M5_XLARGE);
    scene.kubernetes.nodeWithoutProviderId("new");
    scene.pool("p", "10.0.30.128/25");
    scene.pool("overlapping", "10.0.30.128/26");
    scene.pool("low", "10.0.30.0/28");
    scene.pool("n6", "10.0.60.128/25");
    scene.pool("v6", "fd00:30::1:0/112");
    InterfaceView ofA = scene.cloud.world().networkInterface(a).orElseThrow();

    scene.kubernetes.reserve("p", "10.0.30.130", "ns/gone", "net1");
    expect(
        UnplacedReason.POD_GONE,
        "10.0.30.130",
        "ns/gone",
        ": the pod doesn't exist; whereabouts frees the reservation when its own reconciler runs");

    scene.kubernetes.reserve("p", "10.0.30.131", "ns/done", "net1");
    scene.kubernetes.pod(ClusterScene.running("done", "a", "10.0.30.131").phase("Succeeded"));
    expect(
        UnplacedReason.POD_FINISHED,
        "10.0.30.131",
        "ns/done",
        ": the pod has finished; delete it, or wait for whereabouts to free it");

    scene.kubernetes.reserve("p", "10.0.30.132", "ns/sts-0", "net1");
    scene.pod("sts-0", "a", "p", "10.0.30.133");
    expect(
        UnplacedReason.SUPERSEDED,
        "10.0.30.132",
        "ns/sts-0",
        ": the pod's network-status shows another reserved address for this interface; whereabouts"
            + " frees this one when its own reconciler runs");

    scene.kubernetes.reserve("p", "10.0.30.134", "ns/waits", "net1");
    scene.kubernetes.pod(PodSpec.of("ns", "waits").phase("Pending"));
    expect(
        UnplacedReason.POD_NOT_SCHEDULED,
        "10.0.30.134",
        "ns/waits",
        ": the pod is not scheduled; its node decides the network interface");

    scene.pod("left", "was-here", "p", "10.0.30.135");
    expect(
        UnplacedReason.NODE_GONE,
        "10.0.30.135",
        "ns/left",
        " (node was-here): the pod's node is no longer in the cluster");

    scene.pod("early", "new", "p", "10.0.30.136");
    expect(
        UnplacedReason.NODE_WITHOUT_INSTANCE,
        "10.0.30.136",
        "ns/early",
        " (node new): the pod's node names no EC2 instance in spec.providerID; if it stays so, the"
            + " cloud controller doesn't know the node");

    scene.pod("lost", "bare", "p", "10.0.30.137");
    expect(
        UnplacedReason.NODE_NOT_OURS,
        "10.0.30.137",
        "ns/lost",
        " (node bare, instance %s): the pod's node has no network interface of this cluster: let it"
                .formatted(scene.instance("bare"))
            + " be provisioned (backfill), or keep the pod off such nodes");

    scene.pod("astray", "a", "n6", "10.0.60.130");
    expect(
        UnplacedReason.NO_INTERFACE,
        "10.0.60.130",
        "ns/astray",
        " (none of %s is in a subnet that holds the address): no network interface of the node fits:"
                .formatted(a)
            + " run the pod on nodes that have the network, or correct the definition or the pool's"
            + " range");

    scene.pod("either", "twins", "p", "10.0.30.138");
    expect(
        UnplacedReason.AMBIGUOUS_INTERFACE,
        "10.0.30.138",
        "ns/either",
        " (%s): several network interfaces of the node are in the address's subnet, and nothing tells"
                .formatted(String.join(", ", twins.stream().sorted().toList()))
            + " which one the pod sends through: name master or pciBusID in the definition");

    scene.kubernetes.reserve("n6", "10.0.60.131", "ns/outside", "net1");
    scene.kubernetes.pod(
        PodSpec.of("ns", "outside")
            .onNode("a")
            .status(StatusEntry.of("ns/n6", "net1", "10.0.60.131").withMac(ofA.macAddress())));
    expect(
        UnplacedReason.OUTSIDE_SUBNET,
        "10.0.60.131",
        "ns/outside",
        " (%s is in %s [10.0.30.0/24, fd00:30::/64]): the pod's network interface is in a subnet that"
                .formatted(a, scene.n3)
            + " doesn't hold the address: give each subnet a pool and a definition of its own");

    scene.pod("router", "a", "low", "10.0.30.1");
    expect(
        UnplacedReason.RESERVED_BY_AWS,
        "10.0.30.1",
        "ns/router",
        " (%s): AWS keeps the first four addresses of a subnet and the last: exclude them from the"
                .formatted(scene.n3)
            + " pool");

    scene.pod("primary", "b", "low", ofA.primaryAddress());
    expect(
        UnplacedReason.PRIMARY_ADDRESS,
        ofA.primaryAddress(),
        "ns/primary",
        " (of %s): the address is the primary one of a network interface and can't be moved: exclude"
                .formatted(a)
            + " it from the pool, and keep the pool's range out of EC2's choice with a CIDR"
            + " reservation");

    scene.pod("one", "a", "p", "10.0.30.139");
    scene.pod("other", "b", "overlapping", "10.0.30.139");
    for (String pod : List.of("ns/one", "ns/other")) {
      expect(
          UnplacedReason.CONFLICT,
          "10.0.30.139",
          pod,
          " (claimed by ns/one on a, ns/other on b): pods on different network interfaces claim the"
              + " address: delete one of them");
    }

    scene.kubernetes.definition(
        "ns",
        "excluding",
        "{\"ipam\": {\"type\": \"whereabouts\", \"range\": \"10.0.30.128/25\","
            + " \"exclude\": [\"10.0.30.250/32\"]}}");
    scene.pod("excluded", "a", "p", "10.0.30.250");
    expect(
        UnplacedReason.NOT_MANAGED,
        "10.0.30.250",
        "ns/excluded",
        ": the definition excludes the address, so it is never touched: recreate the pod, or end the"
            + " exclusion");

    IntStream.range(200, 206).forEach(i -> scene.pod("pod-" + i, "small", "p", "10.0.30." + i));
    expect(
        UnplacedReason.INTERFACE_FULL,
        "10.0.30.205",
        "ns/pod-205",
        " (%s holds 6, its primary address included): the network interface holds as many addresses"
                .formatted(small)
            + " as its instance type allows: use a larger type, or fewer pods per node");

    String foreign = scene.networkInterface(scene.n3, "another-cluster", "10.0.30.100");
    scene.cloud.world().assignByHand(foreign, "10.0.30.210");
    scene.pod("theirs", "a", "p", "10.0.30.210");
    expect(
        UnplacedReason.FOREIGN_HOLDER,
        "10.0.30.210",
        "ns/theirs",
        " (on %s): the address is on a network interface that isn't this cluster's: take it from"
                .formatted(foreign)
            + " there, or exclude it from the pool");

    scene.pod("six", "a", "v6", "fd00:30::1:6");
    scene
        .cloud
        .faults()
        .fail("AssignIpv6Addresses")
        .with("InvalidParameterValue", 400, "not this one");
    expect(
        UnplacedReason.REFUSED,
        "fd00:30::1:6",
        "ns/six",
        " (says EC2, which shows no holder: InvalidParameterValue: not this one): EC2 refuses it:"
            + " mend what EC2 names, or exclude the address from the pool");

    ReconcileReport report = scene.reconcile();
    told = report.unplaced();
    drift = Objects.requireNonNullElse(report.drift(), -1);
  }

  @AfterAll
  void close() {
    scene.close();
  }

  private void expect(UnplacedReason reason, String address, String pod, String rest) {
    UnplacedAddress one =
        new UnplacedAddress(address, pod, reason.name(), address + " of pod " + pod + rest);
    expected.merge(
        reason, List.of(one), (before, more) -> List.of(before.getFirst(), more.getFirst()));
  }

  @ParameterizedTest
  @EnumSource(UnplacedReason.class)
  void tellsWhatStandsInTheWayAndWhatToDo(UnplacedReason reason) {
    assertThat(told)
        .filteredOn(one -> one.reason().equals(reason.name()))
        .containsExactlyInAnyOrderElementsOf(expected.getOrDefault(reason, List.of()))
        .isNotEmpty();
  }

  @Test
  void servesEverythingElse() {
    assertThat(scene.addressesOf(a)).containsExactly("10.0.30.133");
    assertThat(scene.addresses().values().stream().mapToInt(addresses -> addresses.size()).sum())
        .as("that one, five on the small node, and the foreign one")
        .isEqualTo(7);
  }

  @Test
  void countsAsDriftWhatALivingPodWaitsFor() {
    long waiting =
        told.stream().filter(one -> UnplacedReason.valueOf(one.reason()).isFault()).count();

    assertThat(told).hasSize(UnplacedReason.values().length + 1);
    assertThat(drift).isEqualTo((int) waiting);
  }
}
