// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.aws.Ec2Edge;
import io.multuseni.base.Deadline;
import io.multuseni.base.Parallel;
import io.multuseni.base.Time;
import io.multuseni.core.attach.AttachDecision;
import io.multuseni.core.attach.AttachmentPlan;
import io.multuseni.core.attach.PlannedInterface;
import io.multuseni.core.attach.PollSchedule;
import io.multuseni.core.attach.Progress;
import io.multuseni.core.attach.Refusal;
import io.multuseni.core.attach.RefusalReason;
import io.multuseni.core.attach.Setting;
import io.multuseni.core.config.Tags;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.node.Attachment;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.node.NodeFacts;
import io.multuseni.core.slot.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Carries an attachment plan out: create all at once, attach one after the other in device-index
 * order, set what can only be set after attaching, look once more. Each step takes what it finds
 * done as done.
 */
final class AttachSteps {
  /** How long EC2 may not know an interface that it has just created. */
  static final Duration VISIBILITY = Duration.ofSeconds(15);

  private final Invocation run;
  private final Ec2Edge ec2;
  private final CreateSteps creates;
  private final Time time;
  private final Deadline deadline;
  private final String cluster;
  private final String instanceId;

  /** What this run created; a describe may not show it when it has to be taken back. */
  private final Set<String> createdIds = ConcurrentHashMap.newKeySet();

  /** The shortest wait for an attachment in this run so far; zero before the first. */
  private Duration quickest = Duration.ZERO;

  AttachSteps(Invocation run, String instanceId) {
    this.run = run;
    this.ec2 = run.ec2();
    this.creates = new CreateSteps(run, instanceId);
    this.time = run.time();
    this.deadline = run.stepsDeadline();
    this.cluster = run.cluster();
    this.instanceId = instanceId;
  }

  /** Ends the steps early; caught in this class only. */
  private static final class Halt extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Progress progress;

    Halt(Progress progress) {
      super(progress.toString(), null, false, false);
      this.progress = progress;
    }
  }

  /**
   * Carries a plan out.
   *
   * @param plan the plan
   * @param state the instance's state as the plan's facts had it
   * @param replan decides anew on fresh facts, for when something else took a slot meanwhile
   */
  Progress carryOut(AttachmentPlan plan, NodeFacts.State state, Supplier<AttachDecision> replan) {
    try {
      List<Underway> interfaces = createMissing(plan);
      if (!plan.isRight()) {
        awaitAttachable(state);
        List<Underway> attached = new ArrayList<>();
        for (Underway one : interfaces) {
          attached.add(attach(one, replan));
        }
        set(attached);
        interfaces = verified(attached);
      }
      deleteOwn(plan.surplus().stream().map(InterfaceFacts::networkInterfaceId).toList());
      return new Progress.Complete(
          interfaces.stream()
              .map(one -> new Progress.ServedInterface(one.planned(), one.found(), one.created()))
              .toList());
    } catch (Halt halt) {
      return halt.progress;
    } catch (CallFailure failure) {
      return after(failure);
    }
  }

  /** How far a failed call lets the steps come. */
  static Progress after(CallFailure failure) {
    if (failure.meaning() == ErrorMeaning.GONE) {
      return new Progress.InstanceGone(failure.explained());
    }
    if (failure.meaning().passesByItself()) {
      return new Progress.Unfinished(failure.meaning(), failure.explained());
    }
    RefusalReason reason =
        failure.code().startsWith("InvalidSubnet")
            ? RefusalReason.SUBNET_NOT_FOUND
            : RefusalReason.of(failure.meaning());
    return new Progress.Stopped(new Refusal(reason, failure.resource(), failure.explained()));
  }

  // Create.

  private List<Underway> createMissing(AttachmentPlan plan) {
    List<PlannedInterface> missing =
        plan.interfaces().stream().filter(PlannedInterface::needsCreate).toList();
    Map<Slot, Underway> bySlot = new TreeMap<>();
    List<CallFailure> failures = new ArrayList<>();
    for (Parallel.Result<PlannedInterface, Underway> result :
        Parallel.forEach(
            missing, planned -> created(creates.create(planned, planned.generation())))) {
      switch (result) {
        case Parallel.Worked<PlannedInterface, Underway>(var planned, var made) ->
            bySlot.put(planned.slot(), made);
        case Parallel.Failed<PlannedInterface, Underway>(var planned, var failure) ->
            failures.add(failure);
      }
    }
    throwWorst(failures);
    return plan.interfaces().stream()
        .map(planned ->
            planned
                .existing()
                .map(found -> new Underway(planned, found, planned.generation(), false))
                .or(() -> Optional.ofNullable(bySlot.get(planned.slot())))
                .orElseThrow())
        .toList();
  }

  private Underway created(Underway made) {
    if (made.created()) {
      createdIds.add(made.id());
    }
    return made;
  }

  /** A permanent failure decides; one that passes only where there is no other. */
  private static void throwWorst(List<CallFailure> failures) {
    if (failures.isEmpty()) {
      return;
    }
    CallFailure worst =
        failures.stream()
            .filter(failure -> !failure.meaning().passesByItself())
            .findFirst()
            .orElse(failures.getFirst());
    failures.stream().filter(other -> other != worst).forEach(worst::addSuppressed);
    throw worst;
  }

  // Attach.

  private void awaitAttachable(NodeFacts.State known) {
    Instant began = time.now();
    Instant lookedAt = began;
    NodeFacts.State state = known;
    while (!state.isAttachable()) {
      pauseOrHalt(
          began,
          lookedAt,
          ErrorMeaning.NOT_READY,
          "instance %s is still %s".formatted(instanceId, state));
      lookedAt = time.now();
      state = haltUnlessLive(ec2.instanceState(instanceId));
    }
  }

  private NodeFacts.State haltUnlessLive(Optional<NodeFacts.State> seen) {
    NodeFacts.State state = seen.orElse(NodeFacts.State.TERMINATED);
    if (!state.isLive()) {
      throw new Halt(
          new Progress.InstanceGone(
              "instance %s is %s before its interfaces were attached"
                  .formatted(instanceId, state)));
    }
    return state;
  }

  private Underway attach(Underway start, Supplier<AttachDecision> replan) {
    Underway one = start;
    Instant began = time.now();
    while (one.found().slotOn(instanceId).filter(one.slot()::equals).isEmpty()) {
      try {
        ec2.attach(one.id(), instanceId, one.slot());
        break;
      } catch (CallFailure failure) {
        Underway next =
            switch (failure.meaning()) {
              case IN_USE, SLOT_TAKEN -> occupied(one, began, failure, replan);
              case NOT_YET_VISIBLE -> visibleOrAnew(one, began, failure, replan);
              case NOT_READY, GONE -> {
                // Describe may know an instance that this call doesn't know yet, and the reverse.
                pauseOrHalt(began, ErrorMeaning.NOT_READY, failure.explained());
                haltUnlessLive(ec2.instanceState(instanceId));
                yield one;
              }
              default -> throw failure;
            };
        if (!next.id().equals(one.id())) {
          // Another interface, and its own time to become visible.
          began = time.now();
        }
        one = next;
      }
    }
    return awaitAttached(one);
  }

  /**
   * Something is in the way: a concurrent run's success, our own unanswered call, or a stranger.
   * Only the planner may say that it is a stranger; as long as nobody shows, the describes are
   * late.
   */
  private Underway occupied(
      Underway one, Instant began, CallFailure failure, Supplier<AttachDecision> replan) {
    Optional<InterfaceFacts> now = ec2.interfaces(List.of(one.id())).stream().findFirst();
    if (now.isPresent() && now.get().slotOn(instanceId).filter(one.slot()::equals).isPresent()) {
      return one.with(now.get());
    }
    boolean elsewhere = now.flatMap(InterfaceFacts::attachment).isPresent();
    PlannedInterface planned = replannedFor(one, replan);
    if (elsewhere || isServedByAnother(planned, one)) {
      return otherThan(one, planned);
    }
    return later(one, began, failure);
  }

  private Underway visibleOrAnew(
      Underway one, Instant began, CallFailure failure, Supplier<AttachDecision> replan) {
    if (Duration.between(began, time.now()).compareTo(VISIBILITY) < 0) {
      return later(one, began, failure);
    }
    // EC2 answers a used token with the interface that it once made, even when that one is gone.
    return otherThan(one, replannedFor(one, replan));
  }

  private Underway later(Underway one, Instant began, CallFailure failure) {
    if (Duration.between(began, time.now()).compareTo(VISIBILITY) >= 0) {
      throw new Halt(new Progress.Unfinished(ErrorMeaning.NOT_YET_VISIBLE, failure.explained()));
    }
    pauseOrHalt(began, ErrorMeaning.NOT_YET_VISIBLE, failure.explained());
    return one;
  }

  private static PlannedInterface replannedFor(Underway one, Supplier<AttachDecision> replan) {
    return switch (replan.get()) {
      case Refusal refusal -> throw new Halt(new Progress.Stopped(refusal));
      case AttachmentPlan plan ->
          plan.interfaces().stream()
              .filter(other -> other.slot().equals(one.slot()))
              .findFirst()
              .orElseThrow();
    };
  }

  private static boolean isServedByAnother(PlannedInterface planned, Underway one) {
    return planned
        .existing()
        .filter(found -> !found.networkInterfaceId().equals(one.id()))
        .isPresent();
  }

  /** The interface that a new plan has for the slot, or a new one of the next generation. */
  private Underway otherThan(Underway one, PlannedInterface planned) {
    if (isServedByAnother(planned, one)) {
      // Another run's interface serves the slot, or waits for it; what we made has become surplus.
      deleteOwn(List.of(one.id()));
      return new Underway(planned, planned.existing().orElseThrow(), planned.generation(), false);
    }
    if (planned.needsCreate()) {
      return created(creates.create(planned, Math.max(planned.generation(), one.generation() + 1)));
    }
    throw new Halt(
        new Progress.Unfinished(
            ErrorMeaning.NOT_YET_VISIBLE,
            "%s for %s is seen, but can't be attached yet".formatted(one.id(), one.slot())));
  }

  private Underway awaitAttached(Underway one) {
    Instant began = time.now();
    Duration expected = PollSchedule.firstLookAfter(quickest);
    if (expected.compareTo(deadline.left()) < 0) {
      time.pause(expected);
    }
    while (true) {
      Instant lookedAt = time.now();
      Optional<InterfaceFacts> seen = ec2.interfaces(List.of(one.id())).stream().findFirst();
      Optional<Attachment> attachment =
          seen.filter(found -> found.slotOn(instanceId).filter(one.slot()::equals).isPresent())
              .flatMap(InterfaceFacts::attachment);
      if (attachment.filter(Attachment::isAttached).isPresent()) {
        Duration waited = Duration.between(began, lookedAt);
        quickest = quickest.isZero() || waited.compareTo(quickest) < 0 ? waited : quickest;
        return one.with(seen.orElseThrow());
      }
      pauseOrHalt(
          began,
          lookedAt,
          ErrorMeaning.NOT_READY,
          "attachment of %s to %s at %s is %s"
              .formatted(
                  one.id(),
                  instanceId,
                  one.slot(),
                  attachment.map(Attachment::status).orElse("not visible yet")));
    }
  }

  // Set and verify.

  private record Change(Underway one, Setting setting) {}

  private void set(List<Underway> attached) {
    List<Change> changes = new ArrayList<>();
    for (Underway one : attached) {
      one.planned().deviationsOf(one.found()).stream()
          .sorted()
          .forEach(setting -> changes.add(new Change(one, setting)));
    }
    throwWorst(failuresOf(changes, change -> onceVisible(() -> apply(change))));
  }

  private String onceVisible(Supplier<String> call) {
    Instant began = time.now();
    while (true) {
      try {
        return call.get();
      } catch (CallFailure failure) {
        Duration waited = Duration.between(began, time.now());
        Duration gap = PollSchedule.gapAfter(waited);
        if (failure.meaning() != ErrorMeaning.NOT_YET_VISIBLE
            || waited.compareTo(VISIBILITY) >= 0
            || deadline.left().compareTo(gap) <= 0) {
          throw failure;
        }
        time.pause(gap);
      }
    }
  }

  private String apply(Change change) {
    PlannedInterface planned = change.one().planned();
    String id = change.one().id();
    switch (change.setting()) {
      case DELETE_ON_TERMINATION -> Invocation.deleteWithInstance(ec2, change.one().found());
      case SOURCE_DEST_CHECK -> ec2.setSourceDestCheck(id, planned.network().sourceDestCheck());
      case SECURITY_GROUPS -> ec2.setSecurityGroups(id, planned.network().securityGroups());
      case TAGS -> ec2.tag(id, planned.tags());
    }
    return id;
  }

  private List<Underway> verified(List<Underway> attached) {
    List<String> ids = attached.stream().map(Underway::id).toList();
    Instant began = time.now();
    while (true) {
      Map<String, InterfaceFacts> seen = new TreeMap<>();
      ec2.interfaces(ids).forEach(found -> seen.put(found.networkInterfaceId(), found));
      List<String> wrong = new ArrayList<>();
      List<Underway> verified = new ArrayList<>();
      for (Underway one : attached) {
        InterfaceFacts found = seen.get(one.id());
        if (found == null
            || found.slotOn(instanceId).filter(one.slot()::equals).isEmpty()
            || !one.planned().deviationsOf(found).isEmpty()) {
          wrong.add(
              one.id()
                  + (found == null ? " not visible" : " " + one.planned().deviationsOf(found)));
        } else {
          verified.add(one.with(found));
        }
      }
      if (wrong.isEmpty()) {
        return verified;
      }
      String message = "not as set yet: " + String.join(", ", wrong);
      if (Duration.between(began, time.now()).compareTo(VISIBILITY) >= 0) {
        throw new Halt(new Progress.Unfinished(ErrorMeaning.NOT_YET_VISIBLE, message));
      }
      pauseOrHalt(began, ErrorMeaning.NOT_YET_VISIBLE, message);
    }
  }

  private void pauseOrHalt(Instant began, ErrorMeaning meaning, String message) {
    pauseOrHalt(began, time.now(), meaning, message);
  }

  /** Waits before the next look, or halts where the look would come too late. */
  private void pauseOrHalt(Instant began, Instant lookedAt, ErrorMeaning meaning, String message) {
    Instant now = time.now();
    Duration gap =
        PollSchedule.gapAfter(Duration.between(began, now), Duration.between(lookedAt, now));
    if (deadline.left().compareTo(gap) <= 0) {
      throw new Halt(
          new Progress.Unfinished(meaning, message + ", and the invocation's time is up"));
    }
    time.pause(gap);
  }

  // Undo.

  /**
   * Takes back what this action began, whichever run began it: what waits is deleted, what is
   * attached goes with the instance. Never throws: the failure that led here is the one to tell,
   * and the sweep finds what is left.
   */
  void undo() {
    Ec2Edge cleaner = run.cleanUp();
    Set<String> waiting = new TreeSet<>(createdIds);
    try {
      List<InterfaceFacts> ours =
          cleaner.taggedFor(instanceId).stream()
              .filter(one -> one.hasTag(Tags.CLUSTER, cluster))
              .toList();
      for (InterfaceFacts one : ours) {
        if (one.attachment().isEmpty()) {
          waiting.add(one.networkInterfaceId());
        } else {
          waiting.remove(one.networkInterfaceId());
        }
      }
      List<InterfaceFacts> leaking = ours.stream().filter(one -> one.outlives(instanceId)).toList();
      failuresOf(leaking, one -> Invocation.deleteWithInstance(cleaner, one))
          .forEach(failure -> run.note("left to the sweep: " + failure.explained()));
    } catch (CallFailure failure) {
      run.note("clean-up is left to the sweep: " + failure.explained());
    }
    delete(cleaner, waiting);
  }

  /** Deletes what no slot needs; what this run has made itself may not be visible yet. */
  private void deleteOwn(List<String> ids) {
    delete(ec2, new TreeSet<>(ids));
  }

  private void delete(Ec2Edge edge, Set<String> ids) {
    for (CallFailure failure : failuresOf(List.copyOf(ids), id -> deleteOnceVisible(edge, id))) {
      run.note("left to the sweep: " + failure.explained());
    }
    createdIds.removeAll(ids);
  }

  private String deleteOnceVisible(Ec2Edge edge, String id) {
    if (!createdIds.contains(id)) {
      return edge.deleteUnlessGone(id);
    }
    return onceVisible(() -> {
      edge.delete(id);
      return id;
    });
  }

  private static <T> List<CallFailure> failuresOf(List<T> items, Function<T, String> call) {
    List<CallFailure> failures = new ArrayList<>();
    for (Parallel.Result<T, String> result : Parallel.forEach(items, call)) {
      if (result instanceof Parallel.Failed<T, String> failed) {
        failures.add(failed.failure());
      }
    }
    return failures;
  }
}
