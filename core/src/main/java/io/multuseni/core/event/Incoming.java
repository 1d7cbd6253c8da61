// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.event;

import io.multuseni.core.config.NodeGroup;
import java.time.Instant;
import java.util.Optional;

/** Everything that can come in. */
public sealed interface Incoming {
  /**
   * What the two lifecycle actions have in common.
   *
   * @param nodeGroup the node group that it concerns
   * @param autoScalingGroup name of the Auto Scaling group
   * @param lifecycleHook name of the hook
   * @param instanceId the instance
   * @param token identifies the action; absent where the sweep found the instance waiting
   * @param ours whether the hook is ours to complete
   * @param since when the action began, as far as known
   */
  record Action(
      NodeGroup nodeGroup,
      String autoScalingGroup,
      String lifecycleHook,
      String instanceId,
      Optional<String> token,
      boolean ours,
      Instant since) {}

  /**
   * An instance is launching, or leaves or enters the warm pool on its way into the group.
   *
   * @param action the pending action
   * @param origin where the instance comes from
   * @param destination where it goes
   */
  record LaunchAction(Action action, Place origin, Place destination) implements Incoming {}

  /**
   * An instance of ours is terminating, or returns to the warm pool.
   *
   * @param action the pending action
   * @param origin where the instance comes from
   * @param destination where it goes
   */
  record TerminateAction(Action action, Place origin, Place destination) implements Incoming {}

  /** The schedule's tick. */
  record SweepTick() implements Incoming {}

  /**
   * Nothing to do, and no AWS call to make.
   *
   * @param reason why, as a constant
   * @param message why, for people: names the field, group or hook
   * @param instanceId the instance, where the event names one
   * @param autoScalingGroup the group, where the event names one
   * @param lifecycleHook the hook, where the event names one
   */
  record NotForUs(
      IgnoredReason reason,
      String message,
      Optional<String> instanceId,
      Optional<String> autoScalingGroup,
      Optional<String> lifecycleHook)
      implements Incoming {}

  /** The ends of an instance's way, from {@code Origin} and {@code Destination} of the event. */
  enum Place {
    /** Outside Auto Scaling: not launched yet, or terminated. */
    EC2,
    /** In service. */
    AUTO_SCALING_GROUP,
    /** The warm pool. */
    WARM_POOL,
    /** The event doesn't say; both fields are optional. */
    UNKNOWN
  }
}
