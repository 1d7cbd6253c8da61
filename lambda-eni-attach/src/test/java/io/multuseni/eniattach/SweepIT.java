// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.SweepReport;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.autoscaling.LifecycleActionView;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the sweep repairs, keeps alive, deletes and reports. */
class SweepIT {
  @Test
  void heartbeatsAWaitingNodeOnceAThirdOfItsTimeoutIsGone() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      scene.launchOne();
      scene.attachingFails();
      scene.clock.advance(Duration.ofMinutes(5));
      assertThat(scene.sweep().heartbeats()).isEmpty();
      scene.clock.advance(Duration.ofMinutes(6));

      SweepReport report = scene.sweep();

      assertThat(report.heartbeats()).hasSize(1);
      assertThat(report.launches())
          .extracting(AttachReport::outcome)
          .containsExactly(AttachReport.Outcome.RETRY);
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.WAITING);
    }
  }

  @Test
  void keepsASlowNodeFarBeyondItsHeartbeatTimeoutAndThenGivesUp() throws InterruptedException {
    try (Scene scene = new Scene(settings -> settings.withReplaceAbandoned(false)).withGroup()) {
      scene.launchOne();
      scene.attachingFails();
      for (int minute = 0; minute < 58; minute++) {
        scene.clock.advance(Duration.ofMinutes(1));
        scene.sweep();
      }
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.WAITING);

      scene.clock.advance(Duration.ofMinutes(3));
      SweepReport report = scene.sweep();

      assertThat(report.launches()).extracting(AttachReport::reason).containsExactly("TIMED_OUT");
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.ABANDONED);
    }
  }

  @Test
  void deletesAnOrphanOnlyAfterTheGrace() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      scene.attachingFails();
      scene.deliver(event);
      scene.cloud.faults().clear();
      scene.cloud.world().terminate(scene.onlyAction().instanceId());
      scene.cloud.settle();
      List<String> orphans = scene.available().stream().map(InterfaceView::id).toList();
      assertThat(orphans).hasSize(2);

      SweepReport first = scene.sweep();
      scene.clock.advance(Duration.ofMinutes(10));
      SweepReport tooEarly = scene.sweep();
      scene.clock.advance(Duration.ofMinutes(6));
      SweepReport last = scene.sweep();

      assertThat(first.marked()).hasSize(2);
      assertThat(first.deleted()).isEmpty();
      assertThat(tooEarly.marked()).isEmpty();
      assertThat(tooEarly.deleted()).isEmpty();
      assertThat(last.deleted()).containsExactlyInAnyOrderElementsOf(orphans);
      // What the replacement got meanwhile stays.
      assertThat(scene.ours()).extracting(InterfaceView::id).doesNotContainAnyElementsOf(orphans);
    }
  }

  @Test
  void touchesNoInterfaceOfAnotherCluster() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      scene.attachingFails();
      scene.deliver(event);
      scene.cloud.faults().clear();
      List<String> ids = scene.ours().stream().map(InterfaceView::id).toList();
      ids.forEach(id -> scene.cloud.world().setTag(id, "multus-eni/cluster", "other"));
      scene.cloud.world().terminate(scene.onlyAction().instanceId());

      scene.sweep();
      scene.clock.advance(Duration.ofHours(2));
      scene.sweep();

      assertThat(ids)
          .allSatisfy(id -> assertThat(scene.cloud.world().networkInterface(id)).isPresent());
      assertThat(scene.cloud.calls().of("DeleteNetworkInterface")).isEmpty();
    }
  }

  @Test
  void reportsANodeThatServesWithoutItsInterfacesAndBackfillsItWhenAsked()
      throws InterruptedException {
    try (Scene scene = new Scene()) {
      // No hook when the node starts, as on the day before the first deployment.
      scene.withGroup("m5.xlarge");
      scene.cloud.world().scaleOut(Scene.GROUP, 1);
      scene.clock.advance(Duration.ofMinutes(5));

      SweepReport reported = scene.sweep();
      assertThat(reported.findings())
          .extracting(SweepReport.Finding::kind)
          .contains("INTERFACES_MISSING", "HOOK_MISSING");
      assertThat(scene.ours()).isEmpty();

      scene.configure(
          scene.config(
              "create", "backfill: true", List.of(scene.network("n3", scene.n3a, scene.n3b))));
      SweepReport backfilled = scene.sweep();

      assertThat(backfilled.launches())
          .extracting(AttachReport::outcome)
          .containsExactly(AttachReport.Outcome.CONTINUE);
      assertThat(scene.ours()).hasSize(1);
      assertThat(scene.cloud.calls().of("CompleteLifecycleAction")).isEmpty();
      assertThat(scene.sweep().findings())
          .extracting(SweepReport.Finding::kind)
          .doesNotContain("INTERFACES_MISSING");
    }
  }

  @Test
  void reportsAConfiguredGroupThatDoesNotExist() {
    try (Scene scene = new Scene()) {
      SweepReport report = scene.sweep();

      assertThat(report.findings())
          .extracting(SweepReport.Finding::kind)
          .containsExactly("GROUP_MISSING");
      assertThat(report.findings().getFirst().message()).contains(Scene.GROUP);
    }
  }

  @Test
  void repairsDeleteOnTerminationOfAServingNode() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      scene.deliver(event);
      InterfaceView one = scene.ours().getFirst();
      scene.cloud.world().setDeleteOnTermination(one.id(), false);
      scene.clock.advance(Duration.ofMinutes(5));

      scene.sweep();

      assertThat(scene.ours())
          .allSatisfy(
              each -> assertThat(each.attachment().orElseThrow().deleteOnTermination()).isTrue());
    }
  }

  @Test
  void changesNothingWhereSomethingCouldNotBeRead() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      scene.launchOne();
      scene.clock.advance(Duration.ofMinutes(20));
      scene
          .cloud
          .faults()
          .fail("DescribeNetworkInterfaces")
          .always()
          .with("InternalError", 500, "down");

      org.assertj.core.api.Assertions.assertThatThrownBy(scene::sweep)
          .hasMessageContaining("DescribeNetworkInterfaces");

      assertThat(scene.cloud.calls().counts().keySet())
          .allSatisfy(action -> assertThat(action).startsWith("Describe"));
      List<LifecycleActionView> actions = scene.cloud.world().lifecycleActions();
      assertThat(actions)
          .extracting(LifecycleActionView::state)
          .containsExactly(ActionState.WAITING);
    }
  }
}
