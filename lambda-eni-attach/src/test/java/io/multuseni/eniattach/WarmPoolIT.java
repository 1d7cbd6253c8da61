// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.AttachReport.AttachedInterface;
import io.multuseni.localcloud.Settings;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.autoscaling.GroupSpec;
import io.multuseni.localcloud.autoscaling.HookSpec;
import io.multuseni.localcloud.autoscaling.WarmPoolSpec;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A node keeps its interfaces, and gets no others, on every way through a warm pool. */
class WarmPoolIT {
  @Test
  void attachesOnTheWayIntoThePool() throws InterruptedException {
    try (Scene scene = withPool(WarmPoolSpec.ofStopped())) {
      String event = intoPool(scene);
      String instance = Lifecycle.instanceOf(event);
      assertThat(stateOf(scene, instance)).isEqualTo("Warmed:Pending:Wait");

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(indexes(scene, instance)).containsExactly(1, 2);
      assertThat(Lifecycle.actionOf(scene, event).state()).isEqualTo(ActionState.CONTINUED);
      assertThat(stateOf(scene, instance)).isEqualTo("Warmed:Stopped");
      assertThat(scene.cloud.world().instance(instance).state()).isEqualTo("stopped");
    }
  }

  @Test
  void createsNothingOnTheWayOutOfThePool() throws InterruptedException {
    try (Scene scene = withPool(WarmPoolSpec.ofStopped())) {
      String instance = warm(scene);
      List<String> before = idsOn(scene, instance);
      scene.cloud.calls().clear();

      String event = outOfPool(scene, instance);
      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(idsOn(scene, instance)).isEqualTo(before);
      assertThat(report.interfaces())
          .extracting(AttachedInterface::networkInterfaceId)
          .isEqualTo(before);
      assertThat(report.interfaces()).noneMatch(AttachedInterface::created);
      assertThat(stateOf(scene, instance)).isEqualTo("InService");
      assertNothingMadeAnew(scene);
    }
  }

  @Test
  void attachesToAnInstanceThatStandsStoppedInThePool() throws InterruptedException {
    try (Scene scene = withPool(WarmPoolSpec.ofStopped())) {
      String event = intoPool(scene);
      String instance = Lifecycle.instanceOf(event);
      // The event came late, and somebody has stopped the instance meanwhile.
      scene.cloud.world().stopInstance(instance);

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.cloud.world().instance(instance).state()).isEqualTo("stopped");
      assertThat(indexes(scene, instance)).containsExactly(1, 2);
      assertThat(Lifecycle.actionOf(scene, event).state()).isEqualTo(ActionState.CONTINUED);
    }
  }

  @Test
  void replacesOnTheWayOutWhatSomebodyDeletedInThePool() throws InterruptedException {
    try (Scene scene =
        withPool(WarmPoolSpec.ofStopped(), s -> s.withBootTime(Duration.ofSeconds(8)))) {
      String instance = warm(scene);
      List<String> made = idsOn(scene, instance);
      made.forEach(scene.cloud.world()::deleteByHand);
      scene.cloud.calls().clear();

      String event = outOfPool(scene, instance);
      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(indexes(scene, instance)).containsExactly(1, 2);
      assertThat(idsOn(scene, instance))
          .as("EC2 repeats its first answer to a used token; these are new ones")
          .doesNotContainAnyElementsOf(made);
      assertThat(scene.ours()).hasSize(2);
    }
  }

  @Test
  void servesBothEventsEachDeliveredTwice() throws InterruptedException {
    try (Scene scene = withPool(WarmPoolSpec.ofStopped())) {
      String in = intoPool(scene);
      String instance = Lifecycle.instanceOf(in);
      scene.deliver(in);
      List<String> ids = idsOn(scene, instance);
      assertThat(scene.deliver(in).outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(idsOn(scene, instance)).isEqualTo(ids);

      String out = outOfPool(scene, instance);
      assertThat(scene.deliver(out).outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.deliver(out).outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.deliver(in).outcome())
          .as("the first event once more, long after its action")
          .isEqualTo(AttachReport.Outcome.CONTINUE);

      assertThat(idsOn(scene, instance)).isEqualTo(ids);
      assertThat(scene.ours()).hasSize(2);
      assertThat(scene.cloud.calls().of("CreateNetworkInterface")).hasSize(2);
      assertThat(scene.cloud.world().lifecycleActions())
          .allSatisfy(action -> assertThat(action.state()).isEqualTo(ActionState.CONTINUED));
    }
  }

  @Test
  void keepsEveryInterfaceOnTheWayBackIntoThePool() throws InterruptedException {
    try (Scene scene = withPool(WarmPoolSpec.ofStopped().withReuseOnScaleIn())) {
      String instance = inService(scene);
      List<String> ids = idsOn(scene, instance);
      scene.cloud.calls().clear();

      String event = Lifecycle.eventOf(scene, () -> scene.cloud.world().scaleIn(instance));
      assertThat(event).contains("\"Destination\":\"WarmPool\"");
      assertThat(scene.deliver(event).outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.deliver(event).outcome())
          .as("delivered twice")
          .isEqualTo(AttachReport.Outcome.CONTINUE);

      assertThat(stateOf(scene, instance)).isEqualTo("Warmed:Stopped");
      assertThat(idsOn(scene, instance)).isEqualTo(ids);
      assertThat(indexes(scene, instance)).containsExactly(1, 2);
      assertThat(scene.cloud.calls().of("DetachNetworkInterface")).isEmpty();
      assertNothingMadeAnew(scene);
    }
  }

  @Test
  void goesRoundThePoolTwiceWithTheSameInterfaces() throws InterruptedException {
    try (Scene scene = withPool(WarmPoolSpec.ofStopped().withReuseOnScaleIn())) {
      String instance = warm(scene);
      List<String> ids = idsOn(scene, instance);

      for (int round = 0; round < 2; round++) {
        scene.deliver(outOfPool(scene, instance));
        assertThat(stateOf(scene, instance)).isEqualTo("InService");
        scene.deliver(Lifecycle.eventOf(scene, () -> scene.cloud.world().scaleIn(instance)));
        assertThat(stateOf(scene, instance)).isEqualTo("Warmed:Stopped");
      }

      assertThat(idsOn(scene, instance)).isEqualTo(ids);
      assertThat(scene.ours()).hasSize(2);
      assertThat(scene.cloud.calls().of("CreateNetworkInterface")).hasSize(2);
    }
  }

  @Test
  void leavesNothingWhenANodeIsTerminatedOutOfThePool() throws InterruptedException {
    try (Scene scene = withPool(WarmPoolSpec.ofStopped())) {
      String instance = warm(scene);

      String event = Lifecycle.eventOf(scene, () -> scene.cloud.world().scaleIn(instance));
      assertThat(event).contains("\"Origin\":\"WarmPool\"", "\"Destination\":\"EC2\"");
      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.cloud.world().instance(instance).state()).isEqualTo("terminated");
      assertThat(scene.ours()).isEmpty();
    }
  }

  @Test
  void servesAPoolOfRunningInstancesToo() throws InterruptedException {
    try (Scene scene = withPool(new WarmPoolSpec(0, false, false))) {
      String instance = warm(scene);
      assertThat(stateOf(scene, instance)).isEqualTo("Warmed:Running");
      List<String> ids = idsOn(scene, instance);

      AttachReport report = scene.deliver(outOfPool(scene, instance));

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(idsOn(scene, instance)).isEqualTo(ids);
      assertThat(scene.cloud.calls().of("CreateNetworkInterface")).hasSize(2);
    }
  }

  // The scene and the ways through it.

  private static Scene withPool(WarmPoolSpec pool) {
    return withPool(pool, settings -> settings);
  }

  private static Scene withPool(WarmPoolSpec pool, UnaryOperator<Settings> change) {
    Scene scene = new Scene(change);
    scene
        .cloud
        .world()
        .autoScalingGroup(
            Scene.GROUP,
            GroupSpec.of("m5.xlarge", scene.nodesA)
                .withHook(HookSpec.launching("multus-eni-launch"))
                .withHook(HookSpec.terminating("multus-eni-terminate"))
                .withWarmPool(pool));
    return scene;
  }

  private static String intoPool(Scene scene) throws InterruptedException {
    return Lifecycle.eventOf(scene, () -> scene.cloud.world().launchIntoWarmPool(Scene.GROUP, 1));
  }

  private static String outOfPool(Scene scene, String instance) throws InterruptedException {
    return Lifecycle.eventOf(scene, () -> scene.cloud.world().warmPoolToService(instance));
  }

  private static String warm(Scene scene) throws InterruptedException {
    String event = intoPool(scene);
    assertThat(scene.deliver(event).outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);
    return Lifecycle.instanceOf(event);
  }

  private static String inService(Scene scene) throws InterruptedException {
    String event = scene.launchOne();
    assertThat(scene.deliver(event).outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);
    return Lifecycle.instanceOf(event);
  }

  private static void assertNothingMadeAnew(Scene scene) {
    assertThat(scene.cloud.calls().counts())
        .doesNotContainKeys(
            "CreateNetworkInterface",
            "AttachNetworkInterface",
            "DeleteNetworkInterface",
            "ModifyNetworkInterfaceAttribute");
  }

  private static String stateOf(Scene scene, String instance) {
    return scene.cloud.world().instance(instance).lifecycleState().orElse("in no group");
  }

  private static List<String> idsOn(Scene scene, String instance) {
    return Lifecycle.attachedTo(scene, instance).stream().map(InterfaceView::id).toList();
  }

  private static List<Integer> indexes(Scene scene, String instance) {
    return Lifecycle.attachedTo(scene, instance).stream()
        .map(one -> Lifecycle.attachment(one).deviceIndex())
        .toList();
  }
}
