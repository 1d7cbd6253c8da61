// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static io.multuseni.localcloud.Fixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.autoscaling.HookResult;
import io.multuseni.localcloud.autoscaling.HookSpec;
import io.multuseni.localcloud.autoscaling.LifecycleActionView;
import io.multuseni.localcloud.autoscaling.Transition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.autoscaling.model.LifecycleHook;

/** How hooks hold instances and what lets them go. */
class LifecycleActionTest {
  private final Fixture f = Fixture.start();

  @AfterEach
  void close() {
    f.close();
  }

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final HookSpec ATTACH = HookSpec.launching("attach").withHeartbeatTimeout(MINUTE);
  private static final HookSpec DRAIN = HookSpec.terminating("drain").withHeartbeatTimeout(MINUTE);

  private String launchWith(HookSpec... hooks) {
    var spec = f.spec();
    for (HookSpec hook : hooks) {
      spec = spec.withHook(hook);
    }
    f.world.autoScalingGroup("workers", spec);
    return f.world.scaleOut("workers", 1).getFirst();
  }

  private void complete(String hook, String instance, String result) {
    f.autoScaling.completeLifecycleAction(r ->
        r.autoScalingGroupName("workers")
            .lifecycleHookName(hook)
            .instanceId(instance)
            .lifecycleActionResult(result));
  }

  private void completeByToken(String hook, String token) {
    f.autoScaling.completeLifecycleAction(r ->
        r.autoScalingGroupName("workers")
            .lifecycleHookName(hook)
            .lifecycleActionToken(token)
            .lifecycleActionResult("CONTINUE"));
  }

  private void heartbeat(String instance) {
    f.autoScaling.recordLifecycleActionHeartbeat(
        r -> r.autoScalingGroupName("workers").lifecycleHookName("attach").instanceId(instance));
  }

  private Map<String, String> states() {
    return f.world.group("workers").lifecycleStates();
  }

  private LifecycleActionView action(int index) {
    return f.world.lifecycleActions().get(index);
  }

  @Test
  void goesStraightIntoServiceWithoutHooks() {
    String instance = launchWith();

    assertThat(f.world.instance(instance).lifecycleState()).contains("InService");
    assertThat(f.world.instance(instance).tags())
        .containsEntry("aws:autoscaling:groupName", "workers");
  }

  @Test
  void goesRoundTheZones() {
    launchWith();
    f.world.scaleOut("workers", 2);

    assertThat(f.world.instances())
        .extracting(i -> i.availabilityZone())
        .containsExactly("us-east-1a", "us-east-1b", "us-east-1a");
    assertThat(f.world.group("workers").desiredCapacity()).isEqualTo(3);
  }

  @Test
  void waitsUntilEveryHookHasSaidContinue() {
    String instance = launchWith(ATTACH, HookSpec.launching("eks"));
    assertThat(states()).containsEntry(instance, "Pending:Wait");
    assertThat(f.world.lifecycleActions()).hasSize(2);

    complete("attach", instance, "CONTINUE");
    assertThat(states()).containsEntry(instance, "Pending:Wait");
    assertThat(action(0).state()).isEqualTo(ActionState.CONTINUED);

    complete("eks", instance, "CONTINUE");
    assertThat(states()).containsEntry(instance, "InService");
  }

  @Test
  void completesByToken() {
    String instance = launchWith(ATTACH);
    assertThat(action(0).token()).hasSize(36);

    completeByToken("attach", action(0).token());

    assertThat(states()).containsEntry(instance, "InService");
  }

  @Test
  void refusesToCompleteWhatIsOverOrUnknown() {
    String instance = launchWith(ATTACH);
    String token = action(0).token();
    complete("attach", instance, "CONTINUE");

    refused(
        () -> complete("attach", instance, "CONTINUE"),
        "ValidationError",
        "No active Lifecycle Action found with instance ID " + instance);
    refused(
        () -> completeByToken("attach", token),
        "ValidationError",
        "No active Lifecycle Action found with token " + token);
    refused(() -> heartbeat(instance), "ValidationError");
    refused(() -> complete("other", instance, "CONTINUE"), "ValidationError");
    refused(() -> complete("attach", instance, "MAYBE"), "ValidationError");
    refused(
        () ->
            f.autoScaling.completeLifecycleAction(r ->
                r.autoScalingGroupName("nobody")
                    .lifecycleHookName("attach")
                    .instanceId(instance)
                    .lifecycleActionResult("CONTINUE")),
        "ValidationError",
        "AutoScalingGroup name not found - null");
  }

  @Test
  void terminatesAndReplacesAnAbandonedLaunch() {
    String instance = launchWith(ATTACH, HookSpec.launching("eks"));

    complete("attach", instance, "ABANDON");

    assertThat(f.world.instance(instance).state()).isEqualTo("terminated");
    assertThat(states()).doesNotContainKey(instance).hasSize(1).containsValue("Pending:Wait");
    assertThat(action(0).state()).isEqualTo(ActionState.ABANDONED);
    assertThat(action(1).state()).isEqualTo(ActionState.CANCELLED);
  }

  @Test
  void replacesNothingWhenToldSo() {
    f.cloud.reconfigure(f.cloud.settings().withReplaceAbandoned(false));
    String instance = launchWith(ATTACH);

    complete("attach", instance, "ABANDON");

    assertThat(states()).isEmpty();
  }

  @Test
  void appliesTheDefaultResultWhenTheTimeIsOver() {
    String abandoned = launchWith(ATTACH);
    f.world.putLifecycleHook(
        "workers", "attach", Transition.LAUNCHING, MINUTE, HookResult.CONTINUE, null);
    f.cloud.reconfigure(f.cloud.settings().withReplaceAbandoned(false));
    String continued = f.world.scaleOut("workers", 1).getFirst();

    f.pass(MINUTE.minusMillis(1));
    assertThat(states()).hasSize(2);
    f.pass(Duration.ofMillis(1));

    assertThat(states()).containsExactly(Map.entry(continued, "InService"));
    assertThat(f.world.instance(abandoned).state()).isEqualTo("terminated");
    assertThat(f.world.lifecycleActions())
        .extracting(LifecycleActionView::state)
        .containsOnly(ActionState.TIMED_OUT);
    assertThat(action(0).completedAt()).contains(Fixture.START.plus(MINUTE));
    assertThat(action(1).result()).contains(HookResult.CONTINUE);
  }

  @Test
  void restartsTheTimeoutWithEachHeartbeat() {
    String instance = launchWith(ATTACH);
    f.pass(Duration.ofSeconds(50));
    heartbeat(instance);
    f.pass(Duration.ofSeconds(50));

    assertThat(states()).containsEntry(instance, "Pending:Wait");
    assertThat(action(0).heartbeats()).isEqualTo(1);
    assertThat(action(0).lastHeartbeat()).isEqualTo(Fixture.START.plusSeconds(50));
  }

  @Test
  void endsAfterAHundredTimeoutsWhateverTheHeartbeats() {
    String instance = launchWith(ATTACH);
    for (int i = 0; i < 119; i++) {
      f.pass(Duration.ofSeconds(50));
      heartbeat(instance);
    }
    f.pass(Duration.ofSeconds(49));
    assertThat(states()).containsKey(instance);

    f.pass(Duration.ofSeconds(1));
    assertThat(states()).doesNotContainKey(instance);
  }

  @Test
  void endsAfterTwoDaysAtTheLatest() {
    assertThat(ATTACH.globalTimeout()).isEqualTo(Duration.ofMinutes(100));
    assertThat(HookSpec.launching("x").withHeartbeatTimeout(Duration.ofHours(2)).globalTimeout())
        .isEqualTo(Duration.ofHours(48));
  }

  @Test
  void isInServiceOnlyWhenItsInstanceRuns() {
    f.cloud.reconfigure(f.cloud.settings().withBootTime(MINUTE));
    String instance = launchWith(ATTACH);
    complete("attach", instance, "CONTINUE");
    assertThat(states()).containsEntry(instance, "Pending:Proceed");

    f.pass(MINUTE);
    assertThat(states()).containsEntry(instance, "InService");
  }

  @Test
  void holdsATerminationForItsHooks() {
    String instance = launchWith(DRAIN, HookSpec.terminating("eks"));
    assertThat(states()).containsEntry(instance, "InService");

    f.world.scaleIn(instance);
    assertThat(states()).containsEntry(instance, "Terminating:Wait");
    assertThat(f.world.instance(instance).state()).isEqualTo("running");
    complete("drain", instance, "CONTINUE");
    assertThat(states()).containsEntry(instance, "Terminating:Wait");
    complete("eks", instance, "CONTINUE");

    assertThat(states()).isEmpty();
    assertThat(f.world.instance(instance).state()).isEqualTo("terminated");
    assertThat(f.world.group("workers").desiredCapacity()).isZero();
  }

  @Test
  void skipsTheOtherHooksOfAnAbandonedTermination() {
    String instance = launchWith(DRAIN, HookSpec.terminating("eks"));
    f.world.scaleIn(instance);

    complete("drain", instance, "ABANDON");

    assertThat(f.world.instance(instance).state()).isEqualTo("terminated");
    assertThat(action(1).state()).isEqualTo(ActionState.CANCELLED);
  }

  @Test
  void cancelsTheLaunchActionOfAnInstanceTakenOut() {
    String instance = launchWith(ATTACH, DRAIN);

    f.world.scaleIn(instance);

    assertThat(action(0).state()).isEqualTo(ActionState.CANCELLED);
    assertThat(states()).containsEntry(instance, "Terminating:Wait");
  }

  @Test
  void replacesAnInstanceTerminatedFromOutside() {
    String instance = launchWith(ATTACH);

    f.ec2.terminateInstances(r -> r.instanceIds(instance));

    assertThat(action(0).state()).isEqualTo(ActionState.CANCELLED);
    assertThat(states()).doesNotContainKey(instance).hasSize(1);
  }

  @Test
  void followsTheDesiredCapacity() {
    launchWith();
    f.autoScaling.setDesiredCapacity(r -> r.autoScalingGroupName("workers").desiredCapacity(3));
    assertThat(states()).hasSize(3);

    f.autoScaling.setDesiredCapacity(r -> r.autoScalingGroupName("workers").desiredCapacity(1));
    assertThat(states()).hasSize(1);
  }

  @Test
  void terminatesOneInstanceWithOrWithoutReplacement() {
    String first = launchWith();
    String second = f.world.scaleOut("workers", 1).getFirst();

    var activity =
        f.autoScaling
            .terminateInstanceInAutoScalingGroup(
                r -> r.instanceId(first).shouldDecrementDesiredCapacity(true))
            .activity();
    assertThat(states()).containsOnlyKeys(second);
    assertThat(activity.description()).isEqualTo("Terminating EC2 instance: " + first);

    f.autoScaling.terminateInstanceInAutoScalingGroup(
        r -> r.instanceId(second).shouldDecrementDesiredCapacity(false));
    assertThat(states()).hasSize(1).doesNotContainKey(second);
    refused(
        () ->
            f.autoScaling.terminateInstanceInAutoScalingGroup(
                r -> r.instanceId("i-0").shouldDecrementDesiredCapacity(false)),
        "ValidationError");
  }

  @Test
  void replacesAnInstanceWhileItsTerminateHookStillHoldsIt() {
    String instance = launchWith(DRAIN);

    f.autoScaling.terminateInstanceInAutoScalingGroup(
        r -> r.instanceId(instance).shouldDecrementDesiredCapacity(false));

    assertThat(states().values()).containsExactly("Terminating:Wait", "InService");
    assertThat(f.world.group("workers").desiredCapacity()).isEqualTo(1);
  }

  @Test
  void recordsAFailedLaunchInAFullSubnet() {
    launchWith();
    f.world.fillSubnet(f.subnetA, 0);
    f.world.fillSubnet(f.subnetB, 0);

    f.autoScaling.setDesiredCapacity(r -> r.autoScalingGroupName("workers").desiredCapacity(2));

    var activities =
        f.autoScaling
            .describeScalingActivities(r -> r.autoScalingGroupName("workers"))
            .activities();
    assertThat(activities.getFirst().statusCodeAsString()).isEqualTo("Failed");
    assertThat(activities.getLast().statusCodeAsString()).isEqualTo("Successful");
  }

  @Test
  void putsDescribesAndDeletesHooks() {
    launchWith();
    f.autoScaling.putLifecycleHook(r ->
        r.autoScalingGroupName("workers")
            .lifecycleHookName("attach")
            .lifecycleTransition("autoscaling:EC2_INSTANCE_LAUNCHING")
            .heartbeatTimeout(120)
            .notificationMetadata("{\"a\":1}"));
    f.autoScaling.putLifecycleHook(r ->
        r.autoScalingGroupName("workers").lifecycleHookName("attach").defaultResult("CONTINUE"));

    List<LifecycleHook> hooks =
        f.autoScaling
            .describeLifecycleHooks(r -> r.autoScalingGroupName("workers"))
            .lifecycleHooks();
    assertThat(hooks)
        .singleElement()
        .satisfies(h -> {
          assertThat(h.heartbeatTimeout()).isEqualTo(120);
          assertThat(h.globalTimeout()).isEqualTo(12_000);
          assertThat(h.defaultResult()).isEqualTo("CONTINUE");
          assertThat(h.notificationMetadata()).isEqualTo("{\"a\":1}");
        });
    f.autoScaling.deleteLifecycleHook(
        r -> r.autoScalingGroupName("workers").lifecycleHookName("attach"));
    assertThat(f.world.group("workers").hooks()).isEmpty();
    refused(
        () ->
            f.autoScaling.putLifecycleHook(r ->
                r.autoScalingGroupName("workers")
                    .lifecycleHookName("attach")
                    .lifecycleTransition("autoscaling:EC2_INSTANCE_LAUNCHING")
                    .heartbeatTimeout(29)),
        "ValidationError");
  }

  @Test
  void letsTheFirstInstancesPassBeforeAHookExists() {
    f.world.autoScalingGroup("workers", f.spec().withDesiredCapacity(2));
    f.world.putLifecycleHook(
        "workers", "attach", Transition.LAUNCHING, MINUTE, HookResult.ABANDON, "x");
    String later = f.world.scaleOut("workers", 1).getFirst();

    assertThat(states().values()).containsExactly("InService", "InService", "Pending:Wait");
    assertThat(states()).containsEntry(later, "Pending:Wait");
    assertThatThrownBy(() -> f.world.autoScalingGroup("workers", f.spec()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAHookOutsideOfItsBounds() {
    assertThatThrownBy(() -> HookSpec.launching("no spaces")).hasMessageContaining("invalid");
    assertThatThrownBy(() -> ATTACH.withHeartbeatTimeout(Duration.ofSeconds(7201)))
        .hasMessageContaining("7200");
    assertThatThrownBy(() -> ATTACH.withNotificationMetadata("x".repeat(4001)))
        .hasMessageContaining("4000");
    assertThat(ATTACH.withDefaultResult(HookResult.CONTINUE).defaultResult())
        .isEqualTo(HookResult.CONTINUE);
  }

  @Test
  void needsATokenOrAnInstance() {
    launchWith(ATTACH);

    refused(
        () ->
            f.autoScaling.recordLifecycleActionHeartbeat(
                r -> r.autoScalingGroupName("workers").lifecycleHookName("attach")),
        "ValidationError");
  }

  @Test
  void givesInstancesTheSecurityGroupsOfTheirGroup() {
    String group = f.world.securityGroup(f.vpc, "nodes");
    f.world.autoScalingGroup("workers", f.spec().withSecurityGroups(group).withDesiredCapacity(1));

    assertThat(f.world.interfaces().getFirst().groupIds()).containsExactly(group);
  }
}
