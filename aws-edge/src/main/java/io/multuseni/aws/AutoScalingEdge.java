// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import io.multuseni.core.attach.LoopBreaker;
import io.multuseni.core.attach.SweepFacts;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.event.Incoming;
import io.multuseni.core.node.GroupFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.Filter;
import software.amazon.awssdk.services.autoscaling.model.LifecycleHook;
import software.amazon.awssdk.services.autoscaling.model.Tag;
import software.amazon.awssdk.services.autoscaling.model.TagDescription;

/**
 * Every call that reads or changes Auto Scaling; nothing else can. All of them throw {@link
 * CallFailure} whatever goes wrong.
 */
public final class AutoScalingEdge {
  /** DescribeAutoScalingGroups takes this many names with its default page. */
  private static final int NAMES = 50;

  private final AutoScalingClient autoScaling;
  private final CallScope scope;
  private final AgedCache<String, GroupFacts> hookCache;

  AutoScalingEdge(
      AutoScalingClient autoScaling, CallScope scope, AgedCache<String, GroupFacts> hookCache) {
    this.autoScaling = autoScaling;
    this.scope = scope;
    this.hookCache = hookCache;
  }

  /** How a lifecycle action ends. */
  public enum Result {
    /** The instance goes on. */
    CONTINUE,
    /** The instance is terminated. */
    ABANDON
  }

  /**
   * Completes a lifecycle action, by its token or, where the token isn't known, by its instance.
   *
   * @return false where no such action is pending: completed already, timed out, or the instance
   *     gone
   */
  public boolean complete(Incoming.Action action, Result result) {
    return whilePending(() ->
        scope.call(
            "CompleteLifecycleAction",
            nameOf(action),
            settings ->
                autoScaling.completeLifecycleAction(request -> {
                  request
                      .overrideConfiguration(settings)
                      .autoScalingGroupName(action.autoScalingGroup())
                      .lifecycleHookName(action.lifecycleHook())
                      .lifecycleActionResult(result.name());
                  action
                      .token()
                      .ifPresentOrElse(
                          request::lifecycleActionToken,
                          () -> request.instanceId(action.instanceId()));
                })));
  }

  /**
   * Restarts the heartbeat timeout of a lifecycle action.
   *
   * @return false where no such action is pending
   */
  public boolean heartbeat(Incoming.Action action) {
    return whilePending(() ->
        scope.call(
            "RecordLifecycleActionHeartbeat",
            nameOf(action),
            settings ->
                autoScaling.recordLifecycleActionHeartbeat(request -> {
                  request
                      .overrideConfiguration(settings)
                      .autoScalingGroupName(action.autoScalingGroup())
                      .lifecycleHookName(action.lifecycleHook());
                  action
                      .token()
                      .ifPresentOrElse(
                          request::lifecycleActionToken,
                          () -> request.instanceId(action.instanceId()));
                })));
  }

  private static boolean whilePending(Runnable call) {
    try {
      call.run();
      return true;
    } catch (CallFailure failure) {
      if (failure.meaning() == ErrorMeaning.ALREADY_DONE) {
        return false;
      }
      throw failure;
    }
  }

  private static String nameOf(Incoming.Action action) {
    return "hook %s of %s for %s"
        .formatted(action.lifecycleHook(), action.autoScalingGroup(), action.instanceId());
  }

  /** Every configured Auto Scaling group with its members, hooks and loop-breaker marks. */
  public List<SweepFacts.Claim> claims(ProvisionerConfig config) {
    List<SweepFacts.Claim> claims = new ArrayList<>();
    for (NodeGroup nodeGroup : config.nodeGroups()) {
      List<AutoScalingGroup> found = groupsOf(nodeGroup, config.cluster());
      List<String> names = found.stream().map(AutoScalingGroup::autoScalingGroupName).toList();
      List<String> missing =
          switch (nodeGroup.membership()) {
            case NodeGroup.AutoScalingGroups(List<String> wanted) ->
                wanted.stream().filter(name -> !names.contains(name)).toList();
            case NodeGroup.EksManagedNodegroup(String nodegroup) ->
                found.isEmpty() ? List.of("of EKS managed node group " + nodegroup) : List.of();
          };
      claims.add(
          new SweepFacts.Claim(nodeGroup, found.stream().map(this::toFacts).toList(), missing));
    }
    return claims;
  }

  private List<AutoScalingGroup> groupsOf(NodeGroup nodeGroup, String cluster) {
    List<AutoScalingGroup> found = new ArrayList<>();
    switch (nodeGroup.membership()) {
      case NodeGroup.AutoScalingGroups(List<String> names) -> {
        for (int from = 0; from < names.size(); from += NAMES) {
          List<String> part = names.subList(from, Math.min(names.size(), from + NAMES));
          scope.call(
              "DescribeAutoScalingGroups",
              String.join(", ", part),
              settings -> {
                autoScaling
                    .describeAutoScalingGroupsPaginator(request ->
                        request.overrideConfiguration(settings).autoScalingGroupNames(part))
                    .autoScalingGroups()
                    .forEach(found::add);
                return found;
              });
        }
      }
      case NodeGroup.EksManagedNodegroup(String nodegroup) ->
          scope.call(
              "DescribeAutoScalingGroups",
              "EKS managed node group " + nodegroup,
              settings -> {
                autoScaling
                    .describeAutoScalingGroupsPaginator(request ->
                        request
                            .overrideConfiguration(settings)
                            .filters(
                                tagFilter("tag:eks:cluster-name", cluster),
                                tagFilter("tag:eks:nodegroup-name", nodegroup)))
                    .autoScalingGroups()
                    .forEach(found::add);
                return found;
              });
    }
    return found;
  }

  private GroupFacts toFacts(AutoScalingGroup group) {
    String name = group.autoScalingGroupName();
    List<GroupFacts.Member> members = new ArrayList<>();
    group
        .instances()
        .forEach(one ->
            members.add(new GroupFacts.Member(one.instanceId(), one.lifecycleStateAsString())));
    if (group.warmPoolConfiguration() != null) {
      // Instances of a warm pool are in no other list.
      scope.call(
          "DescribeWarmPool",
          name,
          settings -> {
            autoScaling
                .describeWarmPoolPaginator(
                    request -> request.overrideConfiguration(settings).autoScalingGroupName(name))
                .forEach(page ->
                    page.instances()
                        .forEach(one ->
                            members.add(
                                new GroupFacts.Member(
                                    one.instanceId(), one.lifecycleStateAsString()))));
            return members;
          });
    }
    GroupFacts hooks = hooksOf(name);
    return new GroupFacts(
        name,
        hooks.launchHooks(),
        hooks.terminateHooks(),
        members,
        marksOf(group.tags()),
        group.warmPoolConfiguration() != null);
  }

  private GroupFacts hooksOf(String group) {
    return hookCache
        .get(group)
        .orElseGet(() -> {
          GroupFacts read =
              scope.call("DescribeLifecycleHooks", group, settings -> readHooks(group, settings));
          hookCache.put(group, read);
          return read;
        });
  }

  private GroupFacts readHooks(String group, AwsRequestOverrideConfiguration settings) {
    Map<String, Duration> launch = new HashMap<>();
    List<String> terminate = new ArrayList<>();
    for (LifecycleHook hook :
        autoScaling
            .describeLifecycleHooks(
                request -> request.overrideConfiguration(settings).autoScalingGroupName(group))
            .lifecycleHooks()) {
      if ("autoscaling:EC2_INSTANCE_LAUNCHING".equals(hook.lifecycleTransition())) {
        launch.put(hook.lifecycleHookName(), Duration.ofSeconds(hook.heartbeatTimeout()));
      } else {
        terminate.add(hook.lifecycleHookName());
      }
    }
    return new GroupFacts(group, launch, terminate, List.of(), Map.of(), false);
  }

  /** Reads the loop-breaker marks of an Auto Scaling group, by tag key. */
  public Map<String, String> marks(String group) {
    return scope.call(
        "DescribeTags",
        group,
        settings ->
            marksOf(
                autoScaling
                    .describeTags(request ->
                        request
                            .overrideConfiguration(settings)
                            .filters(
                                tagFilter("auto-scaling-group", group),
                                Filter.builder().name("key").values(LoopBreaker.keys()).build()))
                    .tags()));
  }

  /** Leaves a loop-breaker mark on an Auto Scaling group. */
  public void mark(String group, String key, LoopBreaker.Mark mark) {
    scope.call(
        "CreateOrUpdateTags",
        group,
        settings ->
            autoScaling.createOrUpdateTags(request ->
                request
                    .overrideConfiguration(settings)
                    .tags(
                        Tag.builder()
                            .resourceId(group)
                            .resourceType("auto-scaling-group")
                            .key(key)
                            .value(mark.text())
                            .propagateAtLaunch(false)
                            .build())));
  }

  private static Map<String, String> marksOf(Collection<TagDescription> tags) {
    Map<String, String> marks = new HashMap<>();
    for (TagDescription tag : tags) {
      if (LoopBreaker.keys().contains(tag.key())) {
        marks.put(tag.key(), tag.value());
      }
    }
    return marks;
  }

  private static Filter tagFilter(String name, String value) {
    return Filter.builder().name(name).values(value).build();
  }
}
