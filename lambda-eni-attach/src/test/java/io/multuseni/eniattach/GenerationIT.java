// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.AttachReport;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Client tokens that were used before. */
class GenerationIT {
  @Test
  void makesTheNextGenerationWhenWhatTheTokenMadeIsGone() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      leaveUnattached(scene, event);
      List<String> deleted = scene.ours().stream().map(InterfaceView::id).toList();
      deleted.forEach(scene.cloud.world()::deleteByHand);

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.ours()).hasSize(2);
      assertThat(scene.ours()).extracting(InterfaceView::id).doesNotContainAnyElementsOf(deleted);
      assertThat(scene.ours())
          .extracting(one -> one.tags().get("multus-eni/generation"))
          .containsOnly("1");
    }
  }

  @Test
  void makesTheNextGenerationWhenTheTokenWasUsedForASubnetThatIsNoLongerConfigured()
      throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      leaveUnattached(scene, event);
      String other = scene.cloud.world().subnet(scene.vpc, Scene.ZONE_A, "10.0.90.0/24");
      scene.configure(
          scene.config(
              "create",
              "",
              List.of(scene.network("n3", other), scene.network("n6", scene.n6a, scene.n6b))));

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.ours()).as("the one of the old subnet is surplus and deleted").hasSize(2);
      assertThat(report.interfaces().getFirst().subnetId()).isEqualTo(other);
      assertThat(scene.available()).isEmpty();
    }
  }

  @Test
  void adoptsWhatAnotherRunMadeWithOtherParametersAndIsNotVisibleYet() throws InterruptedException {
    try (Scene scene =
        new Scene(settings -> settings.withVisibilityDelay(Duration.ofSeconds(5))).withGroup()) {
      String event = scene.launchOne();
      // The first run's creates take effect, and the run dies before it hears of them.
      scene
          .cloud
          .faults()
          .fail("CreateNetworkInterface")
          .always()
          .afterEffect()
          .with("InternalError", 500, "down");
      assertThat(scene.deliver(event).outcome()).isEqualTo(AttachReport.Outcome.RETRY);
      scene.cloud.faults().clear();
      List<String> made = scene.ours().stream().map(InterfaceView::id).toList();
      assertThat(made).hasSize(2);
      // Other security groups: the same token with other parameters.
      String other = scene.cloud.world().securityGroup(scene.vpc, "other");
      scene.configure(
          scene
              .config(
                  "create",
                  "",
                  List.of(
                      scene.network("n3", scene.n3a, scene.n3b),
                      scene.network("n6", scene.n6a, scene.n6b)))
              .replace(scene.securityGroup, other));

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.ours())
          .extracting(InterfaceView::id)
          .containsExactlyInAnyOrderElementsOf(made);
      assertThat(scene.ours()).allSatisfy(one -> assertThat(one.groupIds()).containsExactly(other));
    }
  }

  @Test
  void leavesAnInterfaceAloneThatSomebodyAttachedElsewhere() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      leaveUnattached(scene, event);
      String stolen = scene.ours().getFirst().id();
      String thief =
          scene.cloud.world().launchInstance("m5.xlarge", scene.nodesA, java.util.Map.of());
      scene.cloud.world().attachByHand(stolen, thief, 1, 0);

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.ours()).hasSize(3);
      assertThat(
              scene
                  .cloud
                  .world()
                  .networkInterface(stolen)
                  .orElseThrow()
                  .attachment()
                  .orElseThrow()
                  .instanceId())
          .isEqualTo(thief);
    }
  }

  private static void leaveUnattached(Scene scene, String event) {
    scene.attachingFails();
    assertThat(scene.deliver(event).outcome()).isEqualTo(AttachReport.Outcome.RETRY);
    scene.cloud.faults().clear();
    assertThat(scene.available()).hasSize(2);
  }
}
