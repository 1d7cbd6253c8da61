// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import io.multuseni.base.AgedCache;
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
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.DescribeAutoScalingGroupsRequest;
import software.amazon.awssdk.services.autoscaling.model.DescribeAutoScalingGroupsResponse;
import software.amazon.awssdk.services.autoscaling.model.DescribeTagsResponse;
import software.amazon.awssdk.services.autoscaling.model.DescribeWarmPoolResponse;
import software.amazon.awssdk.services.autoscaling.model.Filter;
import software.amazon.awssdk.services.autoscaling.model.Instance;
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
  private final AgedCache<String, Hooks> hookCache;

  AutoScalingEdge(
      AutoScalingClient autoScaling, CallScope scope, AgedCache<String, Hooks> hookCache) {
    this.autoScaling = autoScaling;
    this.scope = scope;
    this.hookCache = hookCache;
  }

  /**
   * The lifecycle hooks of a group.
   *
   * @param launch launch hooks, name to heartbeat timeout
   * @param terminate names of the termination hooks
   */
  record Hooks(Map<String, Duration> launch, List<String> terminate) {}

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
            case NodeGroup.EksManagedNodegroup managed ->
                found.isEmpty() ? List.of(inWords(managed)) : List.of();
          };
      claims.add(
          new SweepFacts.Claim(
              nodeGroup, found.stream().map(group -> toFacts(group, nodeGroup)).toList(), missing));
    }
    return claims;
  }

  private List<AutoScalingGroup> groupsOf(NodeGroup nodeGroup, String cluster) {
    List<AutoScalingGroup> found = new ArrayList<>();
    switch (nodeGroup.membership()) {
      case NodeGroup.AutoScalingGroups(List<String> names) -> readByName(names, found);
      case NodeGroup.EksManagedNodegroup(String nodegroup, Optional<String> known)
          when known.isPresent() -> {
        readByName(List.of(known.get()), found);
        // Only the tags prove whose it is.
        found.removeIf(group -> !isTagged(group, cluster, nodegroup));
      }
      case NodeGroup.EksManagedNodegroup(String nodegroup, var _) ->
          readGroups(
              "EKS managed node group " + nodegroup,
              request ->
                  request.filters(
                      tagFilter("tag:eks:cluster-name", cluster),
                      tagFilter("tag:eks:nodegroup-name", nodegroup)),
              found);
    }
    return found;
  }

  private static String inWords(NodeGroup.EksManagedNodegroup managed) {
    return managed.autoScalingGroup().map(group -> group + ", ").orElse("")
        + "of EKS managed node group "
        + managed.nodegroup();
  }

  private static boolean isTagged(AutoScalingGroup group, String cluster, String nodegroup) {
    Map<String, String> tags = new HashMap<>();
    group.tags().forEach(tag -> tags.put(tag.key(), tag.value()));
    return cluster.equals(tags.get("eks:cluster-name"))
        && nodegroup.equals(tags.get("eks:nodegroup-name"));
  }

  private void readByName(List<String> names, List<AutoScalingGroup> found) {
    for (int from = 0; from < names.size(); from += NAMES) {
      List<String> part = names.subList(from, Math.min(names.size(), from + NAMES));
      readGroups(String.join(", ", part), request -> request.autoScalingGroupNames(part), found);
    }
  }

  private void readGroups(
      String resource,
      Consumer<DescribeAutoScalingGroupsRequest.Builder> which,
      List<AutoScalingGroup> found) {
    scope.eachPage(
        "DescribeAutoScalingGroups",
        resource,
        (settings, token) -> {
          DescribeAutoScalingGroupsResponse page =
              autoScaling.describeAutoScalingGroups(request -> {
                request.overrideConfiguration(settings).nextToken(token);
                which.accept(request);
              });
          found.addAll(page.autoScalingGroups());
          return page.nextToken();
        });
  }

  private GroupFacts toFacts(AutoScalingGroup group, NodeGroup nodeGroup) {
    String name = group.autoScalingGroupName();
    List<GroupFacts.Member> members = new ArrayList<>();
    addMembers(group.instances(), members);
    if (group.warmPoolConfiguration() != null) {
      // Instances of a warm pool are in no other list.
      scope.eachPage(
          "DescribeWarmPool",
          name,
          (settings, token) -> {
            DescribeWarmPoolResponse page =
                autoScaling.describeWarmPool(request ->
                    request
                        .overrideConfiguration(settings)
                        .autoScalingGroupName(name)
                        .nextToken(token));
            addMembers(page.instances(), members);
            return page.nextToken();
          });
    }
    Hooks hooks = hooksOf(name, nodeGroup);
    return new GroupFacts(
        name,
        hooks.launch(),
        hooks.terminate(),
        members,
        marksOf(group.tags()),
        group.warmPoolConfiguration() != null);
  }

  private static void addMembers(List<Instance> instances, List<GroupFacts.Member> members) {
    instances.forEach(
        one -> members.add(new GroupFacts.Member(one.instanceId(), one.lifecycleStateAsString())));
  }

  private Hooks hooksOf(String group, NodeGroup nodeGroup) {
    return hookCache
        .get(group)
        // The configuration may go by another hook since.
        .filter(hooks -> hasLaunchHook(hooks, nodeGroup))
        .orElseGet(() -> {
          Hooks read =
              scope.call("DescribeLifecycleHooks", group, settings -> readHooks(group, settings));
          if (hasLaunchHook(read, nodeGroup)) {
            // A missing hook may be made any minute, and nodes wait on it from then on.
            hookCache.put(group, read);
          }
          return read;
        });
  }

  private static boolean hasLaunchHook(Hooks hooks, NodeGroup nodeGroup) {
    return hooks.launch().keySet().stream().anyMatch(nodeGroup::admitsLaunchHook);
  }

  private Hooks readHooks(String group, AwsRequestOverrideConfiguration settings) {
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
    return new Hooks(launch, terminate);
  }

  /**
   * Reads the loop-breaker marks of Auto Scaling groups.
   *
   * @param groups their names
   * @return group to tag key to mark
   */
  public Map<String, Map<String, String>> marks(List<String> groups) {
    Map<String, Map<String, String>> marks = new HashMap<>();
    scope.eachPage(
        "DescribeTags",
        String.join(", ", groups),
        (settings, token) -> {
          DescribeTagsResponse page =
              autoScaling.describeTags(request ->
                  request
                      .overrideConfiguration(settings)
                      .nextToken(token)
                      .filters(
                          Filter.builder().name("auto-scaling-group").values(groups).build(),
                          Filter.builder().name("key").values(LoopBreaker.keys()).build()));
          page.tags()
              .forEach(tag ->
                  marks
                      .computeIfAbsent(tag.resourceId(), group -> new HashMap<>())
                      .put(tag.key(), tag.value()));
          return page.nextToken();
        });
    return marks;
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
