// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.base.Time;
import io.multuseni.core.address.EarlierLooks;
import io.multuseni.core.address.Unplaced;
import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.cluster.NetworkSelection;
import io.multuseni.core.cluster.PodFacts;
import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.cluster.WorkerNode;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.ipreconcile.Look.Looked;
import io.multuseni.ipreconcile.Look.ViewAge;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Follows what changes after a pass. A pod that is new gets its address at once; a moment later
 * everything is looked at, and what moved follows. A release needs a look at everything read anew,
 * for which it waits until a grace is over. Another run may be at work at the same time.
 */
final class WatchLoop {
  /** A virtual clock may pass the end while nothing arrives. */
  private static final Duration LONGEST_WAIT = Duration.ofMillis(200);

  /** While changes come one after the other, everything is still looked at so often. */
  private static final Duration FOLLOW_AFTER = Duration.ofSeconds(2);

  /** What fails is tried again so often. */
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(10);

  /** The interfaces of a node that joined after the reading are asked for so often at most. */
  private static final Duration LEARN_AFTER = Duration.ofSeconds(2);

  private final Look look;
  private final Pass pass;
  private final StaleMemory memory;
  private final Time time;
  private final Pause reading = new Pause(AGAIN_AFTER);
  private final Pause retrying = new Pause(AGAIN_AFTER);
  private final Pause releasing = new Pause(AGAIN_AFTER);
  private final Map<String, Instant> learnt = new HashMap<>();
  private Instant followedAt = Instant.EPOCH;

  WatchLoop(Look look, Pass pass, StaleMemory memory, Time time) {
    this.look = look;
    this.pass = pass;
    this.memory = memory;
    this.time = time;
  }

  /** Keeps what fails from being tried again and again. */
  private final class Pause {
    private final Duration least;
    private Instant last = Instant.EPOCH;

    Pause(Duration least) {
      this.least = least;
    }

    /** Whether it was long ago that this was answered with yes. */
    boolean isOver() {
      Instant now = time.now();
      if (now.isBefore(last.plus(least))) {
        return false;
      }
      last = now;
      return true;
    }
  }

  /**
   * Watches.
   *
   * @param before what the pass came to
   * @param until when the next run has begun
   * @return what it did
   */
  ReconcileReport run(Looked before, Instant until) {
    look.beginPart();
    Looked latest = before;
    boolean mustRead = isLost(look.takeLost()) || !look.isWatching();
    // What was served at once is looked at as a whole a moment later.
    boolean isOpen = false;
    boolean hasFailed = !before.done();
    while (time.now().isBefore(until) && !look.deadline().isOver()) {
      boolean isCalm = !look.view().await(wait(until));
      try {
        ClusterView.Applied applied = look.view().apply();
        mustRead |= isLost(applied.lost());
        isOpen |= applied.isAny();
        if (!applied.pods().isEmpty()) {
          mustRead |= namesUnknownDefinition(applied.pods());
          learnInterfaces(newNodesOf(applied.pods()), LEARN_AFTER);
          look.serve(applied.pods());
        }
        if (mustRead && reading.isOver()) {
          latest = follow(look.readAll(true), ViewAge.OF_THIS_PASS);
          mustRead = isLost(look.takeLost());
          isOpen = false;
          hasFailed = !latest.done();
        } else if ((isOpen && (isCalm || isLongAgo())) || (hasFailed && retrying.isOver())) {
          isOpen = false;
          latest = follow(look.view().facts(), ViewAge.AS_OLD_AS_THE_WATCH);
          hasFailed = !latest.done();
        }
        if (pass.isAnythingDue(latest) && releasing.isOver()) {
          latest = pass.lookAgain(latest);
        }
      } catch (CallFailure failure) {
        // The events are used up; what they asked for is tried again, and the next run reads all.
        hasFailed = true;
        mustRead |= !look.isWatching();
        look.tally().unfinished(failure.explained());
      }
    }
    return look.report(ReconcileReport.Kind.WATCH, pass.overdue());
  }

  private Duration wait(Instant until) {
    Duration left = Duration.between(time.now(), until);
    return left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
  }

  private boolean isLongAgo() {
    return !time.now().isBefore(followedAt.plus(FOLLOW_AFTER));
  }

  /** Tells why watches have ended. */
  private boolean isLost(List<String> lost) {
    look.tally()
        .problems(lost.stream().map(why -> "everything is read anew: watch of " + why).toList());
    return !lost.isEmpty();
  }

  private Looked follow(ClusterFacts facts, ViewAge viewAge) {
    followedAt = time.now();
    Looked looked = look.look(facts, EarlierLooks.NONE, viewAge);
    if (learnInterfaces(nodesWithoutInterface(facts, looked), AGAIN_AFTER)) {
      looked = look.look(facts, EarlierLooks.NONE, viewAge);
    }
    memory.look(looked.stale(), time.now());
    return looked;
  }

  /** Definitions aren't watched; one may be as new as the pod that names it. */
  private boolean namesUnknownDefinition(Set<PodRef> pods) {
    ClusterFacts facts = look.view().facts();
    return pods.stream()
        .map(facts.pods()::get)
        .filter(Objects::nonNull)
        .flatMap(pod -> pod.selections().stream())
        .map(NetworkSelection::definition)
        .anyMatch(definition -> !facts.definitions().containsKey(definition));
  }

  /**
   * A node that joined after the reading may have interfaces that nobody has read, or more of them
   * than were read.
   */
  private boolean learnInterfaces(Set<String> instances, Duration least) {
    boolean some = false;
    for (String instance : instances) {
      Instant now = time.now();
      boolean isRecent =
          Optional.ofNullable(learnt.get(instance))
              .filter(at -> now.isBefore(at.plus(least)))
              .isPresent();
      if (!isRecent) {
        learnt.put(instance, now);
        some |= look.learnInterfaces(instance);
      }
    }
    return some;
  }

  private Set<String> newNodesOf(Set<PodRef> pods) {
    ClusterFacts facts = look.view().facts();
    Set<String> instances = new TreeSet<>();
    pods.forEach(ref -> instanceOf(ref, facts).ifPresent(instances::add));
    instances.removeIf(look::hasRead);
    return instances;
  }

  private static Set<String> nodesWithoutInterface(ClusterFacts facts, Looked looked) {
    Set<String> instances = new TreeSet<>();
    for (Unplaced one : looked.decision().plan().unplaced()) {
      switch (one.reason()) {
        case NODE_NOT_OURS, NO_INTERFACE, OUTSIDE_SUBNET ->
            instanceOf(one.reservation().pod(), facts).ifPresent(instances::add);
        default -> {}
      }
    }
    return instances;
  }

  private static Optional<String> instanceOf(PodRef ref, ClusterFacts facts) {
    return Optional.ofNullable(facts.pods().get(ref))
        .flatMap(PodFacts::nodeName)
        .map(name -> facts.nodes().get(name))
        .flatMap(WorkerNode::instanceId);
  }
}
