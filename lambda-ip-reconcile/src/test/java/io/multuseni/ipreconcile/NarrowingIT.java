// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.ReconcileReport;
import io.multuseni.core.report.ReconcileReport.UnplacedAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * One bad address in a call that EC2 does as a whole or not at all: it is found, left out and told,
 * and the others are done.
 */
class NarrowingIT {
  private static final String ASSIGN = "AssignPrivateIpAddresses";
  private static final String ASSIGN_6 = "AssignIpv6Addresses";
  private static final String BAD = "10.0.30.132";
  private static final String BAD_6 = "fd00:30::1:132";

  private final ClusterScene scene = new ClusterScene();

  @AfterEach
  void close() {
    scene.close();
  }

  /** A node whose five pods have the addresses 130 to 134, reserved and not yet assigned. */
  private String fiveOnA() {
    String id = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.pool("p", "10.0.30.128/25");
    IntStream.range(130, 135).forEach(i -> scene.pod("pod-" + i, "a", "p", "10.0.30." + i));
    return id;
  }

  private String fiveIpv6OnA() {
    String id = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.pool("p6", "fd00:30::1:0/112");
    IntStream.range(130, 135).forEach(i -> scene.pod("pod-" + i, "a", "p6", "fd00:30::1:" + i));
    return id;
  }

  private static UnplacedAddress bad(String reason, String detail, String remedy) {
    return unplaced(BAD, reason, detail, remedy);
  }

  private static UnplacedAddress unplaced(
      String address, String reason, String detail, String remedy) {
    String pod = "ns/pod-" + address.replaceAll(".*[.:]", "");
    return new UnplacedAddress(
        address, pod, reason, "%s of pod %s (%s): %s".formatted(address, pod, detail, remedy));
  }

  private static final String TAKE_IT_FROM_THERE =
      "the address is on a network interface that isn't this cluster's: take it from there, or"
          + " exclude it from the pool";

  private static final String EXCLUDE_THE_PRIMARY =
      "the address is the primary one of a network interface and can't be moved: exclude it from the"
          + " pool, and keep the pool's range out of EC2's choice with a CIDR reservation";

  @Test
  void leavesOutTheAddressThatAForeignInterfaceHas() {
    String a = fiveOnA();
    String foreign = scene.networkInterface(scene.n3, "another-cluster", "10.0.30.5");
    scene.cloud.world().assignByHand(foreign, BAD);

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a))
        .containsExactly("10.0.30.130", "10.0.30.131", "10.0.30.133", "10.0.30.134");
    assertThat(scene.addressesOf(foreign)).containsExactly(BAD);
    assertThat(report.unplaced())
        .containsExactly(bad("FOREIGN_HOLDER", "on " + foreign, TAKE_IT_FROM_THERE));
    assertThat(report.unfinished()).isEmpty();
    assertThat(report.drift()).isEqualTo(1);
    assertThat(scene.changes()).containsExactly(Map.entry(ASSIGN, 2));
  }

  @Test
  void leavesOutTheAddressThatIsPrimaryOnAForeignInterface() {
    String a = fiveOnA();
    String foreign = scene.networkInterface(scene.n3, "another-cluster", BAD);

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a)).hasSize(4).doesNotContain(BAD);
    assertThat(report.unplaced())
        .containsExactly(
            bad("FOREIGN_HOLDER", "primary address of " + foreign, TAKE_IT_FROM_THERE));
    assertThat(scene.changes()).containsExactly(Map.entry(ASSIGN, 2));
  }

  @Test
  void sendsNothingForAPrimaryAddressOfItsOwn() {
    String a = fiveOnA();
    String ours = scene.networkInterface(scene.n3, ClusterScene.CLUSTER, BAD);

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a)).hasSize(4).doesNotContain(BAD);
    assertThat(report.unplaced())
        .containsExactly(bad("PRIMARY_ADDRESS", "of " + ours, EXCLUDE_THE_PRIMARY));
    assertThat(scene.changes()).containsExactly(Map.entry(ASSIGN, 1));
  }

  @Test
  void leavesOutTheAddressThatBecamePrimaryOnOneOfItsOwnMeanwhile() {
    String a = fiveOnA();
    String[] ours = new String[1];
    scene
        .cloud
        .faults()
        .fail(ASSIGN)
        .run(() -> ours[0] = scene.networkInterface(scene.n3, ClusterScene.CLUSTER, BAD));

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a)).hasSize(4).doesNotContain(BAD);
    assertThat(report.unplaced())
        .containsExactly(
            bad("PRIMARY_ADDRESS", "primary address of " + ours[0], EXCLUDE_THE_PRIMARY));
    assertThat(scene.changes()).containsExactly(Map.entry(ASSIGN, 2));
  }

  @Test
  void leavesOutTheAddressThatNobodyVisibleHas() {
    String a = fiveOnA();
    scene.cloud.world().occupy(scene.n3, BAD);

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a)).hasSize(4).doesNotContain(BAD);
    assertThat(report.unplaced())
        .containsExactly(
            bad(
                "FOREIGN_HOLDER",
                "says EC2, which shows no holder:"
                    + " InvalidParameterValue: [10.0.30.132] assigned, but move is not allowed.",
                TAKE_IT_FROM_THERE));
    assertThat(scene.changes()).containsExactly(Map.entry(ASSIGN, 2));
  }

  @Test
  void leavesOutTheAddressThatEc2SaysIsOutsideOfTheSubnet() {
    String a = fiveOnA();
    scene
        .cloud
        .faults()
        .fail(ASSIGN)
        .with(
            "InvalidParameterValue",
            400,
            "Address 10.0.30.132 does not fall within the subnet's address range");

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a)).hasSize(4).doesNotContain(BAD);
    assertThat(report.unplaced())
        .containsExactly(
            bad(
                "REFUSED",
                "says EC2, which shows no holder:"
                    + " InvalidParameterValue: Address 10.0.30.132 does not fall within the"
                    + " subnet's address range",
                "EC2 refuses it: mend what EC2 names, or exclude the address from the pool"));
    assertThat(scene.changes()).containsExactly(Map.entry(ASSIGN, 2));
  }

  @Test
  void findsTheBadIpv6AddressThatEc2DoesNotName() {
    String a = fiveIpv6OnA();
    String foreign = scene.networkInterface(scene.n3, "another-cluster", "10.0.30.5");
    scene.cloud.world().assignByHand(foreign, BAD_6);

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a))
        .containsExactly("fd00:30::1:130", "fd00:30::1:131", "fd00:30::1:133", "fd00:30::1:134");
    assertThat(scene.addressesOf(foreign)).containsExactly(BAD_6);
    assertThat(report.unplaced())
        .containsExactly(unplaced(BAD_6, "FOREIGN_HOLDER", "on " + foreign, TAKE_IT_FROM_THERE));
    // All five; the first two; the other three; the bad one; the last two.
    assertThat(scene.changes()).containsExactly(Map.entry(ASSIGN_6, 5));
  }

  @Test
  void fillsAnInterfaceToTheLimitOfTheRealInstanceWhereTheLabelPromisesMore() {
    String a = scene.node("a", ClusterScene.T3_MEDIUM, scene.n3).getFirst();
    scene.kubernetes.node("a", scene.instance("a"), ClusterScene.ZONE_A, ClusterScene.M5_XLARGE);
    scene.pool("p", "10.0.30.128/25");
    IntStream.range(130, 138).forEach(i -> scene.pod("pod-" + i, "a", "p", "10.0.30." + i));

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a))
        .containsExactly("10.0.30.130", "10.0.30.131", "10.0.30.132", "10.0.30.133", "10.0.30.134");
    assertThat(report.unplaced())
        .containsExactlyElementsOf(
            List.of("10.0.30.135", "10.0.30.136", "10.0.30.137").stream()
                .map(address ->
                    unplaced(
                        address,
                        "INTERFACE_FULL",
                        a + ", says EC2: PrivateIpAddressLimitExceeded",
                        "the network interface holds as many addresses as its instance type"
                            + " allows: use a larger type, or fewer pods per node"))
                .toList());
    assertThat(report.unfinished()).isEmpty();
    assertThat(report.drift()).isEqualTo(3);
    assertThat(scene.changes()).containsExactly(Map.entry(ASSIGN, 9));
  }

  @Test
  void takesOverWhatAnotherInterfaceOfOursGotMeanwhile() {
    String a = fiveOnA();
    String b = scene.node("b", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.cloud.faults().fail(ASSIGN).run(() -> scene.cloud.world().assignByHand(b, BAD));

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a)).hasSize(5).contains(BAD);
    assertThat(scene.addressesOf(b)).isEmpty();
    assertThat(report.assigned()).hasSize(4);
    assertThat(report.moved())
        .singleElement()
        .satisfies(moved -> {
          assertThat(moved.address()).isEqualTo(BAD);
          assertThat(moved.fromNetworkInterfaceId()).isEqualTo(b);
          assertThat(moved.networkInterfaceId()).isEqualTo(a);
        });
    assertThat(report.unplaced()).isEmpty();
    assertThat(report.drift()).isZero();
    assertThat(scene.changes()).containsExactly(Map.entry(ASSIGN, 3));
  }

  @Test
  void takesOverTheIpv6AddressThatAnotherInterfaceOfOursGotMeanwhile() {
    String a = fiveIpv6OnA();
    String b = scene.node("b", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.cloud.faults().fail(ASSIGN_6).run(() -> scene.cloud.world().assignByHand(b, BAD_6));

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a)).hasSize(5).contains(BAD_6);
    assertThat(scene.addressesOf(b)).isEmpty();
    assertThat(report.moved())
        .extracting(ReconcileReport.Moved::fromNetworkInterfaceId)
        .containsExactly(b);
    assertThat(report.drift()).isZero();
    assertThat(scene.changes())
        .containsExactly(Map.entry(ASSIGN_6, 6), Map.entry("UnassignIpv6Addresses", 1));
  }

  @Test
  void isContentWhenAnotherRunAssignsTheSameMeanwhile() {
    String a = fiveIpv6OnA();
    scene
        .cloud
        .faults()
        .fail(ASSIGN_6)
        .run(() -> scene.cloud.world().assignByHand(a, BAD_6, "fd00:30::1:134"));

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a)).hasSize(5);
    assertThat(report.assigned()).hasSize(5);
    assertThat(report.unplaced()).isEmpty();
    assertThat(report.unfinished()).isEmpty();
    assertThat(report.drift()).isZero();
    // All five; then the three that are left, in two parts.
    assertThat(scene.changes()).containsExactly(Map.entry(ASSIGN_6, 3));
  }

  @Test
  void goesOnWithoutAnInterfaceThatIsDeletedMeanwhile() {
    String a = fiveOnA();
    String b = scene.node("b", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.pod("other", "b", "p", "10.0.30.150");
    scene
        .cloud
        .faults()
        .fail("DescribeNetworkInterfaces")
        .afterEffect()
        .run(() -> scene.cloud.world().deleteByHand(a));
    ReconcileFlow flow = scene.flow();

    ReconcileReport report = scene.reconcile(flow);

    assertThat(scene.addressesOf(b)).containsExactly("10.0.30.150");
    assertThat(report.unfinished())
        .containsExactly(
            ASSIGN
                + " on "
                + a
                + ": 10.0.30.130, 10.0.30.131, 10.0.30.132, 10.0.30.133, 10.0.30.134 failed:"
                + " InvalidNetworkInterfaceID.NotFound: The networkInterface ID '"
                + a
                + "' does not exist");
    assertThat(report.drift()).isEqualTo(5);
    assertThat(scene.changes()).containsExactly(Map.entry(ASSIGN, 2));

    ReconcileReport next = scene.reconcile(flow);

    assertThat(next.unfinished()).isEmpty();
    assertThat(next.unplaced()).hasSize(5);
    assertThat(next.unplaced().getFirst())
        .isEqualTo(
            unplaced(
                "10.0.30.130",
                "NODE_NOT_OURS",
                "node a, instance " + scene.instance("a"),
                "the pod's node has no network interface of this cluster: let it be provisioned"
                    + " (backfill), or keep the pod off such nodes"));
  }

  @Test
  void givesIpv4WhereIpv6IsDenied() {
    String a = fiveOnA();
    scene.pool("p6", "fd00:30::1:0/112");
    scene.pod("six", "a", "p6", "fd00:30::1:6");
    scene
        .cloud
        .faults()
        .fail(ASSIGN_6)
        .always()
        .with("UnauthorizedOperation", 403, "You are not authorized to perform this operation.");

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a)).hasSize(5);
    assertThat(report.assigned()).hasSize(5);
    assertThat(report.unfinished())
        .containsExactly(
            ASSIGN_6
                + " on "
                + a
                + ": fd00:30::1:6 failed: UnauthorizedOperation: You are not authorized to perform"
                + " this operation.");
    assertThat(report.drift()).isEqualTo(1);
    assertThat(scene.changes()).containsExactly(Map.entry(ASSIGN_6, 1), Map.entry(ASSIGN, 1));
  }

  @Test
  void servesTheOtherInterfacesWhereASubnetIsFull() {
    String a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    String b = scene.node("b", ClusterScene.M5_XLARGE, scene.n6).getFirst();
    scene.pool("p3", "10.0.30.128/25");
    scene.pool("p6", "10.0.60.128/25");
    scene.pod("three", "a", "p3", "10.0.30.130");
    scene.pod("six", "b", "p6", "10.0.60.130");
    // Which of the two comes first is theirs to settle.
    scene
        .cloud
        .faults()
        .fail(ASSIGN)
        .with(
            "InvalidParameterValue",
            400,
            "There aren't sufficient free Ipv4 addresses or prefixes");
    ReconcileFlow flow = scene.flow();

    ReconcileReport report = scene.reconcile(flow);

    assertThat(report.assigned()).hasSize(1);
    String done = report.assigned().getFirst().networkInterfaceId();
    String left = done.equals(a) ? b : a;
    assertThat(scene.addressesOf(done)).hasSize(1);
    assertThat(report.unfinished())
        .containsExactly(
            ASSIGN
                + " on "
                + left
                + ": "
                + (left.equals(a) ? "10.0.30.130" : "10.0.60.130")
                + " failed: InvalidParameterValue: There aren't sufficient free Ipv4 addresses or"
                + " prefixes");
    assertThat(report.drift()).isEqualTo(1);
    assertThat(scene.changes()).containsExactly(Map.entry(ASSIGN, 2));

    assertThat(scene.reconcile(flow).drift()).isZero();
    assertThat(scene.addressesOf(left)).hasSize(1);
  }

  @Test
  void releasesTheOthersWhenOneIsGoneAlready() {
    String a = fiveOnA();
    ReconcileFlow flow = scene.flow();
    scene.reconcile(flow);
    IntStream.range(132, 135)
        .forEach(i -> {
          scene.kubernetes.removePod("ns", "pod-" + i);
          scene.kubernetes.release("p", "10.0.30." + i);
        });
    scene.reconcile(flow);
    scene.clock.advance(Duration.ofMinutes(1));
    scene.cloud.calls().clear();
    scene
        .cloud
        .faults()
        .fail("UnassignPrivateIpAddresses")
        .run(() -> scene.cloud.world().unassignByHand(a, BAD));

    ReconcileReport report = scene.reconcile(flow);

    assertThat(scene.addressesOf(a)).containsExactly("10.0.30.130", "10.0.30.131");
    assertThat(report.unfinished()).isEmpty();
    assertThat(report.pendingRelease()).isEmpty();
    assertThat(report.drift()).isZero();
    assertThat(scene.changes()).containsExactly(Map.entry("UnassignPrivateIpAddresses", 2));
  }

  @Test
  void releasesNothingMoreFromAnInterfaceThatIsDeletedMeanwhile() {
    String a = fiveOnA();
    ReconcileFlow flow = scene.flow();
    scene.reconcile(flow);
    scene.kubernetes.removePod("ns", "pod-132");
    scene.kubernetes.release("p", BAD);
    scene.reconcile(flow);
    scene.clock.advance(Duration.ofMinutes(1));
    scene
        .cloud
        .faults()
        .fail("UnassignPrivateIpAddresses")
        .run(() -> scene.cloud.world().deleteByHand(a));

    ReconcileReport report = scene.reconcile(flow);

    assertThat(scene.cloud.world().networkInterface(a)).isEqualTo(Optional.empty());
    assertThat(report.unfinished()).isEmpty();
    assertThat(report.pendingRelease()).isEmpty();
  }
}
