// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.multuseni.localcloud.autoscaling.HookSpec;
import io.multuseni.localcloud.autoscaling.LifecycleActionView;
import io.multuseni.localcloud.autoscaling.WarmPoolSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Into the warm pool, out of it, and back. */
class WarmPoolTest {
  private final Fixture f = Fixture.start();

  @AfterEach
  void close() {
    f.close();
  }

  private String warm(WarmPoolSpec pool) {
    f.world.autoScalingGroup(
        "workers",
        f.spec()
            .withHook(HookSpec.launching("attach"))
            .withHook(HookSpec.terminating("drain"))
            .withWarmPool(pool));
    return f.world.launchIntoWarmPool("workers", 1).getFirst();
  }

  private void complete(String hook, String instance, String result) {
    f.autoScaling.completeLifecycleAction(r ->
        r.autoScalingGroupName("workers")
            .lifecycleHookName(hook)
            .instanceId(instance)
            .lifecycleActionResult(result));
  }

  private String state(String instance) {
    return f.world.instance(instance).lifecycleState().orElse("gone");
  }

  private LifecycleActionView lastAction() {
    return f.world.lifecycleActions().getLast();
  }

  @Test
  void holdsAnInstanceOnItsWayIntoThePoolThenStopsIt() {
    String instance = warm(WarmPoolSpec.ofStopped());
    assertThat(state(instance)).isEqualTo("Warmed:Pending:Wait");
    assertThat(lastAction().origin()).isEqualTo("EC2");
    assertThat(lastAction().destination()).isEqualTo("WarmPool");
    assertThat(f.world.group("workers").desiredCapacity()).isZero();

    complete("attach", instance, "CONTINUE");

    assertThat(state(instance)).isEqualTo("Warmed:Stopped");
    assertThat(f.world.instance(instance).state()).isEqualTo("stopped");
  }

  @Test
  void holdsAWarmInstanceAgainOnItsWayIntoService() {
    String instance = warm(WarmPoolSpec.ofStopped());
    complete("attach", instance, "CONTINUE");

    f.world.warmPoolToService(instance);
    assertThat(state(instance)).isEqualTo("Pending:Wait");
    assertThat(f.world.instance(instance).state()).isEqualTo("running");
    assertThat(lastAction().origin()).isEqualTo("WarmPool");
    assertThat(lastAction().destination()).isEqualTo("AutoScalingGroup");
    assertThat(f.world.lifecycleActions()).hasSize(2);

    complete("attach", instance, "CONTINUE");
    assertThat(state(instance)).isEqualTo("InService");
    assertThat(f.world.group("workers").desiredCapacity()).isEqualTo(1);
  }

  @Test
  void returnsToThePoolOnScaleInWithATerminateHook() {
    String instance = inService(WarmPoolSpec.ofStopped().withReuseOnScaleIn());

    f.world.scaleIn(instance);
    assertThat(state(instance)).isEqualTo("Warmed:Pending:Wait");
    assertThat(lastAction().hookName()).isEqualTo("drain");
    assertThat(lastAction().origin()).isEqualTo("AutoScalingGroup");
    assertThat(lastAction().destination()).isEqualTo("WarmPool");

    complete("drain", instance, "CONTINUE");
    assertThat(state(instance)).isEqualTo("Warmed:Stopped");
    assertThat(f.world.instance(instance).state()).isEqualTo("stopped");
  }

  @Test
  void terminatesOnScaleInWithoutReuse() {
    String instance = inService(WarmPoolSpec.ofStopped());

    f.world.scaleIn(instance);

    assertThat(state(instance)).isEqualTo("Terminating:Wait");
  }

  private String inService(WarmPoolSpec pool) {
    String instance = warm(pool);
    complete("attach", instance, "CONTINUE");
    f.world.warmPoolToService(instance);
    complete("attach", instance, "CONTINUE");
    return instance;
  }

  @Test
  void terminatesOutOfThePool() {
    String instance = warm(WarmPoolSpec.ofStopped());
    complete("attach", instance, "CONTINUE");

    f.world.scaleIn(instance);
    assertThat(state(instance)).isEqualTo("Warmed:Terminating:Wait");
    assertThat(lastAction().origin()).isEqualTo("WarmPool");
    complete("drain", instance, "CONTINUE");

    assertThat(state(instance)).isEqualTo("gone");
    assertThat(f.world.instance(instance).state()).isEqualTo("terminated");
  }

  @Test
  void keepsInstancesRunningInARunningPool() {
    String instance = warm(new WarmPoolSpec(1, false, false));
    complete("attach", instance, "CONTINUE");

    assertThat(state(instance)).isEqualTo("Warmed:Running");
    assertThat(f.world.instance(instance).state()).isEqualTo("running");
  }

  @Test
  void givesUpAnAbandonedWarmLaunchWithoutReplacement() {
    String instance = warm(WarmPoolSpec.ofStopped());

    complete("attach", instance, "ABANDON");

    assertThat(state(instance)).isEqualTo("gone");
    assertThat(f.world.group("workers").lifecycleStates()).isEmpty();
  }

  @Test
  void takesWarmInstancesFirstWhenTheCapacityRises() {
    String instance = warm(WarmPoolSpec.ofStopped());
    complete("attach", instance, "CONTINUE");

    f.autoScaling.setDesiredCapacity(r -> r.autoScalingGroupName("workers").desiredCapacity(2));

    assertThat(state(instance)).isEqualTo("Pending:Wait");
    assertThat(f.world.group("workers").lifecycleStates()).hasSize(2);
  }

  @Test
  void showsWarmInstancesInTheirPoolOnly() {
    String instance = warm(new WarmPoolSpec(2, true, true));
    complete("attach", instance, "CONTINUE");

    var pool = f.autoScaling.describeWarmPool(r -> r.autoScalingGroupName("workers"));
    var group =
        f.autoScaling
            .describeAutoScalingGroups(r -> r.autoScalingGroupNames("workers"))
            .autoScalingGroups()
            .getFirst();

    assertThat(pool.instances())
        .singleElement()
        .satisfies(i -> assertThat(i.lifecycleStateAsString()).isEqualTo("Warmed:Stopped"));
    assertThat(pool.warmPoolConfiguration().minSize()).isEqualTo(2);
    assertThat(group.instances()).isEmpty();
    assertThat(group.warmPoolSize()).isEqualTo(1);
    assertThat(group.warmPoolConfiguration().instanceReusePolicy().reuseOnScaleIn()).isTrue();
    assertThat(
            f.autoScaling
                .describeAutoScalingInstances(r -> r.instanceIds(instance, "i-unknown"))
                .autoScalingInstances())
        .singleElement()
        .satisfies(i -> assertThat(i.lifecycleState()).isEqualTo("Warmed:Stopped"));
  }

  @Test
  void refusesMovesThatTheStateForbids() {
    String instance = warm(WarmPoolSpec.ofStopped());
    f.world.autoScalingGroup("cold", f.spec());

    assertThatIllegalStateException().isThrownBy(() -> f.world.warmPoolToService(instance));
    assertThatIllegalStateException().isThrownBy(() -> f.world.launchIntoWarmPool("cold", 1));
  }

  @Test
  void terminatesAnInstanceWhoseReturnIsAbandoned() {
    String instance = inService(WarmPoolSpec.ofStopped().withReuseOnScaleIn());
    f.world.scaleIn(instance);

    complete("drain", instance, "ABANDON");

    assertThat(f.world.instance(instance).state()).isEqualTo("terminated");
  }

  @Test
  void forgetsAWarmInstanceTerminatedFromOutside() {
    String instance = warm(WarmPoolSpec.ofStopped());
    complete("attach", instance, "CONTINUE");

    f.world.terminate(instance);

    assertThat(f.world.group("workers").lifecycleStates()).isEmpty();
    assertThat(f.cloud.events().history().getLast())
        .contains("EC2 Instance Terminate Successful", "\"Origin\":\"WarmPool\"");
  }
}
