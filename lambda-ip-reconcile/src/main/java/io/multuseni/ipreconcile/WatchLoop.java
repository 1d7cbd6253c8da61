// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.base.Time;
import io.multuseni.core.address.AddressDecision;
import io.multuseni.core.address.EarlierLooks;
import io.multuseni.core.address.Unplaced;
import io.multuseni.core.address.UnplacedReason;
import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.cluster.WorkerNode;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.ipreconcile.Look.Looked;
import io.multuseni.ipreconcile.Look.ViewAge;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Follows what changes after a pass: new reservations and pods that moved get their address at
 * once. It assigns and moves only; a release needs a look at everything read anew, for which it
 * waits until a grace is over. Another run may be at work at the same time.
 */
final class WatchLoop {
  /** A virtual clock may pass the end while nothing arrives. */
  private static final Duration LONGEST_WAIT = Duration.ofMillis(200);

  /** An instance without interfaces, or a watch that breaks, is looked at so often at most. */
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(5);

  private final Look look;
  private final Pass pass;
  private final StaleMemory memory;
  private final Time time;
  private final Map<String, Instant> learnt = new HashMap<>();
  private Optional<Instant> readAt = Optional.empty();

  WatchLoop(Look look, Pass pass, StaleMemory memory, Time time) {
    this.look = look;
    this.pass = pass;
    this.memory = memory;
    this.time = time;
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
    boolean mustRead = !look.isWatching();
    while (time.now().isBefore(until) && !look.deadline().isOver()) {
      look.view().await(wait(until));
      try {
        ClusterView.Applied applied = look.view().apply();
        mustRead |= !applied.lost().isEmpty();
        if (mustRead && isTimeToTryAgain()) {
          latest = follow(look.readAll(true), ViewAge.OF_THIS_PASS);
          mustRead = false;
        } else if (applied.changes() > 0 || (!latest.done() && isTimeToTryAgain())) {
          latest = follow(look.view().facts(), ViewAge.AS_OLD_AS_THE_WATCH);
        }
        if (pass.isAnythingDue(latest) && isTimeToTryAgain()) {
          latest = pass.lookAgain(latest);
        }
      } catch (CallFailure failure) {
        // Whatever it was, the next run reads everything; until then this one goes on.
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

  /** Keeps what fails from being tried again and again without a pause. */
  private boolean isTimeToTryAgain() {
    Instant now = time.now();
    if (readAt.filter(at -> now.isBefore(at.plus(AGAIN_AFTER))).isPresent()) {
      return false;
    }
    readAt = Optional.of(now);
    return true;
  }

  private Looked follow(ClusterFacts facts, ViewAge viewAge) {
    Looked looked = look.look(facts, EarlierLooks.NONE, viewAge);
    if (learnInterfaces(facts, looked.decision())) {
      looked = look.look(facts, EarlierLooks.NONE, viewAge);
    }
    memory.look(looked.stale(), time.now());
    return looked;
  }

  /** A node that joined after the pass has interfaces that nobody has read yet. */
  private boolean learnInterfaces(ClusterFacts facts, AddressDecision decision) {
    boolean some = false;
    for (String instance : instancesWithoutInterfaces(facts, decision)) {
      Instant now = time.now();
      if (Optional.ofNullable(learnt.get(instance))
          .filter(at -> now.isBefore(at.plus(AGAIN_AFTER)))
          .isEmpty()) {
        learnt.put(instance, now);
        some |= look.learnInterfaces(instance);
      }
    }
    return some;
  }

  private static Set<String> instancesWithoutInterfaces(
      ClusterFacts facts, AddressDecision decision) {
    Set<String> instances = new TreeSet<>();
    for (Unplaced one : decision.plan().unplaced()) {
      if (one.reason() == UnplacedReason.NODE_NOT_OURS) {
        Optional.ofNullable(facts.pods().get(one.reservation().pod()))
            .flatMap(pod -> pod.nodeName())
            .map(name -> facts.nodes().get(name))
            .flatMap(WorkerNode::instanceId)
            .ifPresent(instances::add);
      }
    }
    return instances;
  }
}
