// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.aws.Deadline;
import io.multuseni.aws.Ec2Edge;
import io.multuseni.aws.Parallel;
import io.multuseni.aws.Time;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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

  /** How often an occupied device index is looked at anew before it counts as taken. */
  private static final int LOOKS_AT_A_TAKEN_SLOT = 3;

  private final Invocation run;
  private final Ec2Edge ec2;
  private final CreateSteps creates;
  private final Time time;
  private final Deadline deadline;
  private final String cluster;
  private final String instanceId;

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
      deleteSurplus(plan.surplus());
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
        Parallel.forEach(missing, planned -> creates.create(planned, planned.generation()))) {
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
      if (!state.isLive()) {
        throw new Halt(
            new Progress.InstanceGone(
                "instance %s is %s before its interfaces were attached"
                    .formatted(instanceId, state)));
      }
      pauseOrHalt(
          began,
          lookedAt,
          ErrorMeaning.NOT_READY,
          "instance %s is still %s".formatted(instanceId, state));
      lookedAt = time.now();
      state = ec2.instanceState(instanceId).orElse(NodeFacts.State.TERMINATED);
    }
  }

  private Underway attach(Underway start, Supplier<AttachDecision> replan) {
    Underway one = start;
    Instant began = time.now();
    int taken = 0;
    while (one.found().slotOn(instanceId).filter(one.slot()::equals).isEmpty()) {
      try {
        ec2.attach(one.id(), instanceId, one.slot());
        break;
      } catch (CallFailure failure) {
        one =
            switch (failure.meaning()) {
              case IN_USE, SLOT_TAKEN -> occupied(one, failure, ++taken, replan);
              case NOT_YET_VISIBLE -> visibleOrAnew(one, began, failure);
              case NOT_READY -> {
                awaitAttachable(NodeFacts.State.PENDING);
                yield one;
              }
              default -> throw failure;
            };
      }
    }
    return awaitAttached(one);
  }

  /**
   * Something is in the way: a concurrent run's success, our own unanswered call, or a stranger.
   */
  private Underway occupied(
      Underway one, CallFailure failure, int looks, Supplier<AttachDecision> replan) {
    Optional<InterfaceFacts> now = ec2.interfaces(List.of(one.id())).stream().findFirst();
    if (now.isPresent() && now.get().slotOn(instanceId).filter(one.slot()::equals).isPresent()) {
      return one.with(now.get());
    }
    return switch (replan.get()) {
      case Refusal refusal -> throw new Halt(new Progress.Stopped(refusal));
      case AttachmentPlan plan -> {
        PlannedInterface planned =
            plan.interfaces().stream()
                .filter(other -> other.slot().equals(one.slot()))
                .findFirst()
                .orElseThrow();
        if (planned.existing().isPresent()
            && !planned.existing().get().networkInterfaceId().equals(one.id())) {
          // Another run's interface serves the slot, or waits for it; ours has become surplus.
          deleteSurplus(now.filter(ours -> ours.attachment().isEmpty()).stream().toList());
          yield new Underway(planned, planned.existing().get(), planned.generation(), false);
        }
        if (planned.existing().isEmpty() && looks < LOOKS_AT_A_TAKEN_SLOT) {
          // What the token stands for hangs on another instance: the next generation is ours.
          yield creates.create(planned, Math.max(planned.generation(), one.generation() + 1));
        }
        if (looks >= LOOKS_AT_A_TAKEN_SLOT) {
          throw failure;
        }
        time.pause(PollSchedule.gapAfter(Duration.ofSeconds(looks)));
        yield one;
      }
    };
  }

  private Underway visibleOrAnew(Underway one, Instant began, CallFailure failure) {
    Duration waited = Duration.between(began, time.now());
    if (waited.compareTo(VISIBILITY) < 0) {
      pauseOrHalt(began, failure.meaning(), failure.explained());
      return one;
    }
    // EC2 answers a used token with the interface that it once made, even when that one is gone.
    if (one.generation() >= one.planned().generation() + CreateSteps.GENERATIONS) {
      throw failure;
    }
    return creates.create(one.planned(), one.generation() + 1);
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
    throwWorst(failuresOf(changes, this::apply));
  }

  private String apply(Change change) {
    PlannedInterface planned = change.one().planned();
    String id = change.one().id();
    switch (change.setting()) {
      case DELETE_ON_TERMINATION -> run.deleteWithInstance(change.one().found());
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
    try {
      List<InterfaceFacts> ours =
          ec2.taggedFor(instanceId).stream()
              .filter(one -> one.hasTag(Tags.CLUSTER, cluster))
              .toList();
      deleteSurplus(ours.stream().filter(one -> one.attachment().isEmpty()).toList());
      List<InterfaceFacts> leaking =
          ours.stream()
              .filter(one -> one.slotOn(instanceId).isPresent())
              .filter(one -> !one.attachment().map(Attachment::deleteOnTermination).orElse(true))
              .toList();
      failuresOf(leaking, run::deleteWithInstance)
          .forEach(failure -> run.note("left to the sweep: " + failure.explained()));
    } catch (CallFailure failure) {
      run.note("clean-up is left to the sweep: " + failure.explained());
    }
  }

  private void deleteSurplus(List<InterfaceFacts> surplus) {
    Set<String> ids = new LinkedHashSet<>();
    surplus.forEach(one -> ids.add(one.networkInterfaceId()));
    for (CallFailure failure :
        failuresOf(
            List.copyOf(ids),
            id -> {
              ec2.delete(id);
              return id;
            })) {
      if (failure.meaning() != ErrorMeaning.NOT_YET_VISIBLE) {
        run.note("left to the sweep: " + failure.explained());
      }
    }
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
