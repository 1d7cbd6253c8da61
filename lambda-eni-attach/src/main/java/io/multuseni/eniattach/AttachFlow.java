// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.aws.AutoScalingEdge.Result;
import io.multuseni.aws.AwsClients;
import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.base.Deadline;
import io.multuseni.base.Parallel;
import io.multuseni.base.Time;
import io.multuseni.core.attach.AttachDecision;
import io.multuseni.core.attach.AttachPlanner;
import io.multuseni.core.attach.AttachmentPlan;
import io.multuseni.core.attach.Outcome;
import io.multuseni.core.attach.PollSchedule;
import io.multuseni.core.attach.Progress;
import io.multuseni.core.attach.Refusal;
import io.multuseni.core.config.Network;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.Tags;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.event.IgnoredReason;
import io.multuseni.core.event.Incoming;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.node.NodeFacts;
import io.multuseni.core.report.AttachReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The story of one event, from what came in to what was told. Running it again at any point, or
 * twice at once, leads to the same end.
 */
public final class AttachFlow {
  /** Kept back from the steps, so that a heartbeat and a report are still possible after them. */
  static final Duration RESERVE = Duration.ofSeconds(10);

  /** Auto Scaling sets it on each of its instances, and nobody else can. */
  private static final String GROUP_TAG = "aws:autoscaling:groupName";

  /** How long EC2 may not know an instance that Auto Scaling has just launched. */
  private static final Duration INSTANCE_VISIBILITY = Duration.ofSeconds(20);

  private final ProvisionerConfig config;
  private final AwsClients clients;
  private final Time time;
  private final boolean dryRun;

  /**
   * Takes what all events share.
   *
   * @param config the configuration
   * @param clients the clients and caches of this sandbox
   * @param time the clock
   * @param dryRun whether to decide and report only
   */
  public AttachFlow(ProvisionerConfig config, AwsClients clients, Time time, boolean dryRun) {
    this.config = config;
    this.clients = clients;
    this.time = time;
    this.dryRun = dryRun;
  }

  /**
   * Sees one event through.
   *
   * @param incoming the event
   * @param deadline when the invocation ends
   * @return what became of it; never throws for anything that AWS answers
   */
  public AttachReport run(Incoming incoming, Deadline deadline) {
    return run(incoming, deadline, new CallCounter());
  }

  /** As above, with the counter of what the invocation has called already. */
  AttachReport run(Incoming incoming, Deadline deadline, CallCounter counter) {
    Invocation run = Invocation.begin(config.cluster(), clients, time, deadline, counter, dryRun);
    return switch (incoming) {
      case Incoming.NotForUs ignored -> run.reports().ignored(ignored);
      case Incoming.SweepTick tick ->
          run.reports()
              .ignored(
                  new Incoming.NotForUs(
                      IgnoredReason.OTHER_EVENT,
                      "a schedule's tick is for the sweep function; point the schedule there",
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty()));
      case Incoming.LaunchAction launch -> launch(launch.action(), run);
      case Incoming.TerminateAction terminate -> terminate(terminate.action(), run);
    };
  }

  private AttachReport launch(Incoming.Action action, Invocation run) {
    AttachSteps steps = new AttachSteps(run, action.instanceId());
    Optional<NodeFacts> known = Optional.empty();
    Progress progress;
    try {
      known = known(action, run);
      Optional<Outcome.Ignored> notOurs = notOurs(action, known);
      if (notOurs.isPresent()) {
        if (notOurs.get().reason() == IgnoredReason.INSTANCE_GONE && !dryRun) {
          // What an earlier run made for it serves nobody any more.
          steps.undo();
        }
        return run.reports().of(action, known, notOurs.get(), List.of(), false);
      }
      AttachDecision decision = decided(action.nodeGroup(), known.orElseThrow(), run);
      if (dryRun) {
        return run.reports().planned(action, known.orElseThrow(), decision);
      }
      progress = done(decision, action.nodeGroup(), known.orElseThrow(), steps, run);
    } catch (CallFailure failure) {
      progress = AttachSteps.after(failure);
    }
    return told(action, known, progress, steps, run);
  }

  /**
   * ◆ ● CONTINUE, ABANDON or another try: decided, cleaned up for, and said where it is ours to
   * say.
   */
  private AttachReport told(
      Incoming.Action action,
      Optional<NodeFacts> known,
      Progress progress,
      AttachSteps steps,
      Invocation run) {
    CompletionSteps completion = new CompletionSteps(run, action, isProvenOurs(action, known));
    Outcome outcome = completion.decide(progress);
    boolean undo =
        outcome instanceof Outcome.Abandon
            || progress instanceof Progress.Stopped
            || progress instanceof Progress.InstanceGone;
    if (undo && !dryRun) {
      steps.undo();
    }
    outcome = completion.say(outcome);
    return run.reports().of(action, known, outcome, servedBy(progress), completion.completed());
  }

  private static List<Progress.ServedInterface> servedBy(Progress progress) {
    return progress instanceof Progress.Complete complete ? complete.interfaces() : List.of();
  }

  /**
   * The name of a managed node group's Auto Scaling group may belong to another cluster's node
   * group of the same name; only the instance's tags tell.
   */
  private static boolean isProvenOurs(Incoming.Action action, Optional<NodeFacts> known) {
    return known.isPresent()
        || !(action.nodeGroup().membership() instanceof NodeGroup.EksManagedNodegroup);
  }

  /** ● What is there: the instance, its interfaces, and the subnets from memory. */
  private Optional<NodeFacts> known(Incoming.Action action, Invocation run) {
    Instant began = time.now();
    Optional<NodeFacts> node = run.ec2().nodeFacts(action.instanceId());
    boolean fresh = Duration.between(action.since(), began).compareTo(INSTANCE_VISIBILITY) < 0;
    // Neither a new instance nor its tags are visible everywhere at once.
    while (fresh && node.filter(AttachFlow::isTagged).isEmpty() && !run.stepsDeadline().isOver()) {
      Duration waited = Duration.between(began, time.now());
      if (waited.compareTo(INSTANCE_VISIBILITY) >= 0) {
        break;
      }
      time.pause(PollSchedule.gapAfter(waited));
      node = run.ec2().nodeFacts(action.instanceId());
    }
    return node;
  }

  private static boolean isTagged(NodeFacts node) {
    return node.tags().containsKey(GROUP_TAG);
  }

  private Optional<Outcome.Ignored> notOurs(Incoming.Action action, Optional<NodeFacts> known) {
    if (known.isEmpty() || !known.get().state().isLive()) {
      return Optional.of(
          new Outcome.Ignored(
              IgnoredReason.INSTANCE_GONE,
              "instance %s %s; nothing to attach to"
                  .formatted(
                      action.instanceId(),
                      known.map(node -> "is " + node.state()).orElse("doesn't exist"))));
    }
    Map<String, String> tags = known.get().tags();
    String group = tags.get(GROUP_TAG);
    if (!action.autoScalingGroup().equals(group)) {
      return Optional.of(
          new Outcome.Ignored(
              IgnoredReason.FOREIGN_GROUP,
              "instance %s doesn't belong to Auto Scaling group %s: its tag aws:autoscaling:groupName is %s"
                  .formatted(action.instanceId(), action.autoScalingGroup(), group)));
    }
    if (action.nodeGroup().membership() instanceof NodeGroup.EksManagedNodegroup
        && !config.cluster().equals(tags.get("eks:cluster-name"))) {
      return Optional.of(
          new Outcome.Ignored(
              IgnoredReason.FOREIGN_CLUSTER,
              "instance %s belongs to cluster %s and not to %s, by its tag eks:cluster-name"
                  .formatted(action.instanceId(), tags.get("eks:cluster-name"), config.cluster())));
    }
    return Optional.empty();
  }

  /** ◆ What to do; a refusal is never decided on remembered facts. */
  private static AttachDecision decided(NodeGroup group, NodeFacts node, Invocation run) {
    List<String> subnetIds =
        group.networks().stream().map(Network::subnets).flatMap(List::stream).toList();
    AttachDecision decision =
        AttachPlanner.plan(run.cluster(), group, node, run.ec2().subnets(subnetIds));
    if (decision instanceof Refusal) {
      run.ec2().forgetCachedFacts();
      Optional<NodeFacts> fresh = run.ec2().nodeFacts(node.instanceId());
      decision =
          AttachPlanner.plan(
              run.cluster(), group, fresh.orElse(node), run.ec2().subnets(subnetIds));
    }
    return decision;
  }

  /** ● The plan carried out. */
  private static Progress done(
      AttachDecision decision, NodeGroup group, NodeFacts node, AttachSteps steps, Invocation run) {
    return switch (decision) {
      case Refusal refusal -> new Progress.Stopped(refusal);
      case AttachmentPlan plan ->
          steps.carryOut(plan, node.state(), () -> replanned(group, node, run));
    };
  }

  private static AttachDecision replanned(NodeGroup group, NodeFacts node, Invocation run) {
    return decided(group, run.ec2().nodeFacts(node.instanceId()).orElse(node), run);
  }

  /**
   * A terminating node still drains, so nothing is detached; what must be sure is that EC2 deletes
   * its interfaces with it. On the way back to a warm pool they stay for the same reason.
   */
  private AttachReport terminate(Incoming.Action action, Invocation run) {
    Outcome outcome;
    boolean completed = false;
    try {
      Optional<Outcome.Ignored> foreign = foreignOnTheWayOut(action, run);
      if (foreign.isPresent()) {
        return run.reports().of(action, Optional.empty(), foreign.get(), List.of(), false);
      }
      List<InterfaceFacts> leaking =
          run.ec2().taggedFor(action.instanceId()).stream()
              .filter(one -> one.hasTag(Tags.CLUSTER, config.cluster()))
              .filter(one -> one.outlives(action.instanceId()))
              .toList();
      if (!dryRun) {
        keepFromLeaking(leaking, run);
        completed = run.autoScaling().complete(action, Result.CONTINUE);
      }
      outcome = new Outcome.Continue();
    } catch (CallFailure failure) {
      outcome = new Outcome.Retry(failure.meaning().name(), failure.explained());
    }
    return run.reports().of(action, Optional.empty(), outcome, List.of(), completed);
  }

  /**
   * A failure that passes is worth another try. Any other must not hold the node's termination: the
   * sweep deletes later what is left over.
   */
  private static void keepFromLeaking(List<InterfaceFacts> leaking, Invocation run) {
    for (Parallel.Result<InterfaceFacts, String> result :
        Parallel.forEach(leaking, one -> Invocation.deleteWithInstance(run.ec2(), one))) {
      if (result instanceof Parallel.Failed<InterfaceFacts, String> failed
          && failed.failure().meaning() != ErrorMeaning.NOT_YET_VISIBLE) {
        if (failed.failure().meaning().passesByItself()) {
          throw failed.failure();
        }
        run.note("left to the sweep: " + failed.failure().explained());
      }
    }
  }

  private Optional<Outcome.Ignored> foreignOnTheWayOut(Incoming.Action action, Invocation run) {
    if (isProvenOurs(action, Optional.empty())) {
      return Optional.empty();
    }
    Optional<NodeFacts> node = run.ec2().nodeFacts(action.instanceId());
    // An instance that is gone already waits on no hook.
    return notOurs(action, node);
  }
}
