// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.core.address.AddressDecision;
import io.multuseni.core.address.MultusInterface;
import io.multuseni.core.address.Placed;
import io.multuseni.core.address.Seat;
import io.multuseni.core.address.Stale;
import io.multuseni.core.address.Unplaced;
import io.multuseni.core.address.UnplacedReason;
import io.multuseni.core.address.VpcFacts;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.core.report.ReconcileReport.Assigned;
import io.multuseni.core.report.ReconcileReport.Guard;
import io.multuseni.core.report.ReconcileReport.Moved;
import io.multuseni.core.report.ReconcileReport.Released;
import io.multuseni.core.report.ReconcileReport.UnplacedAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Gathers what the looks of a run came to, for its report. */
final class Tally {
  private final List<Assigned> assigned = new ArrayList<>();
  private final List<Moved> moved = new ArrayList<>();
  private final List<Released> released = new ArrayList<>();
  private final Set<String> unfinished = new LinkedHashSet<>();
  private final Set<String> problems = new LinkedHashSet<>();

  /** What EC2 refused at the latest look, by seat or not; a later look may do better. */
  private final List<Unplaced> refused = new ArrayList<>();

  /** How many reserved addresses were right before anything was done. */
  private OptionalInt kept = OptionalInt.empty();

  /** The view before anything was done. */
  private Optional<VpcFacts> asFound = Optional.empty();

  /** What the latest look knew. */
  private Optional<Latest> latest = Optional.empty();

  private record Latest(AddressDecision decision, VpcFacts vpc) {}

  /**
   * Adds a look.
   *
   * @param decision what was decided
   * @param carried what it came to
   * @param refusedSoFar what can't be had, by the seat that was asked for
   */
  void add(
      AddressDecision decision, AddressSteps.Carried carried, Map<Seat, Unplaced> refusedSoFar) {
    addServed(decision, carried);
    for (Seat seat : carried.released()) {
      released.add(released(seat, decision.plan().stale()));
    }
    VpcFacts vpc = carried.vpc();
    // The first look's failures are tried again by the second; only the last ones stand.
    refused.clear();
    new TreeMap<>(refusedSoFar)
        .forEach((seat, why) -> {
          if (decision.placements().placed().containsKey(seat) && !vpc.holds(seat)) {
            refused.add(why);
          }
        });
    unfinished.clear();
    unfinished.addAll(carried.unfinished());
    problems.addAll(decision.reservations().problems());
    if (kept.isEmpty()) {
      kept = OptionalInt.of(decision.plan().kept());
      asFound = Optional.of(carried.before());
    }
    latest = Optional.of(new Latest(decision, vpc));
  }

  /** Adds what a decision over a part of the cluster gave to pods. */
  void addServed(AddressDecision decision, AddressSteps.Carried carried) {
    for (Seat seat : carried.assigned()) {
      Placed placed = decision.plan().served().get(seat);
      if (placed != null) {
        addAssigned(seat, placed, decision.plan().movedFrom().get(seat), carried.vpc());
      }
    }
  }

  void problems(List<String> more) {
    problems.addAll(more);
  }

  void unfinished(String what) {
    unfinished.add(what);
  }

  private void addAssigned(Seat seat, Placed placed, @Nullable String from, VpcFacts vpc) {
    Optional<MultusInterface.Place> place =
        Optional.ofNullable(vpc.interfaces().get(seat.networkInterfaceId()))
            .flatMap(MultusInterface::place);
    String instance = place.map(MultusInterface.Place::instanceId).orElse("");
    int deviceIndex = place.map(one -> one.slot().deviceIndex()).orElse(0);
    String address = seat.address().toString();
    String pod = placed.reservation().pod().toString();
    if (from == null) {
      assigned.add(
          new Assigned(
              address, pod, placed.node(), instance, seat.networkInterfaceId(), deviceIndex));
    } else {
      moved.add(
          new Moved(
              address, pod, placed.node(), instance, from, seat.networkInterfaceId(), deviceIndex));
    }
  }

  private static Released released(Seat seat, SortedMap<Seat, Stale> stale) {
    return new Released(
        seat.address().toString(),
        seat.networkInterfaceId(),
        Optional.ofNullable(stale.get(seat))
            .map(one -> one.reason().name())
            .orElse(Stale.Reason.NO_RESERVATION.name()));
  }

  /** How many addresses were assigned, moved or released. */
  int changes() {
    return assigned.size() + moved.size() + released.size();
  }

  /**
   * The report.
   *
   * @param kind what it tells about
   * @param cluster the cluster's name
   * @param overdue seats whose grace is over
   * @param calls what it took
   * @param millis how long
   * @param dryRun whether nothing was changed
   */
  ReconcileReport report(
      ReconcileReport.Kind kind,
      String cluster,
      Set<Seat> overdue,
      Calls calls,
      long millis,
      boolean dryRun) {
    List<Unplaced> unplaced = new ArrayList<>();
    List<Released> pending = new ArrayList<>();
    int drift = 0;
    @Nullable Guard guard = null;
    if (latest.isPresent()) {
      AddressDecision decision = latest.get().decision();
      // A dry run ends as it began.
      VpcFacts vpc = dryRun ? asFound.orElse(latest.get().vpc()) : latest.get().vpc();
      unplaced.addAll(decision.plan().unplaced());
      unplaced.addAll(refused);
      guard =
          decision
              .plan()
              .guard()
              .map(stop -> new Guard(stop.kind().name(), stop.message()))
              .orElse(null);
      for (Stale one : decision.plan().stale().values()) {
        if (vpc.holds(one.seat())) {
          pending.add(released(one.seat(), decision.plan().stale()));
          drift += overdue.contains(one.seat()) ? 1 : 0;
        }
      }
      for (Seat seat : decision.placements().placed().keySet()) {
        if (!vpc.holds(seat)) {
          drift++;
        }
      }
      drift +=
          (int)
              decision.placements().unplaced().stream()
                  .map(Unplaced::reason)
                  .filter(UnplacedReason::isFault)
                  .count();
    }
    return new ReconcileReport(
        cluster,
        kind,
        assigned,
        moved,
        released,
        pending,
        unplaced.stream().map(Tally::told).toList(),
        kept.orElse(0),
        guard,
        List.copyOf(problems),
        List.copyOf(unfinished),
        latest.isPresent() ? drift : null,
        calls.aws(),
        calls.kubernetes(),
        millis,
        calls.throttled(),
        dryRun);
  }

  /**
   * What a part of a run sent.
   *
   * @param aws calls to AWS, by action
   * @param kubernetes requests to the Kubernetes API, by verb and resource
   * @param throttled how many AWS throttled
   */
  record Calls(
      SortedMap<String, Integer> aws, SortedMap<String, Integer> kubernetes, int throttled) {
    Calls {
      aws = new TreeMap<>((Map<String, Integer>) aws);
      kubernetes = new TreeMap<>((Map<String, Integer>) kubernetes);
    }
  }

  private static UnplacedAddress told(Unplaced one) {
    return new UnplacedAddress(
        one.reservation().address().toString(),
        one.reservation().pod().toString(),
        one.reason().name(),
        one.message());
  }
}
