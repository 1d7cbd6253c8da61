// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.attach.RefusalReason;
import io.multuseni.core.event.IgnoredReason;
import io.multuseni.core.report.AttachReport;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.autoscaling.GroupSpec;
import io.multuseni.localcloud.autoscaling.HookResult;
import io.multuseni.localcloud.autoscaling.HookSpec;
import io.multuseni.localcloud.autoscaling.Transition;
import io.multuseni.localcloud.ec2.AttachmentView;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose hook is completed, and what becomes of actions that are somebody else's or over. */
class HookIT {
  private static final HookSpec OURS = HookSpec.launching("multus-eni-launch");
  private static final HookSpec OUR_TERMINATION = HookSpec.terminating("multus-eni-terminate");
  private static final String MANAGED_GROUP = "eks-cp-b2c1d7de-93a4-4a0b-8a3c-5d0e6f718293";

  // Whose hook.

  @Test
  void ignoresAForeignHookWithoutACall() throws InterruptedException {
    try (Scene scene = new Scene().withGroup("m5.xlarge", OURS, HookSpec.launching("other-hook"))) {
      List<String> events = Lifecycle.eventsOf(scene, () -> scaleOut(scene));
      assertThat(events).as("one event per hook").hasSize(2);
      String foreign =
          events.stream().filter(e -> e.contains("other-hook")).findFirst().orElseThrow();

      AttachReport report = scene.deliver(foreign);

      assertIgnored(report, IgnoredReason.FOREIGN_HOOK);
      assertThat(report.message()).contains("other-hook", Scene.GROUP);
      assertThat(scene.cloud.calls().all()).isEmpty();
      assertThat(Lifecycle.actionOf(scene, foreign).state()).isEqualTo(ActionState.WAITING);
    }
  }

  @Test
  void completesItsOwnHookAndLeavesTheOtherOneWaiting() throws InterruptedException {
    try (Scene scene = new Scene().withGroup("m5.xlarge", OURS, HookSpec.launching("other-hook"))) {
      List<String> events = Lifecycle.eventsOf(scene, () -> scaleOut(scene));

      events.forEach(scene::deliver);

      assertThat(scene.cloud.world().lifecycleActions())
          .allSatisfy(action ->
              assertThat(action.state())
                  .isEqualTo(
                      action.hookName().equals("other-hook")
                          ? ActionState.WAITING
                          : ActionState.CONTINUED));
      assertThat(scene.ours()).hasSize(2);
    }
  }

  @Test
  void ignoresAForeignGroupWithoutACall() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      scene
          .cloud
          .world()
          .autoScalingGroup("web", GroupSpec.of("m5.xlarge", scene.nodesA).withHook(OURS));
      String event = Lifecycle.eventOf(scene, () -> scene.cloud.world().scaleOut("web", 1));

      AttachReport report = scene.deliver(event);

      assertIgnored(report, IgnoredReason.FOREIGN_GROUP);
      assertThat(report.message()).contains("web");
      assertThat(scene.cloud.calls().all()).isEmpty();
      assertThat(Lifecycle.actionOf(scene, event).state()).isEqualTo(ActionState.WAITING);
    }
  }

  @Test
  void ignoresAnInstanceOfAnotherGroupThanTheEventSays() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      scene.cloud.world().autoScalingGroup("web", GroupSpec.of("m5.xlarge", scene.nodesA));
      String stranger = scene.cloud.world().scaleOut("web", 1).getFirst();

      AttachReport report =
          scene.deliver(
              Lifecycle.with(
                  Lifecycle.eventOf(scene, () -> scaleOut(scene)), "EC2InstanceId", stranger));

      assertIgnored(report, IgnoredReason.FOREIGN_GROUP);
      assertThat(report.message()).contains(stranger, "web");
      assertUnchanged(scene);
    }
  }

  @Test
  void completesAnExistingHookByItsName() throws InterruptedException {
    try (Scene scene = new Scene().withGroup("m5.xlarge", HookSpec.launching("platform-hook"))) {
      scene.configure(scene.config("existing:platform-hook", "", networks(scene)));
      String event = scene.launchOne();

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(report.lifecycleHook()).isEqualTo("platform-hook");
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.CONTINUED);
    }
  }

  @Test
  void ignoresOurUsualHookNameWhereAnotherOneIsConfigured() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      scene.configure(scene.config("existing:platform-hook", "", networks(scene)));

      AttachReport report = scene.deliver(scene.launchOne());

      assertIgnored(report, IgnoredReason.FOREIGN_HOOK);
      assertThat(report.message()).contains("multus-eni-launch", "platform-hook");
      assertThat(scene.cloud.calls().all()).isEmpty();
    }
  }

  // Somebody else's hook, observed.

  @Test
  void attachesForAnObservedHookAndNeverCompletesIt() throws InterruptedException {
    try (Scene scene = observing()) {
      String event = scene.launchOne();

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(report.message()).contains("none completed");
      assertThat(Lifecycle.attachedTo(scene, Lifecycle.instanceOf(event)))
          .extracting(one -> Lifecycle.attachment(one).deviceIndex())
          .containsExactly(1, 2);
      assertLeftAlone(scene);
    }
  }

  @Test
  void neverCompletesAnObservedHookWhenItRefuses() throws InterruptedException {
    try (Scene scene = observing()) {
      scene.cloud.world().fillSubnet(scene.n3a, 0);

      AttachReport report = scene.deliver(scene.launchOne());

      assertThat(report.outcome()).isEqualTo(AttachReport.Outcome.ABANDON);
      assertThat(report.reason()).isEqualTo(RefusalReason.SUBNET_OUT_OF_ADDRESSES.name());
      assertThat(report.message()).contains("none completed");
      assertThat(scene.ours()).isEmpty();
      assertLeftAlone(scene);
      assertThat(scene.cloud.calls().of("CreateOrUpdateTags"))
          .as("no mark for the loop breaker: nothing was relaunched")
          .isEmpty();
    }
  }

  @Test
  void neverHeartbeatsAnObservedHookWhenItMustRetry() throws InterruptedException {
    try (Scene scene = observing()) {
      scene
          .cloud
          .faults()
          .fail("AttachNetworkInterface")
          .times(3)
          .with("InternalError", 500, "An internal error has occurred");
      String event = scene.launchOne();

      AttachReport first = scene.deliver(event);

      assertThat(first.outcome()).isEqualTo(AttachReport.Outcome.RETRY);
      assertLeftAlone(scene);

      AttachReport second = scene.deliver(event);

      assertThat(second.outcome()).as(second.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.ours()).hasSize(2);
      assertThat(scene.available()).isEmpty();
      assertLeftAlone(scene);
    }
  }

  // Managed node groups.

  @Test
  void servesAManagedNodeGroupByTheTagsOfItsInstances() throws InterruptedException {
    try (Scene scene = managed(Scene.CLUSTER)) {
      String event = Lifecycle.eventOf(scene, () -> scaleOutManaged(scene));

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(report.autoScalingGroup()).isEqualTo(MANAGED_GROUP);
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.CONTINUED);
      assertThat(scene.ours()).hasSize(2);
    }
  }

  @Test
  void ignoresAManagedNodeGroupOfTheSameNameInAnotherCluster() throws InterruptedException {
    try (Scene scene = managed("edge")) {
      String event = Lifecycle.eventOf(scene, () -> scaleOutManaged(scene));

      AttachReport report = scene.deliver(event);

      assertIgnored(report, IgnoredReason.FOREIGN_CLUSTER);
      assertThat(report.message()).contains("edge", Scene.CLUSTER, Lifecycle.instanceOf(event));
      assertUnchanged(scene);
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.WAITING);
    }
  }

  @Test
  void saysNothingOfAManagedNodeWhoseClusterItCouldNotSee() throws InterruptedException {
    try (Scene scene = managed("edge")) {
      String event = Lifecycle.eventOf(scene, () -> scaleOutManaged(scene));
      scene
          .cloud
          .faults()
          .fail("DescribeInstances")
          .always()
          .with("UnauthorizedOperation", 403, "You are not authorized to perform this operation.");

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).isEqualTo(AttachReport.Outcome.RETRY);
      assertThat(report.reason()).isEqualTo("ACCESS_DENIED");
      assertUnchanged(scene);
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.WAITING);
    }
  }

  @Test
  void doesNotCompleteTheTerminationOfAManagedNodeOfAnotherCluster() throws InterruptedException {
    try (Scene scene = managed("edge")) {
      scene
          .cloud
          .world()
          .putLifecycleHook(
              MANAGED_GROUP,
              "multus-eni-terminate",
              Transition.TERMINATING,
              Duration.ofMinutes(30),
              HookResult.CONTINUE,
              null);
      String launch = Lifecycle.eventOf(scene, () -> scaleOutManaged(scene));
      String instance = Lifecycle.instanceOf(launch);
      // Its own cluster's function lets it in.
      letIn(scene, launch);
      String event = Lifecycle.eventOf(scene, () -> scene.cloud.world().scaleIn(instance));

      AttachReport report = scene.deliver(event);

      assertIgnored(report, IgnoredReason.FOREIGN_CLUSTER);
      assertThat(Lifecycle.actionOf(scene, event).state()).isEqualTo(ActionState.WAITING);
    }
  }

  // Instances that are gone.

  @Test
  void ignoresAnInstanceThatWasTerminatedBeforeItsEvent() throws InterruptedException {
    try (Scene scene = new Scene(s -> s.withReplaceAbandoned(false)).withGroup()) {
      String event = scene.launchOne();
      scene.cloud.world().terminate(Lifecycle.instanceOf(event));

      AttachReport report = scene.deliver(event);

      assertIgnored(report, IgnoredReason.INSTANCE_GONE);
      assertThat(report.message()).contains(Lifecycle.instanceOf(event), "TERMINATED");
      assertUnchanged(scene);
    }
  }

  @Test
  void ignoresAnInstanceThatNeverExistedAfterGivingItTimeToAppear() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String unknown = "i-0123456789abcdef0";
      String event = Lifecycle.with(scene.launchOne(), "EC2InstanceId", unknown);

      AttachReport report = scene.deliver(event);

      assertIgnored(report, IgnoredReason.INSTANCE_GONE);
      assertThat(report.message()).contains(unknown, "doesn't exist");
      assertThat(Duration.ofMillis(report.millis()))
          .as("EC2 may not know a new instance at once")
          .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(40));
      assertUnchanged(scene);
    }
  }

  @Test
  void doesNotWaitForAnUnknownInstanceOfAnOldEvent() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = Lifecycle.with(scene.launchOne(), "EC2InstanceId", "i-0123456789abcdef0");
      scene.clock.advance(Duration.ofMinutes(10));

      AttachReport report = scene.deliver(event);

      assertIgnored(report, IgnoredReason.INSTANCE_GONE);
      assertThat(scene.cloud.calls().of("DescribeInstances")).hasSize(1);
    }
  }

  @Test
  void leavesNothingBehindWhenTheInstanceIsTerminatedWhileItWaits() throws InterruptedException {
    try (Scene scene =
        new Scene(s -> s.withReplaceAbandoned(false).withBootTime(Duration.ofSeconds(8)))
            .withGroup()) {
      scene
          .cloud
          .faults()
          .fail("AttachNetworkInterface")
          .times(3)
          .with("InternalError", 500, "An internal error has occurred");
      String event = scene.launchOne();
      assertThat(scene.deliver(event).outcome()).isEqualTo(AttachReport.Outcome.RETRY);
      assertThat(scene.available()).hasSize(2);
      scene.cloud.world().terminate(Lifecycle.instanceOf(event));

      AttachReport report = scene.deliver(event);

      assertIgnored(report, IgnoredReason.INSTANCE_GONE);
      assertThat(scene.ours()).isEmpty();
      assertThat(Lifecycle.toldResults(scene)).isEmpty();
    }
  }

  // Actions that are over.

  @Test
  void takesACompletedActionForDone() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      scene.deliver(event);
      List<String> before = ids(scene.ours());

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(ids(scene.ours())).isEqualTo(before);
      assertThat(scene.available()).isEmpty();
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.CONTINUED);
    }
  }

  @Test
  void takesAnActionThatTimedOutWithContinueForDone() throws InterruptedException {
    HookSpec lenient =
        OURS.withHeartbeatTimeout(Duration.ofMinutes(5)).withDefaultResult(HookResult.CONTINUE);
    try (Scene scene = new Scene().withGroup("m5.xlarge", lenient)) {
      String event = scene.launchOne();
      scene.clock.advance(Duration.ofMinutes(6));
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.TIMED_OUT);

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.ours())
          .extracting(InterfaceView::status)
          .containsExactly("in-use", "in-use");
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.TIMED_OUT);
    }
  }

  @Test
  void ignoresTheEventOfAnActionThatTimedOutWithAbandon() throws InterruptedException {
    try (Scene scene = new Scene(s -> s.withReplaceAbandoned(false)).withGroup()) {
      String event = scene.launchOne();
      scene.clock.advance(Duration.ofMinutes(31));
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.TIMED_OUT);

      AttachReport report = scene.deliver(event);

      assertIgnored(report, IgnoredReason.INSTANCE_GONE);
      assertUnchanged(scene);
    }
  }

  // Terminations.

  @Test
  void makesATerminatingNodesInterfacesGoWithItAndDetachesNone() throws InterruptedException {
    try (Scene scene = new Scene().withGroup("m5.xlarge", OURS, OUR_TERMINATION)) {
      String instance = inService(scene);
      InterfaceView leaking = Lifecycle.attachedTo(scene, instance).get(1);
      scene.cloud.world().setDeleteOnTermination(leaking.id(), false);
      String event = Lifecycle.eventOf(scene, () -> scene.cloud.world().scaleIn(instance));
      scene.cloud.calls().clear();
      scene
          .cloud
          .faults()
          .fail("CompleteLifecycleAction")
          .times(3)
          .with("ServiceUnavailable", 503, "Service is unavailable");

      AttachReport first = scene.deliver(event);

      assertThat(first.outcome()).isEqualTo(AttachReport.Outcome.RETRY);
      assertThat(Lifecycle.attachedTo(scene, instance))
          .extracting(Lifecycle::attachment)
          .hasSize(2)
          .allMatch(AttachmentView::deleteOnTermination);
      assertThat(scene.cloud.calls().of("ModifyNetworkInterfaceAttribute"))
          .as("only what was missing is set")
          .hasSize(1);
      assertThat(scene.cloud.calls().of("DetachNetworkInterface")).isEmpty();

      AttachReport second = scene.deliver(event);

      assertThat(second.outcome()).as(second.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(Lifecycle.actionOf(scene, event).state()).isEqualTo(ActionState.CONTINUED);
      assertThat(scene.ours()).as("they went with the instance").isEmpty();
    }
  }

  @Test
  void neverCreatesInterfacesForATermination() throws InterruptedException {
    try (Scene scene = new Scene().withGroup("m5.xlarge", OURS, OUR_TERMINATION)) {
      String instance = inService(scene);
      ids(scene.ours()).forEach(scene.cloud.world()::deleteByHand);
      String event = Lifecycle.eventOf(scene, () -> scene.cloud.world().scaleIn(instance));
      scene.cloud.calls().clear();

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.ours()).isEmpty();
      assertThat(scene.cloud.calls().of("CreateNetworkInterface")).isEmpty();
    }
  }

  @Test
  void takesATerminationThatIsOverForDone() throws InterruptedException {
    try (Scene scene = new Scene().withGroup("m5.xlarge", OURS, OUR_TERMINATION)) {
      String instance = inService(scene);
      String event = Lifecycle.eventOf(scene, () -> scene.cloud.world().scaleIn(instance));
      scene.deliver(event);

      AttachReport report = scene.deliver(event);

      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.ours()).isEmpty();
    }
  }

  @Test
  void ignoresTheTerminationOfAForeignHookWithoutACall() throws InterruptedException {
    try (Scene scene = new Scene().withGroup("m5.xlarge", OURS, HookSpec.terminating("drain"))) {
      String instance = inService(scene);
      scene
          .cloud
          .world()
          .setDeleteOnTermination(Lifecycle.attachedTo(scene, instance).getFirst().id(), false);
      String event = Lifecycle.eventOf(scene, () -> scene.cloud.world().scaleIn(instance));
      scene.cloud.calls().clear();

      AttachReport report = scene.deliver(event);

      assertIgnored(report, IgnoredReason.FOREIGN_HOOK);
      assertThat(report.message()).contains("drain", "multus-eni-terminate");
      assertThat(scene.cloud.calls().all()).isEmpty();
      assertThat(Lifecycle.actionOf(scene, event).state()).isEqualTo(ActionState.WAITING);
    }
  }

  // The scenes and what is common.

  private static Scene observing() {
    Scene scene = new Scene(s -> s.withReplaceAbandoned(false));
    scene.withGroup("m5.xlarge", HookSpec.launching("Launch-LC-Hook"));
    scene.configure(scene.config("observe", "bootGate: true", networks(scene)));
    return scene;
  }

  private static Scene managed(String cluster) {
    Scene scene = new Scene();
    scene
        .cloud
        .world()
        .autoScalingGroup(
            MANAGED_GROUP,
            GroupSpec.of("m5.xlarge", scene.nodesA, scene.nodesB)
                .withHook(OURS)
                .withInstanceTag("eks:cluster-name", cluster)
                .withInstanceTag("eks:nodegroup-name", "cp"));
    scene.configure(
        scene
            .config("create", "", networks(scene))
            .replace("autoScalingGroups: [" + Scene.GROUP + "]", "eksManagedNodegroup: cp"));
    return scene;
  }

  private static void letIn(Scene scene, String launch) {
    String own =
        scene
            .config("create", "", networks(scene))
            .replace("autoScalingGroups: [" + Scene.GROUP + "]", "eksManagedNodegroup: cp");
    scene.configure(own.replace("name: " + Scene.CLUSTER, "name: edge"));
    assertThat(scene.deliver(launch).outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);
    scene.configure(own);
  }

  private static List<String> networks(Scene scene) {
    return List.of(
        scene.network("n3", scene.n3a, scene.n3b), scene.network("n6", scene.n6a, scene.n6b));
  }

  private static void scaleOut(Scene scene) {
    scene.cloud.world().scaleOut(Scene.GROUP, 1);
  }

  private static void scaleOutManaged(Scene scene) {
    scene.cloud.world().scaleOut(MANAGED_GROUP, 1);
  }

  private static String inService(Scene scene) throws InterruptedException {
    String event = scene.launchOne();
    assertThat(scene.deliver(event).outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);
    String instance = Lifecycle.instanceOf(event);
    assertThat(scene.cloud.world().instance(instance).lifecycleState()).contains("InService");
    return instance;
  }

  private static void assertIgnored(AttachReport report, IgnoredReason reason) {
    assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.IGNORED);
    assertThat(report.reason()).isEqualTo(reason.name());
    assertThat(report.interfaces()).isEmpty();
  }

  /** The world may have been read; nothing of it was changed. */
  private static void assertUnchanged(Scene scene) {
    assertThat(scene.ours()).isEmpty();
    assertThat(scene.cloud.calls().counts().keySet())
        .allMatch(action -> action.startsWith("Describe"));
  }

  private static void assertLeftAlone(Scene scene) {
    assertThat(scene.onlyAction().state()).isEqualTo(ActionState.WAITING);
    assertThat(scene.onlyAction().heartbeats()).isZero();
    assertThat(Lifecycle.toldResults(scene)).isEmpty();
    assertThat(scene.cloud.calls().of("RecordLifecycleActionHeartbeat")).isEmpty();
  }

  private static List<String> ids(List<InterfaceView> interfaces) {
    return interfaces.stream().map(InterfaceView::id).toList();
  }
}
