// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.AttachReport.AttachedInterface;
import io.multuseni.localcloud.Settings;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A launch, from its event to the completed lifecycle action. */
class LaunchIT {
  @Test
  void attachesEveryNetworkInOrderAndContinues() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      AttachReport report = scene.deliver(scene.launchOne());

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(report.interfaces())
          .extracting(AttachedInterface::deviceIndex)
          .containsExactly(1, 2);
      assertThat(report.interfaces())
          .extracting(AttachedInterface::pciBusId)
          .containsExactly("0000:00:06.0", "0000:00:07.0");
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.CONTINUED);
      List<InterfaceView> attached = scene.ours();
      assertThat(attached).hasSize(2);
      assertThat(attached)
          .allSatisfy(one -> {
            assertThat(one.attachment().orElseThrow().deleteOnTermination()).isTrue();
            assertThat(one.sourceDestCheck()).isFalse();
            assertThat(one.tags())
                .containsEntry("node.k8s.amazonaws.com/no_manage", "true")
                .containsEntry("no_manage", "true");
          });
    }
  }

  @Test
  void makesNoMoreCallsThanItNeedsInAWarmSandbox() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      EniAttachHandler sandbox = scene.attachHandler();
      scene.deliver(scene.launchOne(), sandbox);

      AttachReport report = scene.deliver(scene.launchOne(), sandbox);

      assertThat(report.apiCalls().values().stream().mapToInt(n -> n).sum())
          .as(report.apiCalls().toString())
          .isLessThanOrEqualTo(14);
    }
  }

  @Test
  void createsWhileTheInstanceBootsAndAttachesOnceItRuns() throws InterruptedException {
    try (Scene scene =
        new Scene((Settings s) ->
            s.withBootTime(Duration.ofSeconds(8)).withAttachTime(Duration.ofSeconds(2)))
            .withGroup()) {
      AttachReport report = scene.deliver(scene.launchOne());

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.cloud.calls().of("AttachNetworkInterface")).hasSize(2);
      assertThat(scene.cloud.calls().of("CreateNetworkInterface")).hasSize(2);
    }
  }
}
