// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.ReconcileReport;
import io.multuseni.localcluster.PodSpec;
import io.multuseni.localcluster.StatusEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a pass makes of reservations, on an EC2 and a Kubernetes API that answer over HTTP. */
class PassIT {
  private final ClusterScene scene = new ClusterScene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void givesEachReservedAddressToTheInterfaceOfItsPodsNode() {
    String a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    String b = scene.node("b", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.pool("p", "10.0.30.128/25");
    scene.pod("one", "a", "p", "10.0.30.130");
    scene.pod("two", "a", "p", "10.0.30.131");
    scene.pod("three", "b", "p", "10.0.30.132");

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a)).containsExactly("10.0.30.130", "10.0.30.131");
    assertThat(scene.addressesOf(b)).containsExactly("10.0.30.132");
    assertThat(report.assigned()).hasSize(3);
    assertThat(report.drift()).isZero();
    assertThat(scene.changes()).containsOnlyKeys("AssignPrivateIpAddresses").containsValue(2);

    scene.cloud.calls().clear();
    ReconcileReport again = scene.reconcile();

    assertThat(again.kept()).isEqualTo(3);
    assertThat(scene.changes()).isEmpty();
  }

  @Test
  void movesAnAddressInOneCallWhenItsPodIsOnAnotherNode() {
    String a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    String b = scene.node("b", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.pool("p", "10.0.30.128/25");
    scene.pod("sts-0", "a", "p", "10.0.30.130");
    scene.reconcile();
    scene.kubernetes.changePod(ClusterScene.running("sts-0", "b", "10.0.30.130"));
    scene.cloud.calls().clear();

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a)).isEmpty();
    assertThat(scene.addressesOf(b)).containsExactly("10.0.30.130");
    assertThat(report.moved())
        .extracting(ReconcileReport.Moved::fromNetworkInterfaceId)
        .containsExactly(a);
    assertThat(scene.changes()).containsOnlyKeys("AssignPrivateIpAddresses").containsValue(1);
  }

  @Test
  void waitsTheGraceOutBeforeAProcessWithoutMemoryReleases() {
    String a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.pool("p", "10.0.30.128/25");
    scene.pod("one", "a", "p", "10.0.30.130");
    scene.pod("two", "a", "p", "10.0.30.131");
    scene.reconcile();
    scene.kubernetes.removePod("ns", "two");
    scene.kubernetes.release("p", "10.0.30.131");
    Instant began = scene.clock.now();

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a)).containsExactly("10.0.30.130");
    assertThat(report.released())
        .containsExactly(new ReconcileReport.Released("10.0.30.131", a, "NO_RESERVATION"));
    assertThat(Duration.between(began, scene.clock.now()))
        .isGreaterThanOrEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void leavesAReleaseToTheNextPassWhereItRemembersThisOne() {
    String a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.pool("p", "10.0.30.128/25");
    scene.pod("one", "a", "p", "10.0.30.130");
    scene.pod("two", "a", "p", "10.0.30.131");
    ReconcileFlow flow = scene.flow();
    scene.reconcile(flow);
    scene.kubernetes.removePod("ns", "two");
    scene.kubernetes.release("p", "10.0.30.131");

    ReconcileReport first = scene.reconcile(flow);
    scene.clock.advance(Duration.ofMinutes(1));
    ReconcileReport second = scene.reconcile(flow);

    assertThat(first.released()).isEmpty();
    assertThat(first.pendingRelease()).hasSize(1);
    assertThat(first.drift()).isZero();
    assertThat(second.released()).hasSize(1);
    assertThat(scene.addressesOf(a)).containsExactly("10.0.30.130");
  }

  @Test
  void givesBothFamiliesOfADualStackPodToOneInterface() {
    String a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3, scene.n6).getFirst();
    scene.pool("p4", "10.0.30.128/25");
    scene.pool("p6", "fd00:30::1:0/112");
    scene.kubernetes.reserve("p4", "10.0.30.130", "ns/dual", "net1");
    scene.kubernetes.reserve("p6", "fd00:30::1:10", "ns/dual", "net1");
    scene.kubernetes.pod(
        PodSpec.of("ns", "dual")
            .onNode("a")
            .phase("Running")
            .networks("ns/n3")
            .status(StatusEntry.of("ns/n3", "net1", "10.0.30.130", "fd00:30::1:10")));

    ReconcileReport report = scene.reconcile();

    assertThat(scene.addressesOf(a)).containsExactly("10.0.30.130", "fd00:30::1:10");
    assertThat(report.unplaced()).isEmpty();
    assertThat(scene.changes().keySet())
        .isEqualTo(Set.of("AssignIpv6Addresses", "AssignPrivateIpAddresses"));
  }
}
