// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.base.Deadline;
import io.multuseni.core.attach.RefusalReason;
import io.multuseni.core.report.AttachReport;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.ec2.AttachmentView;
import io.multuseni.localcloud.ec2.InterfaceView;
import io.multuseni.localcloud.ec2.KubeletView;
import io.multuseni.localcloud.ec2.NodeAgents;
import io.multuseni.localcloud.ec2.NodeAgents.Gate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who comes first: the function with the node's interfaces, or the VPC CNI with its own. */
class BootGateRaceIT {
  private static final int SCHEDULES = 200;
  private static final Duration BOOT_WAIT = Duration.ofMinutes(15);

  @Test
  void losesIndexOneToTheVpcCniWithoutTheGate() throws InterruptedException {
    try (Scene scene =
        new Scene(settings ->
            settings.withAttachTime(Duration.ofSeconds(20)).withReplaceAbandoned(false))
            .withGroup(NodeAgents.of(Duration.ofSeconds(30), Duration.ofSeconds(5)))) {
      String event = scene.launchOne();
      String node = Lifecycle.instanceOf(event);
      // The event is a minute late, and the hook holds the Auto Scaling state only.
      scene.clock.advance(Duration.ofMinutes(1));
      scene.cloud.settle();
      assertThat(cni(scene, node)).extracting(BootGateRaceIT::device).containsExactly(1);
      assertThat(scene.cloud.world().instance(node).lifecycleState()).contains("Pending:Wait");

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).isEqualTo(AttachReport.Outcome.ABANDON);
      assertThat(report.reason()).isEqualTo(RefusalReason.DEVICE_INDEX_TAKEN.name());
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.ABANDONED);
      assertThat(scene.ours()).isEmpty();
    }
  }

  @Test
  void isRightWithTheGateInTheSameSchedule() throws InterruptedException {
    try (Scene scene =
        new Scene(settings -> settings.withAttachTime(Duration.ofSeconds(20)))
            .withGroup(
                NodeAgents.of(
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(5),
                    Gate.onFirstCard(2, BOOT_WAIT)))) {
      String event = scene.launchOne();
      scene.clock.advance(Duration.ofMinutes(1));

      scene.deliver(event);

      assertRight(scene, Lifecycle.instanceOf(event), "");
    }
  }

  @Test
  void neverMeetsTheVpcCniInAnyScheduleWithTheGate() throws InterruptedException {
    int swept = 0;
    int late = 0;
    for (int seed = 1; seed <= SCHEDULES; seed++) {
      Random random = new Random(seed);
      Duration boot = upTo(random, 120);
      Duration pending = min(boot, upTo(random, 40));
      Duration attach = upTo(random, 20);
      Duration visibility = upTo(random, 3);
      NodeAgents agents = NodeAgents.of(boot, upTo(random, 20), Gate.onFirstCard(2, BOOT_WAIT));
      boolean lost = random.nextInt(3) == 0;
      Duration delay = upTo(random, 180);
      long stumbles = random.nextLong();
      String schedule =
          "seed %d: boot %s, pending %s, attach %s, visible after %s, agents %s, %s"
              .formatted(
                  seed,
                  boot,
                  pending,
                  attach,
                  visibility,
                  agents,
                  lost ? "lost" : "after " + delay);
      try (Scene scene =
          new Scene(settings ->
              settings
                  .withBootTime(pending)
                  .withAttachTime(attach)
                  .withVisibilityDelay(visibility)
                  .withReplaceAbandoned(false))
              .withGroup(agents)) {
        scene.cloud.faults().randomly(0.03, stumbles).dropAnswer();
        String event = scene.launchOne();
        String node = Lifecycle.instanceOf(event);
        scene.clock.advance(delay);
        Sandbox sandbox = scene.sandbox();
        boolean done =
            !lost
                && scene.deliver(event, new EniAttachHandler(sandbox)).outcome()
                    == AttachReport.Outcome.CONTINUE;
        swept += done ? 0 : 1;
        late += delay.compareTo(boot) > 0 ? 1 : 0;
        for (int minute = 0; !done && minute < 10; minute++) {
          scene.clock.advance(Duration.ofMinutes(1));
          new SweepFlow(scene.config(), sandbox.clients(), scene.time, false)
              .run(Deadline.in(scene.time, Duration.ofMinutes(2)));
          done = scene.onlyAction().state() != ActionState.WAITING;
        }

        assertRight(scene, node, schedule);
      }
    }
    assertThat(swept).as("schedules that the sweep finished").isBetween(40, SCHEDULES - 40);
    assertThat(late).as("events behind kubelet's own time").isBetween(40, SCHEDULES - 40);
  }

  @Test
  void keepsTheNodeOutOfTheClusterWhenItsInterfacesNeverCome() throws InterruptedException {
    try (Scene scene =
        new Scene(settings -> settings.withReplaceAbandoned(false))
            .withGroup(
                NodeAgents.of(
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(5),
                    Gate.onFirstCard(2, BOOT_WAIT)))) {
      scene.attachingFails();
      String event = scene.launchOne();
      String node = Lifecycle.instanceOf(event);
      scene.deliver(event);

      scene.clock.advance(Duration.ofSeconds(31).plus(BOOT_WAIT));
      scene.cloud.settle();

      assertThat(scene.cloud.world().instance(node).state()).isEqualTo("running");
      assertThat(kubelet(scene, node).state()).isEqualTo(KubeletView.State.BARRED);
      assertThat(cni(scene, node)).isEmpty();
    }
  }

  private static void assertRight(Scene scene, String node, String schedule) {
    // Long enough for the VPC CNI to have come, and short enough for the hook's time.
    scene.clock.advance(Duration.ofMinutes(3));
    scene.cloud.settle();
    assertThat(scene.onlyAction().state()).as(schedule).isEqualTo(ActionState.CONTINUED);
    assertThat(scene.cloud.world().instance(node).lifecycleState())
        .as(schedule)
        .contains("InService");
    assertThat(scene.ours())
        .as(schedule)
        .extracting(BootGateRaceIT::device)
        .containsExactlyInAnyOrder(1, 2);
    assertThat(cni(scene, node)).as(schedule).extracting(BootGateRaceIT::device).containsExactly(3);
    assertThat(kubelet(scene, node).state()).as(schedule).isEqualTo(KubeletView.State.RUNNING);
    Instant kubelet = kubelet(scene, node).since().orElseThrow();
    assertThat(scene.ours())
        .as(schedule)
        .allSatisfy(one -> assertThat(attachment(one).attachTime()).isBeforeOrEqualTo(kubelet));
  }

  private static KubeletView kubelet(Scene scene, String node) {
    return scene.cloud.world().kubelet(node).orElseThrow();
  }

  private static List<InterfaceView> cni(Scene scene, String node) {
    return scene.cloud.world().instance(node).interfaces().stream()
        .filter(one -> one.description().startsWith("aws-K8S-"))
        .toList();
  }

  private static AttachmentView attachment(InterfaceView one) {
    return one.attachment().orElseThrow();
  }

  private static int device(InterfaceView one) {
    return attachment(one).deviceIndex();
  }

  private static Duration upTo(Random random, int seconds) {
    return Duration.ofMillis(random.nextInt(seconds * 1000 + 1));
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
