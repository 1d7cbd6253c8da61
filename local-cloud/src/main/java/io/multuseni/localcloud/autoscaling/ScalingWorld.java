// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

import io.multuseni.localcloud.autoscaling.LifecycleActionMachine.Outcome;
import io.multuseni.localcloud.ec2.Ec2World;
import io.multuseni.localcloud.time.CloudClock;
import io.multuseni.localcloud.wire.ApiError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The groups, and how instances move through them. Not safe for use by many threads: whoever calls
 * holds the cloud's lock, and has called {@link #settle()} since it took it.
 */
public final class ScalingWorld {
  final Map<String, Group> groups = new LinkedHashMap<>();
  final List<Activity> activities = new ArrayList<>();
  final LifecycleActionMachine machine;
  final Supplier<ScalingOptions> options;
  final CloudClock clock;
  private final Ec2World ec2;
  private final Consumer<String> eventBus;
  private final Random random;
  private final ScalingEvents events;
  private long serial;

  /**
   * Auto Scaling on top of {@code ec2}, without any group.
   *
   * @param options asked anew each time, so that settings can change while the cloud runs
   * @param eventBus gets each event as JSON text
   * @param seed makes tokens repeat from run to run
   */
  public ScalingWorld(
      CloudClock clock,
      Supplier<ScalingOptions> options,
      Ec2World ec2,
      Consumer<String> eventBus,
      long seed) {
    this.clock = clock;
    this.options = options;
    this.ec2 = ec2;
    this.eventBus = eventBus;
    this.random = new Random(seed);
    this.machine = new LifecycleActionMachine(random);
    this.events = new ScalingEvents(random);
    ec2.onTerminated(this::goneFromOutside);
  }

  /** Applies what has become due: actions whose time is over, instances that have come up. */
  public void settle() {
    Instant now = clock.now();
    Optional<LifecycleAction> expired = machine.firstExpired(now);
    while (expired.isPresent()) {
      LifecycleAction action = expired.get();
      follow(action, machine.expire(action));
      expired = machine.firstExpired(now);
    }
    for (Group group : groups.values()) {
      for (Member member : List.copyOf(group.members.values())) {
        if (member.isProceeding() && ec2.isRunning(member.instanceId)) {
          arrive(member);
        }
      }
    }
  }

  // ---- building and moving -------------------------------------------------------------------

  /**
   * Makes a group and launches the instances it wants.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public void create(String name, GroupSpec spec) {
    if (groups.containsKey(name)) {
      throw new IllegalArgumentException("there is a group " + name + " already");
    }
    String arn =
        "arn:aws:autoscaling:"
            + options.get().region()
            + ":"
            + options.get().account()
            + ":autoScalingGroup:"
            + new UUID(random.nextLong(), random.nextLong())
            + ":autoScalingGroupName/"
            + name;
    Group group = new Group(name, nextSerial(), arn, spec, clock.now());
    groups.put(name, group);
    scaleOut(name, spec.desiredCapacity());
  }

  /** Makes a hook or replaces the one of the same name. */
  public void putHook(String groupName, HookSpec hook) {
    group(groupName).hooks.put(hook.name(), hook);
  }

  /** Raises the desired capacity and launches fresh instances; returns their ids. */
  public List<String> scaleOut(String groupName, int count) {
    Group group = group(groupName);
    group.desiredCapacity += count;
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(launch(group, Journey.LAUNCH, "a user request changed the desired capacity"));
    }
    return List.copyOf(ids);
  }

  /** Launches fresh instances into the warm pool; returns their ids. */
  public List<String> launchIntoWarmPool(String groupName, int count) {
    Group group = group(groupName);
    if (group.spec.warmPool().isEmpty()) {
      throw new IllegalStateException(groupName + " has no warm pool");
    }
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(launch(group, Journey.INTO_POOL, "the warm pool was to be filled"));
    }
    return List.copyOf(ids);
  }

  /** Raises the desired capacity and takes a warm instance into service. */
  public void warmPoolToService(String instanceId) {
    Member member = member(instanceId);
    if (!member.isReadyInPool()) {
      throw new IllegalStateException(instanceId + " is " + member.state);
    }
    member.group.desiredCapacity++;
    takeFromPool(member);
  }

  /**
   * Lowers the desired capacity and takes an instance out of service: to the warm pool if the group
   * reuses instances, otherwise to its end. A warm instance goes to its end without touching the
   * capacity.
   */
  public void scaleIn(String instanceId) {
    Member member = member(instanceId);
    if (member.countsAsCapacity()) {
      member.group.desiredCapacity = Math.max(0, member.group.desiredCapacity - 1);
    }
    takeOut(member, "a user request took instance " + instanceId + " out of service");
  }

  /** Terminates an instance of a group through its terminate hooks, replaced or not. */
  void terminate(Member member, boolean decrement) {
    if (decrement) {
      scaleIn(member.instanceId);
    } else {
      takeOut(member, "a user request took instance " + member.instanceId + " out of service");
      balance(member.group);
    }
  }

  void setDesiredCapacity(Group group, int capacity) {
    group.desiredCapacity = capacity;
    List<Member> serving =
        group.members.values().stream().filter(Member::countsAsCapacity).toList();
    for (int i = 0; i < serving.size() - capacity; i++) {
      takeOut(serving.get(i), "a user request changed the desired capacity");
    }
    balance(group);
  }

  void complete(LifecycleAction action, HookResult result) {
    follow(action, machine.complete(action, result, clock.now()));
  }

  // ---- inspection ----------------------------------------------------------------------------

  /** The group. */
  public GroupView view(String groupName) {
    return group(groupName).view();
  }

  /** All lifecycle actions, oldest first, those that are over included. */
  public List<LifecycleActionView> lifecycleActions() {
    return machine.views();
  }

  /** The group an instance is in. */
  public Optional<String> groupOf(String instanceId) {
    return find(instanceId).map(m -> m.group.name);
  }

  /** The lifecycle state of an instance. */
  public Optional<String> stateOf(String instanceId) {
    return find(instanceId).map(m -> m.state);
  }

  Optional<Member> find(String instanceId) {
    return groups.values().stream()
        .flatMap(g -> Optional.ofNullable(g.members.get(instanceId)).stream())
        .findFirst();
  }

  String zoneOf(String subnetId) {
    return ec2.zoneOf(subnetId);
  }

  /** The group of a caller; the odd text is that of Auto Scaling. */
  Group groupOfCaller(String name) {
    Group group = groups.get(name);
    if (group == null) {
      throw ApiError.of("ValidationError", "AutoScalingGroup name not found - null");
    }
    return group;
  }

  // ---- the moves -----------------------------------------------------------------------------

  private String launch(Group group, Journey journey, String reason) {
    String subnetId = group.nextSubnet();
    Map<String, String> tags = new LinkedHashMap<>();
    group.tags.forEach((key, tag) -> {
      if (tag.propagateAtLaunch()) {
        tags.put(key, tag.value());
      }
    });
    tags.put("aws:autoscaling:groupName", group.name);
    String id =
        ec2.launch(group.spec.instanceType(), subnetId, group.spec.securityGroupIds(), tags);
    group.spec.nodeAgents().ifPresent(agents -> ec2.runAgents(id, agents));
    Activity activity = activity(group, "Launching a new EC2 instance: " + id, reason);
    Member member =
        new Member(id, nextSerial(), group, subnetId, ec2.zoneOf(subnetId), journey, activity);
    group.members.put(id, member);
    enter(member);
    return id;
  }

  private void takeFromPool(Member member) {
    if (member.state.equals("Warmed:Stopped")) {
      ec2.start(member.instanceId);
    }
    member.activity =
        activity(
            member.group,
            "Launching a new EC2 instance from warm pool: " + member.instanceId,
            "an instance was needed in service");
    member.journey = Journey.OUT_OF_POOL;
    enter(member);
  }

  private void takeOut(Member member, String reason) {
    if (member.journey.endsInTermination()) {
      return;
    }
    machine.cancel(member.instanceId, clock.now());
    boolean reuse =
        !member.isWarm()
            && ec2.isRunning(member.instanceId)
            && member.group.spec.warmPool().filter(WarmPoolSpec::reuseOnScaleIn).isPresent();
    boolean warm = member.isWarm();
    member.activity =
        activity(member.group, "Terminating EC2 instance: " + member.instanceId, reason);
    member.journey =
        reuse ? Journey.BACK_TO_POOL : warm ? Journey.TERMINATE_WARM : Journey.TERMINATE;
    enter(member);
  }

  /** The begin of a journey: hooks hold the instance, or it goes straight on. */
  private void enter(Member member) {
    Instant now = clock.now();
    member.state = member.journey.state;
    List<HookSpec> hooks = member.group.hooks(member.journey.transition);
    if (hooks.isEmpty()) {
      proceed(member);
      return;
    }
    member.state = member.journey.state + ":Wait";
    member.activity.statusCode = "MidLifecycleAction";
    for (HookSpec hook : hooks) {
      LifecycleAction action =
          machine.begin(hook, member.group.name, member.instanceId, member.journey, now);
      eventBus.accept(events.lifecycleAction(options.get(), member.group, action));
    }
  }

  private void follow(LifecycleAction action, Outcome outcome) {
    Optional<Member> held = find(action.instanceId);
    if (held.isEmpty() || outcome == Outcome.HELD) {
      return;
    }
    Member member = held.get();
    if (outcome == Outcome.ABANDONED && !member.journey.endsInTermination()) {
      abandon(member);
    } else {
      proceed(member);
    }
  }

  private void proceed(Member member) {
    member.state = member.journey.state + ":Proceed";
    if (member.journey.endsInTermination()) {
      leave(member, true, "");
    } else if (ec2.isRunning(member.instanceId)) {
      arrive(member);
    }
    // Otherwise settle() lets it arrive when its instance has booted.
  }

  private void arrive(Member member) {
    Instant now = clock.now();
    if (member.journey.endsInService()) {
      member.state = "InService";
    } else {
      WarmPoolSpec pool = member.group.spec.warmPool().orElseGet(WarmPoolSpec::ofStopped);
      if (pool.stopped()) {
        ec2.stop(member.instanceId);
      }
      member.state = "Warmed:" + pool.poolState();
    }
    member.activity.end("Successful", "", now);
    eventBus.accept(events.result(options.get(), member, true, now));
  }

  /** A hook said ABANDON on the way into service or the pool. Terminate hooks don't run then. */
  private void abandon(Member member) {
    boolean launching = member.journey.transition == Transition.LAUNCHING;
    leave(member, !launching, "Lifecycle Action was abandoned for " + member.instanceId);
    replace(member.group);
  }

  private void leave(Member member, boolean successful, String message) {
    Instant now = clock.now();
    machine.cancel(member.instanceId, now);
    member.group.members.remove(member.instanceId);
    member.activity.end(successful ? "Successful" : "Failed", message, now);
    eventBus.accept(events.result(options.get(), member, successful, now));
    ec2.terminate(member.instanceId);
  }

  /** Somebody terminated the instance without asking its group. */
  private void goneFromOutside(String instanceId) {
    Optional<Member> gone = find(instanceId);
    if (gone.isPresent()) {
      Member member = gone.get();
      boolean wasOnItsWay = !member.activity.statusCode.equals("Successful");
      boolean failedLaunch = wasOnItsWay && member.journey.transition == Transition.LAUNCHING;
      if (!wasOnItsWay) {
        member.activity =
            activity(
                member.group,
                "Terminating EC2 instance: " + instanceId,
                "an instance was taken out of service in response to an EC2 health check");
        member.journey = member.isWarm() ? Journey.TERMINATE_WARM : Journey.TERMINATE;
      }
      leave(member, !failedLaunch, failedLaunch ? "Instance became unhealthy" : "");
      replace(member.group);
    }
  }

  private void replace(Group group) {
    if (options.get().replaceAbandoned()) {
      balance(group);
    }
  }

  /** Launches until the group has what it wants, from the warm pool first. */
  private void balance(Group group) {
    long has = group.members.values().stream().filter(Member::countsAsCapacity).count();
    for (; has < group.desiredCapacity; has++) {
      Optional<Member> warm =
          group.members.values().stream().filter(Member::isReadyInPool).findFirst();
      if (warm.isPresent()) {
        takeFromPool(warm.get());
      } else {
        try {
          launch(group, Journey.LAUNCH, "the group has fewer instances than its desired capacity");
        } catch (ApiError refused) {
          // A group goes on trying later; here the next change of the group does.
          activity(group, "Launching a new EC2 instance", "the desired capacity")
              .end("Failed", refused.text(), clock.now());
          return;
        }
      }
    }
  }

  private Activity activity(Group group, String description, String reason) {
    Activity activity =
        new Activity(
            new UUID(random.nextLong(), random.nextLong()).toString(),
            nextSerial(),
            group.name,
            description,
            "At " + clock.now() + " " + reason + ".",
            clock.now());
    activities.add(activity);
    return activity;
  }

  private Group group(String name) {
    Group group = groups.get(name);
    if (group == null) {
      throw new IllegalArgumentException("no such group: " + name);
    }
    return group;
  }

  private Member member(String instanceId) {
    return find(instanceId)
        .orElseThrow(() -> new IllegalArgumentException(instanceId + " is in no group"));
  }

  private long nextSerial() {
    return ++serial;
  }
}
