// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.ReconcileReport;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** EC2 shows a changed address some seconds after it has answered the call. */
class LagIT {
  private final ClusterScene scene =
      new ClusterScene(settings -> settings.withAddressLag(Duration.ofSeconds(2)));

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void sendsNoCallTwiceWithinAPassWhereItReadsWhatIsNotShownYet() {
    String a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.reconciling("{watch: false, releaseGraceSeconds: 0}");
    scene.pool("p", "10.0.30.128/25");
    scene.pod("one", "a", "p", "10.0.30.130");
    scene.cloud.world().assignByHand(a, "10.0.30.200");
    scene.clock.advance(Duration.ofSeconds(5));

    ReconcileReport report = scene.reconcile();

    assertThat(report.released()).hasSize(1);
    assertThat(report.drift()).isZero();
    assertThat(scene.addressesOf(a)).containsExactly("10.0.30.130");
    assertThat(scene.changes())
        .containsEntry("AssignPrivateIpAddresses", 1)
        .containsEntry("UnassignPrivateIpAddresses", 1);
  }

  @Test
  void reportsNoFaultWhereAnotherRunHasJustAssignedTheAddress() {
    String a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3, scene.n6).getFirst();
    scene.pool("p", "10.0.30.128/25");
    scene.pool("p6", "fd00:30::1:0/112");
    scene.pod("one", "a", "p", "10.0.30.130");
    scene.kubernetes.reserve("p6", "fd00:30::1:10", "ns/one", "net1");
    scene.kubernetes.changePod(ClusterScene.running("one", "a", "10.0.30.130", "fd00:30::1:10"));

    scene.reconcile();
    ReconcileReport atOnce = scene.reconcile();

    assertThat(atOnce.unplaced()).isEmpty();
    assertThat(atOnce.unfinished()).isEmpty();
    assertThat(atOnce.drift()).isZero();
    assertThat(scene.addressesOf(a)).containsExactly("10.0.30.130", "fd00:30::1:10");
  }

  @Test
  void takesAnAddressOverOnceWhereTheOldInterfaceStillShowsIt() {
    String a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    String b = scene.node("b", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.pool("p", "10.0.30.128/25");
    scene.pod("one", "a", "p", "10.0.30.130");
    scene.reconcile();
    scene.clock.advance(Duration.ofSeconds(5));
    scene.kubernetes.changePod(ClusterScene.running("one", "b", "10.0.30.130"));

    scene.reconcile();
    ReconcileReport atOnce = scene.reconcile();

    assertThat(atOnce.drift()).isZero();
    assertThat(scene.addressesOf(a)).isEmpty();
    assertThat(scene.addressesOf(b)).containsExactly("10.0.30.130");
  }
}
