// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

import io.multuseni.localcloud.time.TokenBucket;
import io.multuseni.localcloud.wire.ApiError;
import io.multuseni.localcloud.wire.Filter;
import io.multuseni.localcloud.wire.Page;
import io.multuseni.localcloud.wire.ScalingAction;
import io.multuseni.localcloud.wire.Selection;
import io.multuseni.localcloud.wire.Xml;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Answers calls to Auto Scaling from the state of a {@link ScalingWorld}. The cloud's lock guards
 * it.
 */
public final class ScalingService {
  /**
   * Auto Scaling has one bucket for all calls of an account and Region, but AWS publishes no
   * figures for it: these are a guess, the non-mutating default of EC2 at half its refill.
   */
  private static final int BUCKET_CAPACITY = 100;

  private static final int BUCKET_REFILL_PER_SECOND = 10;
  private static final int LARGEST_PAGE = 100;

  private final ScalingWorld world;
  private final TokenBucket bucket;

  /** A service on {@code world}. */
  public ScalingService(ScalingWorld world) {
    this.world = world;
    this.bucket = new TokenBucket(BUCKET_CAPACITY, BUCKET_REFILL_PER_SECOND, world.clock.now());
  }

  /**
   * Takes a token for a call.
   *
   * @throws ApiError {@code Throttling}, HTTP 400
   */
  public void throttle(Instant now) {
    if (!bucket.take(1, now)) {
      throw ApiError.of("Throttling", "Rate exceeded");
    }
  }

  /**
   * Carries out a call.
   *
   * @return the elements inside the answer's result element
   * @throws ApiError the refusal, without any effect
   */
  public Xml answer(ScalingAction action) {
    Xml xml = new Xml();
    switch (action) {
      case ScalingAction.DescribeAutoScalingGroups call -> describeGroups(xml, call);
      case ScalingAction.DescribeAutoScalingInstances call ->
          describeInstances(xml, call.selection());
      case ScalingAction.DescribeLifecycleHooks call -> describeHooks(xml, call);
      case ScalingAction.PutLifecycleHook call -> putHook(call);
      case ScalingAction.DeleteLifecycleHook call -> {
        if (world.groupOfCaller(call.groupName()).hooks.remove(call.hookName()) == null) {
          throw ApiError.of(
              "ValidationError", "No Lifecycle Hook found with name " + call.hookName());
        }
      }
      case ScalingAction.CompleteLifecycleAction call -> {
        HookResult result = HookResult.of(call.result());
        world.groupOfCaller(call.groupName());
        world.complete(
            world.machine.waiting(
                call.groupName(), call.hookName(), call.token(), call.instanceId()),
            result);
      }
      case ScalingAction.RecordLifecycleActionHeartbeat call -> {
        world.groupOfCaller(call.groupName());
        world.machine.heartbeat(
            world.machine.waiting(
                call.groupName(), call.hookName(), call.token(), call.instanceId()),
            world.clock.now());
      }
      case ScalingAction.DescribeWarmPool call -> describeWarmPool(xml, call);
      case ScalingAction.DescribeTags call -> describeTags(xml, call.selection());
      case ScalingAction.CreateOrUpdateTags call -> {
        call.tags().forEach(t -> world.groupOfCaller(t.groupName()));
        call.tags()
            .forEach(t ->
                world
                    .groupOfCaller(t.groupName())
                    .tags
                    .put(t.key(), new Group.Tag(t.value(), t.propagateAtLaunch())));
      }
      case ScalingAction.DeleteTags call -> {
        call.tags().forEach(t -> world.groupOfCaller(t.groupName()));
        call.tags().forEach(t -> world.groupOfCaller(t.groupName()).tags.remove(t.key()));
      }
      case ScalingAction.SetDesiredCapacity call -> {
        Group group = world.groupOfCaller(call.groupName());
        if (call.desiredCapacity() < 0) {
          throw ApiError.of("ValidationError", "The desired capacity is negative");
        }
        world.setDesiredCapacity(group, call.desiredCapacity());
      }
      case ScalingAction.TerminateInstanceInAutoScalingGroup call -> {
        Member member =
            world
                .find(call.instanceId())
                .orElseThrow(() ->
                    ApiError.of(
                        "ValidationError",
                        "Instance Id not found - No managed instance found for instance ID: "
                            + call.instanceId()));
        world.terminate(member, call.decrement());
        xml.element("Activity", x -> activity(x, member.activity));
      }
      case ScalingAction.DescribeScalingActivities call -> describeActivities(xml, call);
    }
    return xml;
  }

  private void describeGroups(Xml xml, ScalingAction.DescribeAutoScalingGroups call) {
    Selection selection = call.selection();
    List<Group> all =
        world.groups.values().stream()
            .filter(g -> selection.ids().isEmpty() || selection.ids().contains(g.name))
            .filter(g -> selection.filters().stream().allMatch(f -> f.matches(groupValues(g, f))))
            .toList();
    Page<Group> page = Page.of(all, pageSize(selection, 50), selection.nextToken(), Group::serial);
    xml.list(
            "AutoScalingGroups",
            "member",
            page.items(),
            (x, group) -> group(x, group, call.includeInstances()))
        .text("NextToken", page.nextToken());
  }

  private static Collection<String> groupValues(Group group, Filter filter) {
    String name = filter.name();
    if (name.equals("tag-key")) {
      return group.tags.keySet();
    }
    if (name.equals("tag-value")) {
      return group.tags.values().stream().map(Group.Tag::value).toList();
    }
    if (name.startsWith("tag:")) {
      Group.Tag tag = group.tags.get(name.substring("tag:".length()));
      return tag == null ? List.of() : List.of(tag.value());
    }
    throw unknownFilter(name);
  }

  private static ApiError unknownFilter(String name) {
    return ApiError.of("ValidationError", "Filter type " + name + " is not supported");
  }

  private void group(Xml x, Group group, boolean includeInstances) {
    x.text("AutoScalingGroupName", group.name)
        .text("AutoScalingGroupARN", group.arn)
        .text("MinSize", 0)
        .text("MaxSize", 1000)
        .text("DesiredCapacity", group.desiredCapacity)
        .text("DefaultCooldown", 300)
        .list(
            "AvailabilityZones",
            "member",
            group.spec.subnetIds().stream().map(world::zoneOf).distinct().toList(),
            Xml::raw)
        .text("HealthCheckType", "EC2")
        .text("HealthCheckGracePeriod", 0)
        .text("CreatedTime", group.createdTime)
        .text("VPCZoneIdentifier", String.join(",", group.spec.subnetIds()));
    if (includeInstances) {
      x.list(
          "Instances",
          "member",
          group.members.values().stream().filter(m -> !m.isWarm()).toList(),
          ScalingService::member);
    }
    x.list(
        "Tags",
        "member",
        group.tags.entrySet(),
        (e, tag) -> tag(e, group, tag.getKey(), tag.getValue()));
    group
        .spec
        .warmPool()
        .ifPresent(pool ->
            x.element("WarmPoolConfiguration", e -> warmPool(e, pool))
                .text(
                    "WarmPoolSize",
                    group.members.values().stream().filter(Member::isWarm).count()));
  }

  private static void warmPool(Xml x, WarmPoolSpec pool) {
    x.text("MinSize", pool.minSize())
        .text("PoolState", pool.poolState())
        .element("InstanceReusePolicy", e -> e.text("ReuseOnScaleIn", pool.reuseOnScaleIn()));
  }

  private static void member(Xml x, Member member) {
    x.text("InstanceId", member.instanceId)
        .text("InstanceType", member.group.spec.instanceType())
        .text("AvailabilityZone", member.zone)
        .text("LifecycleState", member.state)
        .text("HealthStatus", "Healthy")
        .text("ProtectedFromScaleIn", false);
  }

  private static void tag(Xml x, Group group, String key, Group.Tag tag) {
    x.text("ResourceId", group.name)
        .text("ResourceType", "auto-scaling-group")
        .text("Key", key)
        .text("Value", tag.value())
        .text("PropagateAtLaunch", tag.propagateAtLaunch());
  }

  private void describeInstances(Xml xml, Selection selection) {
    List<Member> all =
        world.groups.values().stream()
            .flatMap(g -> g.members.values().stream())
            .filter(m -> selection.ids().isEmpty() || selection.ids().contains(m.instanceId))
            .sorted(Comparator.<Member>comparingLong(m -> m.serial))
            .toList();
    Page<Member> page = Page.of(all, pageSize(selection, 50), selection.nextToken(), m -> m.serial);
    xml.list(
            "AutoScalingInstances",
            "member",
            page.items(),
            (x, m) -> {
              member(x, m);
              x.text("AutoScalingGroupName", m.group.name);
            })
        .text("NextToken", page.nextToken());
  }

  private void describeHooks(Xml xml, ScalingAction.DescribeLifecycleHooks call) {
    Group group = world.groupOfCaller(call.groupName());
    xml.list(
        "LifecycleHooks",
        "member",
        group.hooks.values().stream()
            .filter(h -> call.hookNames().isEmpty() || call.hookNames().contains(h.name()))
            .toList(),
        (x, hook) ->
            x.text("LifecycleHookName", hook.name())
                .text("AutoScalingGroupName", group.name)
                .text("LifecycleTransition", hook.transition().text())
                .text("NotificationMetadata", hook.notificationMetadata())
                .text("HeartbeatTimeout", hook.heartbeatTimeout().toSeconds())
                .text("GlobalTimeout", hook.globalTimeout().toSeconds())
                .text("DefaultResult", hook.defaultResult()));
  }

  private void putHook(ScalingAction.PutLifecycleHook call) {
    Group group = world.groupOfCaller(call.groupName());
    HookSpec before = group.hooks.get(call.hookName());
    if (before == null && call.transition().isEmpty()) {
      throw ApiError.of("ValidationError", "A new lifecycle hook needs a lifecycle transition");
    }
    HookSpec base = before == null ? HookSpec.launching(call.hookName()) : before;
    world.putHook(
        group.name,
        new HookSpec(
            call.hookName(),
            call.transition().map(Transition::of).orElse(base.transition()),
            call.heartbeatSeconds().isPresent()
                ? Duration.ofSeconds(call.heartbeatSeconds().getAsInt())
                : base.heartbeatTimeout(),
            call.defaultResult().map(HookResult::of).orElse(base.defaultResult()),
            call.notificationMetadata().or(base::notificationMetadata)));
  }

  private void describeWarmPool(Xml xml, ScalingAction.DescribeWarmPool call) {
    Group group = world.groupOfCaller(call.groupName());
    List<Member> all = group.members.values().stream().filter(Member::isWarm).toList();
    Page<Member> page =
        Page.of(all, pageSize(call.selection(), 50), call.selection().nextToken(), m -> m.serial);
    group
        .spec
        .warmPool()
        .ifPresent(pool -> xml.element("WarmPoolConfiguration", x -> warmPool(x, pool)));
    xml.list("Instances", "member", page.items(), ScalingService::member)
        .text("NextToken", page.nextToken());
  }

  private void describeTags(Xml xml, Selection selection) {
    List<GroupTag> all = new ArrayList<>();
    for (Group group : world.groups.values()) {
      for (Map.Entry<String, Group.Tag> tag : group.tags.entrySet()) {
        GroupTag groupTag = new GroupTag(all.size(), group, tag.getKey(), tag.getValue());
        all.add(groupTag);
      }
    }
    List<GroupTag> matching =
        all.stream()
            .filter(t -> selection.filters().stream().allMatch(f -> f.matches(t.values(f))))
            .toList();
    Page<GroupTag> page =
        Page.of(matching, pageSize(selection, 50), selection.nextToken(), GroupTag::number);
    xml.list("Tags", "member", page.items(), (x, t) -> tag(x, t.group(), t.key(), t.tag()))
        .text("NextToken", page.nextToken());
  }

  private void describeActivities(Xml xml, ScalingAction.DescribeScalingActivities call) {
    call.groupName().ifPresent(world::groupOfCaller);
    Selection selection = call.selection();
    List<Activity> all =
        world.activities.reversed().stream()
            .filter(a -> call.groupName().map(a.groupName::equals).orElse(true))
            .filter(a -> selection.ids().isEmpty() || selection.ids().contains(a.id))
            .toList();
    // Newest first: the serial number that pages go by has to descend.
    Page<Activity> page =
        Page.of(all, pageSize(selection, 100), selection.nextToken(), a -> -a.serial);
    xml.list("Activities", "member", page.items(), ScalingService::activity)
        .text("NextToken", page.nextToken());
  }

  private static void activity(Xml x, Activity activity) {
    x.text("ActivityId", activity.id)
        .text("AutoScalingGroupName", activity.groupName)
        .text("Description", activity.description)
        .text("Cause", activity.cause)
        .text("StartTime", activity.startTime)
        .text("EndTime", activity.endTime)
        .text("StatusCode", activity.statusCode)
        .text("StatusMessage", activity.statusMessage)
        .text("Progress", activity.endTime.isPresent() ? 100 : 50);
  }

  private static OptionalInt pageSize(Selection selection, int usual) {
    OptionalInt asked = selection.pageSize(1, LARGEST_PAGE);
    return asked.isPresent() ? asked : OptionalInt.of(usual);
  }

  private record GroupTag(long number, Group group, String key, Group.Tag tag) {
    List<String> values(Filter filter) {
      return switch (filter.name()) {
        case "auto-scaling-group" -> List.of(group.name);
        case "key" -> List.of(key);
        case "value" -> List.of(tag.value());
        case "propagate-at-launch" -> List.of(String.valueOf(tag.propagateAtLaunch()));
        default -> throw unknownFilter(filter.name());
      };
    }
  }
}
