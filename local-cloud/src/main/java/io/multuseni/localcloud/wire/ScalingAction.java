// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.wire;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A call to EC2 Auto Scaling as data, one record per action that this endpoint models. Components
 * carry the names and meanings of the Auto Scaling API reference.
 */
public sealed interface ScalingAction {

  /** Groups by name or tag filter. */
  record DescribeAutoScalingGroups(Selection selection, boolean includeInstances)
      implements ScalingAction {}

  /** Instances of groups; ids that are in no group are left out in silence. */
  record DescribeAutoScalingInstances(Selection selection) implements ScalingAction {}

  /** Hooks of a group, by name or all. */
  record DescribeLifecycleHooks(String groupName, List<String> hookNames)
      implements ScalingAction {}

  /** Makes a hook or changes what is given of an existing one. */
  record PutLifecycleHook(
      String groupName,
      String hookName,
      Optional<String> transition,
      OptionalInt heartbeatSeconds,
      Optional<String> defaultResult,
      Optional<String> notificationMetadata)
      implements ScalingAction {}

  /** Deletes a hook. */
  record DeleteLifecycleHook(String groupName, String hookName) implements ScalingAction {}

  /** Decides a waiting lifecycle action, named by token or instance. */
  record CompleteLifecycleAction(
      String groupName,
      String hookName,
      String result,
      Optional<String> token,
      Optional<String> instanceId)
      implements ScalingAction {}

  /** Restarts the timeout of a waiting lifecycle action. */
  record RecordLifecycleActionHeartbeat(
      String groupName, String hookName, Optional<String> token, Optional<String> instanceId)
      implements ScalingAction {}

  /** The warm pool of a group. */
  record DescribeWarmPool(String groupName, Selection selection) implements ScalingAction {}

  /** Tags of groups by filter. */
  record DescribeTags(Selection selection) implements ScalingAction {}

  /** Adds or overwrites tags of groups. */
  record CreateOrUpdateTags(List<GroupTag> tags) implements ScalingAction {}

  /** Removes tags of groups. */
  record DeleteTags(List<GroupTag> tags) implements ScalingAction {}

  /** Sets how many instances a group wants. */
  record SetDesiredCapacity(String groupName, int desiredCapacity) implements ScalingAction {}

  /** Terminates one instance of a group, with or without a replacement. */
  record TerminateInstanceInAutoScalingGroup(String instanceId, boolean decrement)
      implements ScalingAction {}

  /** What a group has done, newest first. */
  record DescribeScalingActivities(Optional<String> groupName, Selection selection)
      implements ScalingAction {}

  /** A tag in a request: the group is its resource. */
  record GroupTag(String groupName, String key, String value, boolean propagateAtLaunch) {}
}
