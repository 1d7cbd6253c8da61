// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.base.Time;
import io.multuseni.core.address.AddressDecision;
import io.multuseni.core.address.AddressPlan;
import io.multuseni.core.address.EarlierLooks;
import io.multuseni.core.address.Placed;
import io.multuseni.core.address.Reservation;
import io.multuseni.core.address.Seat;
import io.multuseni.core.address.Stale;
import io.multuseni.core.address.Unplaced;
import io.multuseni.core.address.UnplacedReason;
import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import io.multuseni.ipreconcile.Look.Looked;
import io.multuseni.ipreconcile.Look.ViewAge;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A pass over everything. Its first look assigns and moves. What nobody needs is released only by a
 * second look at reservations and pods read anew, and only once its grace is over.
 */
final class Pass {
  /** A second look and its calls need about so long; it isn't begun with less. */
  private static final Duration SECOND_LOOK = Duration.ofSeconds(10);

  private final Look look;
  private final Duration grace;
  private final StaleMemory memory;
  private final Time time;

  Pass(Look look, ProvisionerConfig config, StaleMemory memory, Time time) {
    this.look = look;
    this.grace = config.reconciliation().releaseGrace();
    this.memory = memory;
    this.time = time;
  }

  /**
   * Makes the pass.
   *
   * @param watch whether a watch begins with it, which can wait graces out on its way
   * @throws CallFailure where the first reading fails; then nothing was changed
   */
  Looked run(boolean watch) {
    boolean remembers = memory.isFresh(time.now());
    ClusterFacts facts = look.readAll(watch);
    Looked looked = look.look(facts, EarlierLooks.NONE, ViewAge.OF_THIS_PASS);
    memory.look(looked.stale(), time.now());
    if (isAnythingDue(looked)) {
      looked = lookAgain(looked);
    }
    // A process without memory would never release under a sparse schedule; a watch has the time.
    if (!watch && !remembers && !look.isDryRun() && graceCanBeWaitedOut(looked)) {
      looked = lookAgain(looked);
    }
    return looked;
  }

  /** ● Reads anew what a release depends on, and releases what both readings agree on. */
  Looked lookAgain(Looked before) {
    try {
      Looked again = look.lookAgain(before.stale(), memory.staleFor(grace, time.now()));
      memory.look(again.stale(), time.now());
      return again;
    } catch (CallFailure failure) {
      look.tally()
          .unfinished(
              "nothing was released, since it could not be read again: " + failure.explained());
      return before;
    }
  }

  /** Whether something may be released now. */
  boolean isAnythingDue(Looked looked) {
    AddressPlan plan = looked.decision().plan();
    if (plan.guard().isPresent()) {
      return false;
    }
    Set<Seat> graceOver = memory.staleFor(grace, time.now());
    Set<String> full = fullInterfaces(looked.decision());
    for (Seat seat : looked.stale()) {
      Stale.Reason reason =
          Optional.ofNullable(plan.stale().get(seat))
              .map(Stale::reason)
              .orElse(Stale.Reason.NO_RESERVATION);
      if (reason.isWithoutGrace()
          || graceOver.contains(seat)
          || (reason.isPodGone() && full.contains(seat.networkInterfaceId()))) {
        return true;
      }
    }
    return false;
  }

  /** The interfaces that have no room for an address that belongs there. */
  private static Set<String> fullInterfaces(AddressDecision decision) {
    Set<Reservation> without = new HashSet<>();
    for (Unplaced one : decision.plan().unplaced()) {
      if (one.reason() == UnplacedReason.INTERFACE_FULL) {
        without.add(one.reservation());
      }
    }
    Set<String> full = new HashSet<>();
    if (!without.isEmpty()) {
      for (Placed one : decision.placements().placed().values()) {
        if (without.contains(one.reservation())) {
          full.add(one.networkInterfaceId());
        }
      }
    }
    return full;
  }

  /** Waits until the last grace is over, if the time suffices. */
  private boolean graceCanBeWaitedOut(Looked looked) {
    Instant now = time.now();
    Optional<Instant> over = memory.lastOver(grace, now);
    if (looked.decision().plan().guard().isPresent() || over.isEmpty()) {
      return false;
    }
    Duration wait = Duration.between(now, over.get());
    if (wait.compareTo(look.deadline().left().minus(SECOND_LOOK)) > 0) {
      return false;
    }
    time.pause(wait);
    return true;
  }

  /** Seats that should have been released by now. */
  Set<Seat> overdue() {
    return memory.staleFor(grace, time.now());
  }
}
