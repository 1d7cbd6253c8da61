// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.SweepReport;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** EC2 shows one thing and means another, for a while. */
class StaleViewIT {
  private static final String DENIED = "You are not authorized to perform this operation.";

  @Test
  void waitsWhereAnInterfaceIsInUseAndNobodyShows() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      scene
          .cloud
          .faults()
          .fail("AttachNetworkInterface")
          .times(6)
          .with("InvalidNetworkInterface.InUse", 400, "Interface: [eni-1] in use.");

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.ours()).hasSize(2);
    }
  }

  @Test
  void triesAgainLaterWhereADeviceIndexStaysTakenByNobody() throws InterruptedException {
    try (Scene scene =
        new Scene(settings -> settings.withVisibilityDelay(Duration.ofSeconds(3))).withGroup()) {
      String event = scene.launchOne();
      scene
          .cloud
          .faults()
          .fail("AttachNetworkInterface")
          .always()
          .with(
              "InvalidParameterValue",
              400,
              "Instance 'i-1' already has an interface attached at device index '1'.");

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.RETRY);
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.WAITING);
      assertThat(scene.ours()).as("never a second one for a slot").hasSize(2);
    }
  }

  @Test
  void givesEachGenerationItsOwnTimeToBecomeVisible() throws InterruptedException {
    try (Scene scene =
        new Scene(settings -> settings.withVisibilityDelay(Duration.ofSeconds(3))).withGroup()) {
      String event = scene.launchOne();
      scene.attachingFails();
      scene.deliver(event);
      scene.cloud.faults().clear();
      scene.clock.advance(Duration.ofSeconds(10));
      scene.ours().stream().map(InterfaceView::id).forEach(scene.cloud.world()::deleteByHand);

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.ours()).hasSize(2);
    }
  }

  @Test
  void takesBackWhatItCreatedEvenWhereDescribeDoesNotShowItYet() throws InterruptedException {
    try (Scene scene =
        new Scene(settings ->
            settings.withVisibilityDelay(Duration.ofSeconds(2)).withReplaceAbandoned(false))
            .withGroup()) {
      String event = scene.launchOne();
      scene
          .cloud
          .faults()
          .fail("CreateNetworkInterface")
          .onCall(2)
          .with("UnauthorizedOperation", 403, DENIED);

      AttachReport report = scene.deliver(event);

      assertThat(report.reason()).isEqualTo("ACCESS_DENIED");
      scene.cloud.settle();
      assertThat(scene.ours()).isEmpty();
    }
  }

  @Test
  void givesARecreatedInterfaceItsIpv6Addresses() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String six =
          scene.cloud.world().subnet(scene.vpc, Scene.ZONE_A, "10.0.90.0/24", "fd00:90::/64");
      scene.configure(scene.config("create", "", List.of(scene.networkWith("n3", "ipv6: 2", six))));
      String event = scene.launchOne();
      scene.attachingFails();
      scene.deliver(event);
      scene.cloud.faults().clear();
      String made = scene.ours().getFirst().id();
      // It is there when the plan is made, and gone when it is to be attached.
      scene
          .cloud
          .faults()
          .fail("AttachNetworkInterface")
          .always()
          .with(
              "InvalidNetworkInterfaceID.NotFound",
              400,
              "The networkInterface ID '" + made + "' does not exist");
      assertThat(scene.deliver(event).outcome()).isEqualTo(AttachReport.Outcome.RETRY);
      scene.cloud.faults().clear();
      scene.cloud.world().deleteByHand(made);

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(report.interfaces().getFirst().ipv6Addresses()).hasSize(2);
    }
  }

  @Test
  void believesInAnInstanceThatAttachDoesNotKnowYet() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      scene
          .cloud
          .faults()
          .fail("AttachNetworkInterface")
          .times(2)
          .with("InvalidInstanceID.NotFound", 400, "The instance ID 'i-1' does not exist");

      assertThat(scene.deliver(event).outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);
    }
  }

  @Test
  void triesASettingAgainWhereTheInterfaceIsNotVisibleToIt() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      scene
          .cloud
          .faults()
          .fail("ModifyNetworkInterfaceAttribute")
          .times(3)
          .with(
              "InvalidNetworkInterfaceID.NotFound", 400, "The networkInterface ID does not exist");

      assertThat(scene.deliver(event).outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);
    }
  }

  @Test
  void doesNotStormAnInstanceThatRefusesAttachmentsWhileItRuns() throws InterruptedException {
    try (Scene scene =
        new Scene(settings -> settings.withLatency(Duration.ofMillis(100))).withGroup()) {
      String event = scene.launchOne();
      scene
          .cloud
          .faults()
          .fail("AttachNetworkInterface")
          .always()
          .with("IncorrectState", 400, "Instance 'i-1' is not 'running'.");

      assertThat(scene.deliver(event).outcome()).isEqualTo(AttachReport.Outcome.RETRY);
      assertThat(scene.cloud.calls().of("AttachNetworkInterface")).hasSizeLessThan(90);
    }
  }

  @Test
  void findsASubnetThatHasRoomAgainThoughItRemembersItFull() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String second = scene.cloud.world().subnet(scene.vpc, Scene.ZONE_A, "10.0.90.0/28");
      scene.cloud.world().fillSubnet(second, 1);
      List<String> events = scene.launch(5);
      scene.configure(scene.config("create", "", List.of(scene.network("n3", second))));
      scene.deliver(events.get(0));
      String last = scene.ours().getFirst().id();
      scene.configure(
          scene.config("create", "", List.of(scene.network("n3", scene.n3a, scene.n3b, second))));
      EniAttachHandler warm = scene.attachHandler();
      scene.deliver(events.get(2), warm);
      scene.cloud.world().deleteByHand(last);
      scene.cloud.world().fillSubnet(scene.n3a, 0);

      AttachReport report = scene.deliver(events.get(4), warm);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(report.interfaces().getFirst().subnetId()).isEqualTo(second);
    }
  }

  @Test
  void leavesNoInterfaceBehindWhenItGivesUpOnASlowNode() throws InterruptedException {
    try (Scene scene = new Scene(settings -> settings.withReplaceAbandoned(false)).withGroup()) {
      String event = scene.launchOne();
      scene.attachingFails();
      for (int i = 0; i < 7; i++) {
        scene.clock.advance(Duration.ofMinutes(9));
        scene.deliver(event);
      }

      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.ABANDONED);
      scene.cloud.settle();
      assertThat(scene.ours()).isEmpty();
    }
  }

  @Test
  void doesNotSayThatItAbandonedANodeWhoseActionIsOver() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      scene.deliver(event);
      scene.configure(
          scene.config(
              "create",
              "",
              List.of(
                  scene.network("n6", scene.n6a, scene.n6b),
                  scene.network("n3", scene.n3a, scene.n3b))));

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).isEqualTo(AttachReport.Outcome.IGNORED);
      assertThat(report.reason()).isEqualTo("NO_ACTION_PENDING");
      assertThat(scene.cloud.calls().of("CreateOrUpdateTags")).isEmpty();
    }
  }

  @Test
  void lostEventsAreFoundThoughEightNodesHang() throws InterruptedException {
    try (Scene scene =
        new Scene(settings -> settings.withAttachTime(Duration.ofHours(1))).withGroup()) {
      scene.launch(9);
      scene.clock.advance(Duration.ofMinutes(3));

      for (int minute = 0; minute < 4; minute++) {
        SweepReport report = scene.sweep();
        assertThat(report.launches()).isNotEmpty();
        scene.clock.advance(Duration.ofMinutes(1));
      }

      assertThat(scene.ours().stream().map(one -> one.tags().get("multus-eni/instance")).distinct())
          .as("each of the nine had its turn")
          .hasSize(9);
    }
  }
}
