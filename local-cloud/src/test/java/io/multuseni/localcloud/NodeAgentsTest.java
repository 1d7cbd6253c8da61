// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.multuseni.localcloud.autoscaling.GroupSpec;
import io.multuseni.localcloud.autoscaling.WarmPoolSpec;
import io.multuseni.localcloud.ec2.InterfaceView;
import io.multuseni.localcloud.ec2.KubeletView;
import io.multuseni.localcloud.ec2.NodeAgents;
import io.multuseni.localcloud.ec2.NodeAgents.Gate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Kubelet and the VPC CNI start by themselves, and a gate holds them. */
class NodeAgentsTest {
  private static final Duration BOOT = Duration.ofSeconds(30);
  private static final Duration CNI = Duration.ofSeconds(10);
  private static final Duration WAIT = Duration.ofMinutes(15);
  private static final Duration REST = Duration.ofMillis(1);
  private static final NodeAgents FREE = NodeAgents.of(BOOT, CNI);
  private static final NodeAgents GATED = NodeAgents.of(BOOT, CNI, Gate.onFirstCard(2, WAIT));

  @Test
  void givesTheVpcCniTheFirstPlaceWhenNothingHoldsKubelet() {
    try (Fixture f = Fixture.start()) {
      String node = launch(f, FREE);
      f.pass(BOOT.minus(REST));
      assertThat(kubelet(f, node)).isEqualTo(view(KubeletView.State.WAITING));

      f.pass(REST);
      assertThat(kubelet(f, node)).isEqualTo(running(Fixture.START.plus(BOOT)));
      assertThat(devices(f, node)).containsExactly(0);

      f.pass(CNI);
      InterfaceView taken = f.world.instance(node).interfaces().get(1);
      assertThat(taken.attachment().orElseThrow().deviceIndex()).isEqualTo(1);
      assertThat(taken.tags())
          .containsEntry("node.k8s.amazonaws.com/instance_id", node)
          .containsEntry("node.k8s.amazonaws.com/createdAt", "2026-03-01T12:00:40Z")
          .doesNotContainKey("node.k8s.amazonaws.com/no_manage");

      f.pass(Duration.ofHours(1));
      assertThat(devices(f, node)).as("one is enough").containsExactly(0, 1);
    }
  }

  @Test
  void holdsKubeletUntilEachPlaceIsTaken() {
    try (Fixture f = Fixture.start(s -> s.withAttachTime(Duration.ofSeconds(5)))) {
      String node = launch(f, GATED);
      f.pass(Duration.ofMinutes(2));
      f.attach(f.create(), node, 1);
      f.pass(Duration.ofSeconds(8));
      f.attach(f.create(), node, 2);
      assertThat(kubelet(f, node).state()).isEqualTo(KubeletView.State.WAITING);

      f.pass(Duration.ofSeconds(5));

      assertThat(kubelet(f, node)).isEqualTo(running(Fixture.START.plusSeconds(120 + 8 + 5)));
      f.pass(CNI);
      assertThat(devices(f, node)).containsExactly(0, 1, 2, 3);
    }
  }

  @Test
  void holdsKubeletWhileAPlaceBeforeAnotherIsEmpty() {
    try (Fixture f = Fixture.start()) {
      String node = launch(f, GATED);
      f.attach(f.create(), node, 2);

      f.pass(Duration.ofMinutes(10));

      assertThat(kubelet(f, node).state()).isEqualTo(KubeletView.State.WAITING);
      assertThat(devices(f, node)).containsExactly(0, 2);
    }
  }

  @Test
  void barsKubeletForGoodWhenTheWaitIsOver() {
    try (Fixture f = Fixture.start()) {
      String node = launch(f, GATED);
      f.attach(f.create(), node, 1);
      f.pass(BOOT.plus(WAIT));
      assertThat(kubelet(f, node).state()).isEqualTo(KubeletView.State.WAITING);

      f.pass(REST);
      f.attach(f.create(), node, 2);
      f.pass(Duration.ofHours(1));

      assertThat(kubelet(f, node)).isEqualTo(view(KubeletView.State.BARRED));
      assertThat(devices(f, node)).containsExactly(0, 1, 2);
    }
  }

  @Test
  void openedInTimeThoughNobodyLookedUntilLater() {
    try (Fixture f = Fixture.start(s -> s.withAttachTime(Duration.ofSeconds(5)))) {
      String node = launch(f, GATED);
      f.attach(f.create(), node, 1);
      f.attach(f.create(), node, 2);

      f.pass(Duration.ofHours(1));

      assertThat(kubelet(f, node)).isEqualTo(running(Fixture.START.plus(BOOT)));
    }
  }

  @Test
  void bootsAnewOutOfTheWarmPool() {
    try (Fixture f = Fixture.start()) {
      f.world.autoScalingGroup(
          "workers",
          GroupSpec.of("c5.xlarge", f.subnetA)
              .withWarmPool(WarmPoolSpec.ofStopped())
              .withNodeAgents(GATED));
      String node = f.world.launchIntoWarmPool("workers", 1).getFirst();
      assertThat(kubelet(f, node).state()).isEqualTo(KubeletView.State.OFF);
      f.attach(f.create(), node, 1);
      f.attach(f.create(), node, 2);
      f.pass(Duration.ofDays(1));
      assertThat(kubelet(f, node).state()).isEqualTo(KubeletView.State.OFF);

      Instant start = f.clock.now();
      f.world.warmPoolToService(node);
      f.pass(BOOT.plus(CNI));

      assertThat(kubelet(f, node)).isEqualTo(running(start.plus(BOOT)));
      assertThat(devices(f, node)).containsExactly(0, 1, 2, 3);
    }
  }

  @Test
  void isBarredOnlyUntilTheNextBoot() {
    try (Fixture f = Fixture.start()) {
      String node = launch(f, GATED);
      f.pass(BOOT.plus(WAIT).plus(REST));
      assertThat(kubelet(f, node).state()).isEqualTo(KubeletView.State.BARRED);
      f.world.stopInstance(node);
      f.attach(f.create(), node, 1);
      f.attach(f.create(), node, 2);

      f.world.startInstance(node);
      f.pass(BOOT);

      assertThat(kubelet(f, node).state()).isEqualTo(KubeletView.State.RUNNING);
    }
  }

  @Test
  void takesAPlaceOnceForAllBoots() {
    try (Fixture f = Fixture.start()) {
      String node = launch(f, FREE);
      f.pass(BOOT.plus(CNI));
      f.world.stopInstance(node);
      f.world.startInstance(node);

      f.pass(Duration.ofHours(1));

      assertThat(kubelet(f, node).state()).isEqualTo(KubeletView.State.RUNNING);
      assertThat(devices(f, node)).containsExactly(0, 1);
    }
  }

  @Test
  void makesDoWithThePrimaryInterfaceWhereNoPlaceIsLeft() {
    try (Fixture f = Fixture.start()) {
      String node = launch(f, GATED);
      for (int device = 1; device <= 3; device++) {
        f.attach(f.create(), node, device);
      }

      f.pass(Duration.ofHours(1));

      assertThat(kubelet(f, node).state()).isEqualTo(KubeletView.State.RUNNING);
      assertThat(f.world.interfaces()).hasSize(4);
    }
  }

  @Test
  void triesAgainWhenTheSubnetIsFull() {
    try (Fixture f = Fixture.start()) {
      String spare = f.create();
      String node = launch(f, FREE);
      f.world.fillSubnet(f.subnetA, 0);
      f.pass(BOOT.plus(CNI));
      assertThat(devices(f, node)).containsExactly(0);
      assertThat(f.world.interfaces()).hasSize(2);

      f.ec2.deleteNetworkInterface(r -> r.networkInterfaceId(spare));
      f.cloud.settle();

      assertThat(devices(f, node)).containsExactly(0, 1);
    }
  }

  @Test
  void runsNothingWhereNobodyAskedForIt() {
    try (Fixture f = Fixture.start()) {
      f.world.autoScalingGroup("workers", GroupSpec.of("c5.xlarge", f.subnetA));
      String node = f.world.scaleOut("workers", 1).getFirst();

      f.pass(Duration.ofHours(1));

      assertThat(f.world.kubelet(node)).isEmpty();
      assertThat(devices(f, node)).containsExactly(0);
    }
  }

  @Test
  void refusesAGateThatWaitsForNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gate.onFirstCard(0, WAIT))
        .withMessageContaining("a gate waits for a place");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NodeAgents.of(BOOT.negated(), CNI))
        .withMessageContaining("before the boot");
  }

  private static String launch(Fixture f, NodeAgents agents) {
    f.world.autoScalingGroup(
        "workers", GroupSpec.of("c5.xlarge", f.subnetA).withNodeAgents(agents));
    return f.world.scaleOut("workers", 1).getFirst();
  }

  private static KubeletView kubelet(Fixture f, String node) {
    return f.world.kubelet(node).orElseThrow();
  }

  private static KubeletView running(Instant since) {
    return new KubeletView(KubeletView.State.RUNNING, Optional.of(since));
  }

  private static KubeletView view(KubeletView.State state) {
    return new KubeletView(state, Optional.empty());
  }

  private static List<Integer> devices(Fixture f, String node) {
    return f.world.instance(node).interfaces().stream()
        .map(one -> one.attachment().orElseThrow().deviceIndex())
        .toList();
  }
}
