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
  void getsThroughABurstThatEmptiesTheBuckets() throws InterruptedException {
    try (Scene scene = new Scene(settings -> settings.withThrottling(true)).withGroup()) {
      scene.clock.tickPerCall(Duration.ofMillis(50));
      List<String> events = scene.launch(40);

      List<AttachReport> reports = events.stream().map(scene::deliver).toList();
      for (String event : events) {
        scene.deliver(event);
      }

      assertThat(reports).isNotEmpty();
      assertThat(scene.cloud.world().lifecycleActions())
          .allSatisfy(action -> assertThat(action.state()).isEqualTo(ActionState.CONTINUED));
      assertThat(scene.ours()).hasSize(80);
      assertThat(scene.available()).isEmpty();
      assertThat(scene.cloud.calls().throttled()).isPositive();
    }
  }
}
