// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.SweepReport;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.autoscaling.LifecycleActionView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One wrong id doesn't relaunch nodes all night. */
class LoopBreakerIT {
  @Test
  void holdsTheFourthNodeAfterThreeAbandonsForOneReason() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      List<AttachReport> reports = failLaunches(scene, 4);

      assertThat(reports)
          .extracting(AttachReport::outcome)
          .containsExactly(
              AttachReport.Outcome.ABANDON,
              AttachReport.Outcome.ABANDON,
              AttachReport.Outcome.ABANDON,
              AttachReport.Outcome.RETRY);
      assertThat(reports).extracting(AttachReport::reason).containsOnly("SECURITY_GROUP_NOT_FOUND");
      assertThat(reports.getLast().message()).contains("held back after 3");
      assertThat(waiting(scene)).hasSize(1);
      assertThat(scene.ours()).isEmpty();
    }
  }

  @Test
  void keepsAHeldNodeByHeartbeatAndRaisesTheAlarm() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      failLaunches(scene, 4);
      scene.clock.advance(Duration.ofMinutes(11));

      SweepReport report = scene.sweep();

      assertThat(report.findings()).extracting(SweepReport.Finding::kind).contains("GROUP_HELD");
      assertThat(report.heartbeats()).hasSize(1);
      assertThat(waiting(scene)).hasSize(1);
    }
  }

  @Test
  void letsHeldNodesInOnceTheConfigurationIsRight() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      failLaunches(scene, 4);
      String good = scene.cloud.world().securityGroup(scene.vpc, "corrected");
      scene.configure(
          scene
              .config("create", "", List.of(scene.network("n3", scene.n3a, scene.n3b)))
              .replace(scene.securityGroup, good));
      scene.clock.advance(Duration.ofMinutes(3));

      SweepReport report = scene.sweep();

      assertThat(report.launches())
          .extracting(AttachReport::outcome)
          .containsExactly(AttachReport.Outcome.CONTINUE);
      assertThat(waiting(scene)).isEmpty();
    }
  }

  @Test
  void abandonsOnAndOnWhereTheConfigurationSaysSo() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      scene.configure(
          scene.config(
              "create",
              "onRepeatedFailure: abandon",
              List.of(scene.network("n3", scene.n3a, scene.n3b))));

      assertThat(failLaunches(scene, 5))
          .extracting(AttachReport::outcome)
          .containsOnly(AttachReport.Outcome.ABANDON);
    }
  }

  /** Each ABANDON makes Auto Scaling launch a replacement, whose event is the next. */
  private static List<AttachReport> failLaunches(Scene scene, int times)
      throws InterruptedException {
    scene.cloud.world().dropSecurityGroup(scene.securityGroup);
    List<AttachReport> reports = new ArrayList<>();
    String event = scene.launchOne();
    for (int i = 0; i < times; i++) {
      reports.add(scene.deliver(event));
      scene.cloud.settle();
      scene.cloud.events().awaitIdle(Duration.ofSeconds(5));
      event =
          scene.events.stream()
              .filter(one -> one.contains("Instance-launch Lifecycle Action"))
              .toList()
              .getLast();
    }
    return reports;
  }

  private static List<LifecycleActionView> waiting(Scene scene) {
    return scene.cloud.world().lifecycleActions().stream()
        .filter(action -> action.state() == ActionState.WAITING)
        .toList();
  }
}
