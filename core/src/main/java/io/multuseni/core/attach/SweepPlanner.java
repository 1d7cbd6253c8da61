// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.Tags;
import io.multuseni.core.config.TimeChain;
import io.multuseni.core.event.Incoming;
import io.multuseni.core.event.Incoming.Place;
import io.multuseni.core.node.Attachment;
import io.multuseni.core.node.GroupFacts;
import io.multuseni.core.node.InstanceSummary;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.slot.Slot;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what a sweep does: Auto Scaling sends its events at best effort, and any run may die, so
 * everything that an event starts is also found by looking.
 */
public final class SweepPlanner {
  /**
   * An instance younger than this is left to its event. It equals the function's timeout: no first
   * run for it can still be under way, and if a second one is, both come to the same end.
   */
  public static final Duration PATIENCE_WITH_EVENTS = TimeChain.FUNCTION_TIMEOUT;

  /**
   * A mark that outlived the grace by this much is of an earlier time: the interface was in use
   * since, or no sweep ran. Its grace begins anew.
   */
  static final Duration MARK_LASTS = Duration.ofHours(1);

  private final ProvisionerConfig config;
  private final SweepFacts facts;
  private final Map<String, Map<Slot, InterfaceFacts>> attached = new HashMap<>();
  private final List<Incoming.Action> heartbeats = new ArrayList<>();
  private final List<Incoming.LaunchAction> launches = new ArrayList<>();
  private final List<Incoming.TerminateAction> terminations = new ArrayList<>();
  private final List<InterfaceFacts> toMark = new ArrayList<>();
  private final List<InterfaceFacts> toDelete = new ArrayList<>();
  private final List<SweepPlan.Finding> findings = new ArrayList<>();

  private SweepPlanner(ProvisionerConfig config, SweepFacts facts) {
    this.config = config;
    this.facts = facts;
    for (InterfaceFacts one : facts.ours()) {
      one.attachment()
          .ifPresent(attachment ->
              attachment
                  .instanceId()
                  .ifPresent(instance ->
                      attached
                          .computeIfAbsent(instance, id -> new HashMap<>())
                          .put(attachment.slot(), one)));
    }
  }

  /**
   * Plans a sweep.
   *
   * @param config the configuration
   * @param facts what was read; all of it, since an incomplete list would make orphans
   */
  public static SweepPlan plan(ProvisionerConfig config, SweepFacts facts) {
    SweepPlanner planner = new SweepPlanner(config, facts);
    facts.claims().forEach(planner::look);
    facts.ours().forEach(planner::look);
    return new SweepPlan(
        planner.heartbeats,
        planner.launches,
        planner.terminations,
        planner.toMark,
        planner.toDelete,
        planner.findings);
  }

  private void look(SweepFacts.Claim claim) {
    NodeGroup nodeGroup = claim.nodeGroup();
    for (String name : claim.missing()) {
      find(
          SweepPlan.Kind.GROUP_MISSING,
          name,
          "Auto Scaling group %s of node group %s doesn't exist; correct the configuration and deploy"
                  .formatted(name, nodeGroup.name())
              + " it, since a renamed group gets no interfaces");
    }
    Map<String, Map<String, String>> marks = new HashMap<>();
    claim.found().forEach(group -> marks.put(group.name(), group.tags()));
    boolean held = LoopBreaker.holds(LoopBreaker.together(marks), nodeGroup, facts.now());
    for (GroupFacts group : claim.found()) {
      Optional<String> hook = hookOf(nodeGroup, group);
      if (hook.isEmpty()) {
        find(
            SweepPlan.Kind.HOOK_MISSING,
            group.name(),
            "Auto Scaling group %s of node group %s lacks its launch hook %s; deploy the stack again,"
                    .formatted(
                        group.name(), nodeGroup.name(), nodeGroup.launchHookName().orElse(""))
                + " until then its nodes start without their interfaces");
      }
      if (held) {
        find(
            SweepPlan.Kind.GROUP_HELD,
            group.name(),
            "new nodes of Auto Scaling group %s are held back after %d ABANDONs for one reason; the"
                    .formatted(group.name(), LoopBreaker.THRESHOLD)
                + " reports of these say which, correct the configuration and deploy it");
      }
      for (GroupFacts.Member member : group.members()) {
        InstanceSummary instance = facts.instances().get(member.instanceId());
        if (instance != null && instance.state().isLive()) {
          look(nodeGroup, group, hook, held, member, instance);
        }
      }
    }
  }

  private void look(
      NodeGroup nodeGroup,
      GroupFacts group,
      Optional<String> hook,
      boolean held,
      GroupFacts.Member member,
      InstanceSummary instance) {
    Duration age = Duration.between(startOf(group, instance), facts.now());
    boolean eventIsOverdue = age.compareTo(PATIENCE_WITH_EVENTS) >= 0;
    boolean complete = nodeGroup.completesLaunchHook();
    if (member.entersWarmPool()
        && eventIsOverdue
        && group.terminateHooks().contains(NodeGroup.TERMINATE_HOOK)) {
      // On scale-in into the pool a termination hook holds the instance in the state of a launch.
      // Which of the two it is nothing tells; completing a hook that holds nobody does nothing.
      terminations.add(
          new Incoming.TerminateAction(
              action(nodeGroup, group, NodeGroup.TERMINATE_HOOK, instance, true),
              Place.UNKNOWN,
              Place.WARM_POOL));
    }
    if (member.waitsToLaunch() && hook.isPresent()) {
      Incoming.Action action = action(nodeGroup, group, hook.get(), instance, complete);
      boolean heartbeatDue =
          complete
              && age.compareTo(nodeGroup.giveUpAfter()) < 0
              && heartbeatIsDue(
                  instance,
                  age,
                  group.launchHooks().getOrDefault(hook.get(), nodeGroup.heartbeatTimeout()));
      if (heartbeatDue) {
        heartbeats.add(action);
      }
      // A held node is tried again at each heartbeat only: each try creates and deletes interfaces.
      boolean giveUp = age.compareTo(nodeGroup.giveUpAfter()) >= 0;
      if (eventIsOverdue && (!held || heartbeatDue || giveUp)) {
        launches.add(
            new Incoming.LaunchAction(
                action,
                Place.UNKNOWN,
                member.entersWarmPool() ? Place.WARM_POOL : Place.AUTO_SCALING_GROUP));
      }
    } else if (member.waitsToTerminate()
        && group.terminateHooks().contains(NodeGroup.TERMINATE_HOOK)) {
      terminations.add(
          new Incoming.TerminateAction(
              action(nodeGroup, group, NodeGroup.TERMINATE_HOOK, instance, true),
              Place.AUTO_SCALING_GROUP,
              Place.UNKNOWN));
    } else if (member.isInService() && eventIsOverdue) {
      lookAtServing(nodeGroup, group, instance);
    }
  }

  private void lookAtServing(NodeGroup nodeGroup, GroupFacts group, InstanceSummary instance) {
    Map<Slot, InterfaceFacts> there = attached.getOrDefault(instance.instanceId(), Map.of());
    List<Slot> slots = AttachPlanner.slots(nodeGroup.networks());
    List<String> missing = new ArrayList<>();
    boolean leaks = false;
    for (int i = 0; i < slots.size(); i++) {
      InterfaceFacts found = there.get(slots.get(i));
      if (found == null) {
        missing.add(nodeGroup.networks().get(i).name() + " (" + slots.get(i) + ")");
      } else {
        leaks |= !found.attachment().map(Attachment::deleteOnTermination).orElse(true);
      }
    }
    if (!missing.isEmpty()) {
      find(
          SweepPlan.Kind.INTERFACES_MISSING,
          instance.instanceId(),
          "instance %s of Auto Scaling group %s is InService without its interfaces for %s; %s"
              .formatted(
                  instance.instanceId(),
                  group.name(),
                  String.join(", ", missing),
                  nodeGroup.backfill()
                      ? "backfill is on, they are attached now"
                      : "replace the instance, or set backfill: true for the node group"));
    }
    boolean repair = missing.isEmpty() && leaks;
    if (repair || (!missing.isEmpty() && nodeGroup.backfill())) {
      launches.add(
          new Incoming.LaunchAction(
              action(nodeGroup, group, nodeGroup.launchHookName().orElse(""), instance, false),
              Place.UNKNOWN,
              Place.AUTO_SCALING_GROUP));
    }
  }

  private boolean heartbeatIsDue(InstanceSummary instance, Duration age, Duration timeout) {
    Duration third = timeout.dividedBy(3);
    Instant last = facts.heartbeats().get(instance.instanceId());
    return age.compareTo(third) >= 0
        && (last == null || Duration.between(last, facts.now()).compareTo(third) >= 0);
  }

  private void look(InterfaceFacts one) {
    if (one.attachment().isPresent() || !one.status().equals("available")) {
      return;
    }
    String owner = one.tags().getOrDefault(Tags.INSTANCE, "");
    InstanceSummary instance = facts.instances().get(owner);
    boolean live = instance != null && instance.state().isLive();
    if (live && !slotIsFilled(owner, one)) {
      return;
    }
    Optional<Instant> since = availableSince(one);
    if (since.isEmpty()) {
      toMark.add(one);
      return;
    }
    Duration disused = Duration.between(since.get(), facts.now());
    if (disused.compareTo(config.sweepGrace().plus(MARK_LASTS)) >= 0) {
      toMark.add(one);
    } else if (disused.compareTo(config.sweepGrace()) >= 0) {
      toDelete.add(one);
    }
  }

  /**
   * A second interface for a slot comes from a create whose answer was lost and whose token aged.
   */
  private boolean slotIsFilled(String instanceId, InterfaceFacts one) {
    Set<String> filled = new HashSet<>();
    attached
        .getOrDefault(instanceId, Map.of())
        .keySet()
        .forEach(slot -> filled.add(slot.networkCardIndex() + "/" + slot.deviceIndex()));
    return filled.contains(
        one.tags().get(Tags.NETWORK_CARD) + "/" + one.tags().get(Tags.DEVICE_INDEX));
  }

  private static Optional<Instant> availableSince(InterfaceFacts one) {
    String text = one.tags().get(Tags.AVAILABLE_SINCE);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      // Not written by us: it is marked afresh and the grace begins again.
      return Optional.empty();
    }
  }

  /**
   * When the wait began. An instance that ran in a warm pool keeps its launch time as it enters the
   * group, and Auto Scaling tells no other.
   */
  private Instant startOf(GroupFacts group, InstanceSummary instance) {
    Instant seen = facts.waitingSince().get(instance.instanceId());
    return group.warmPool() && seen != null && seen.isAfter(instance.launchTime())
        ? seen
        : instance.launchTime();
  }

  private Incoming.Action action(
      NodeGroup nodeGroup, GroupFacts group, String hook, InstanceSummary instance, boolean ours) {
    return new Incoming.Action(
        nodeGroup,
        group.name(),
        hook,
        instance.instanceId(),
        Optional.empty(),
        ours,
        startOf(group, instance));
  }

  private static Optional<String> hookOf(NodeGroup nodeGroup, GroupFacts group) {
    return group.launchHooks().keySet().stream()
        .filter(nodeGroup::admitsLaunchHook)
        .sorted()
        .findFirst();
  }

  private void find(SweepPlan.Kind kind, String resource, String message) {
    findings.add(new SweepPlan.Finding(kind, resource, message));
  }
}
