// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.AttachReport;
import io.multuseni.localcloud.autoscaling.ActionState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The account's request rate is used up. */
class ThrottlingIT {
  @Test
  void heartbeatsAndLeavesTheRestToTheNextTryWhenThrottlingLasts() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      scene
          .cloud
          .faults()
          .fail("AttachNetworkInterface")
          .always()
          .with("RequestLimitExceeded", 503, "Request limit exceeded.");

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).isEqualTo(AttachReport.Outcome.RETRY);
      assertThat(report.reason()).isEqualTo("THROTTLED");
      assertThat(report.throttled()).isEqualTo(Scene.QUICK_RETRIES.maxAttempts());
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.WAITING);
      assertThat(scene.cloud.calls().of("RecordLifecycleActionHeartbeat")).hasSize(1);

      scene.cloud.faults().clear();
      assertThat(scene.deliver(event).outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.ours()).hasSize(2);
    }
  }

  @Test
  void heartbeatsWhenAnAttachmentOutlastsTheInvocation() throws InterruptedException {
    try (Scene scene =
        new Scene(settings -> settings.withAttachTime(Duration.ofMinutes(3))).withGroup()) {
      String event = scene.launchOne();

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).isEqualTo(AttachReport.Outcome.RETRY);
      assertThat(report.reason()).isEqualTo("NOT_READY");
      assertThat(report.message()).contains("attaching", "time is up");
      assertThat(scene.cloud.calls().of("RecordLifecycleActionHeartbeat")).hasSize(1);
      assertThat(scene.cloud.calls().of("CompleteLifecycleAction")).isEmpty();
      assertThat(scene.cloud.calls().of("AttachNetworkInterface"))
          .as("the second waits for the first")
          .hasSize(1);
    }
  }

  @Test
  void getsThroughABurstThatEmptiesTheBuckets() throws InterruptedException {
    try (Scene scene = new Scene(settings -> settings.withThrottling(true)).withGroup()) {
      List<String> pending = scene.launch(40);

      // As Lambda does: what isn't done is delivered again a minute later.
      for (int round = 0; round < 5 && !pending.isEmpty(); round++) {
        pending =
            pending.stream()
                .filter(event -> scene.deliver(event).outcome() == AttachReport.Outcome.RETRY)
                .toList();
        scene.clock.advance(Duration.ofMinutes(1));
      }

      assertThat(pending).isEmpty();
      assertThat(scene.cloud.world().lifecycleActions())
          .allSatisfy(action -> assertThat(action.state()).isEqualTo(ActionState.CONTINUED));
      assertThat(scene.ours()).hasSize(80);
      assertThat(scene.available()).isEmpty();
      assertThat(scene.cloud.calls().throttled()).isPositive();
    }
  }
}
