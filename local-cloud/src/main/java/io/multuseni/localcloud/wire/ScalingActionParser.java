// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads {@link ScalingAction}s. Parameter names are those of the service model of API version
 * 2011-01-01 (botocore, {@code autoscaling/2011-01-01/service-2.json}).
 */
public final class ScalingActionParser {
  private static final String GROUP = "AutoScalingGroupName";
  private static final String HOOK = "LifecycleHookName";

  private static final ActionTable<ScalingAction> TABLE =
      new ActionTable<ScalingAction>()
          .with(
              "DescribeAutoScalingGroups",
              Set.of(
                  "AutoScalingGroupNames",
                  "Filters",
                  "IncludeInstances",
                  "MaxRecords",
                  "NextToken"),
              p ->
                  new ScalingAction.DescribeAutoScalingGroups(
                      Selection.ofAutoScaling(p, "AutoScalingGroupNames"),
                      p.flag("IncludeInstances").orElse(true)))
          .with(
              "DescribeAutoScalingInstances",
              Set.of("InstanceIds", "MaxRecords", "NextToken"),
              p ->
                  new ScalingAction.DescribeAutoScalingInstances(
                      Selection.ofAutoScaling(p, "InstanceIds")))
          .with(
              "DescribeLifecycleHooks",
              Set.of(GROUP, "LifecycleHookNames"),
              p ->
                  new ScalingAction.DescribeLifecycleHooks(
                      required(p, GROUP), p.members("LifecycleHookNames")))
          .with(
              "PutLifecycleHook",
              Set.of(
                  GROUP,
                  HOOK,
                  "LifecycleTransition",
                  "HeartbeatTimeout",
                  "DefaultResult",
                  "NotificationMetadata"),
              p ->
                  new ScalingAction.PutLifecycleHook(
                      required(p, GROUP),
                      required(p, HOOK),
                      p.text("LifecycleTransition"),
                      p.number("HeartbeatTimeout"),
                      p.text("DefaultResult"),
                      p.text("NotificationMetadata")))
          .with(
              "DeleteLifecycleHook",
              Set.of(GROUP, HOOK),
              p -> new ScalingAction.DeleteLifecycleHook(required(p, GROUP), required(p, HOOK)))
          .with(
              "CompleteLifecycleAction",
              Set.of(GROUP, HOOK, "LifecycleActionResult", "LifecycleActionToken", "InstanceId"),
              p ->
                  new ScalingAction.CompleteLifecycleAction(
                      required(p, GROUP),
                      required(p, HOOK),
                      required(p, "LifecycleActionResult"),
                      p.text("LifecycleActionToken"),
                      p.text("InstanceId")))
          .with(
              "RecordLifecycleActionHeartbeat",
              Set.of(GROUP, HOOK, "LifecycleActionToken", "InstanceId"),
              p ->
                  new ScalingAction.RecordLifecycleActionHeartbeat(
                      required(p, GROUP),
                      required(p, HOOK),
                      p.text("LifecycleActionToken"),
                      p.text("InstanceId")))
          .with(
              "DescribeWarmPool",
              Set.of(GROUP, "MaxRecords", "NextToken"),
              p ->
                  new ScalingAction.DescribeWarmPool(
                      required(p, GROUP), Selection.ofAutoScaling(p, "-")))
          .with(
              "DescribeTags",
              Set.of("Filters", "MaxRecords", "NextToken"),
              p -> new ScalingAction.DescribeTags(Selection.ofAutoScaling(p, "-")))
          .with(
              "CreateOrUpdateTags",
              Set.of("Tags"),
              p -> new ScalingAction.CreateOrUpdateTags(groupTags(p)))
          .with("DeleteTags", Set.of("Tags"), p -> new ScalingAction.DeleteTags(groupTags(p)))
          .with(
              "SetDesiredCapacity",
              Set.of(GROUP, "DesiredCapacity", "HonorCooldown"),
              p ->
                  new ScalingAction.SetDesiredCapacity(
                      required(p, GROUP), p.requiredNumber("DesiredCapacity")))
          .with(
              "TerminateInstanceInAutoScalingGroup",
              Set.of("InstanceId", "ShouldDecrementDesiredCapacity"),
              p ->
                  new ScalingAction.TerminateInstanceInAutoScalingGroup(
                      required(p, "InstanceId"),
                      required(p, "ShouldDecrementDesiredCapacity").equalsIgnoreCase("true")))
          .with(
              "DescribeScalingActivities",
              Set.of(GROUP, "ActivityIds", "IncludeDeletedGroups", "MaxRecords", "NextToken"),
              p ->
                  new ScalingAction.DescribeScalingActivities(
                      p.text(GROUP), Selection.ofAutoScaling(p, "ActivityIds")));

  private ScalingActionParser() {}

  /** The names of the actions that are modelled. */
  public static Set<String> actions() {
    return TABLE.actions();
  }

  /**
   * Reads a call.
   *
   * @throws ApiError {@code InvalidAction} for an action that isn't modelled, {@code
   *     UnknownParameter} for a parameter that isn't, {@code ValidationError} for a missing one
   */
  public static ScalingAction read(Params params) {
    return TABLE.read(params);
  }

  private static String required(Params p, String name) {
    return p.text(name)
        .orElseThrow(() ->
            ApiError.of(
                "ValidationError",
                "1 validation error detected: Value null at '"
                    + name
                    + "' failed to satisfy constraint: Member must not be null"));
  }

  private static List<ScalingAction.GroupTag> groupTags(Params p) {
    List<ScalingAction.GroupTag> tags = new ArrayList<>();
    for (Params item : p.items("Tags.member")) {
      tags.add(
          new ScalingAction.GroupTag(
              required(item, "ResourceId"),
              required(item, "Key"),
              item.textOrEmpty("Value").orElse(""),
              item.isTrue("PropagateAtLaunch")));
    }
    return List.copyOf(tags);
  }
}
