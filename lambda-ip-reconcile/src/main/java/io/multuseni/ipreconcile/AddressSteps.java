// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.aws.AddressEdge;
import io.multuseni.aws.error.AwsErrors;
import io.multuseni.base.Deadline;
import io.multuseni.base.Parallel;
import io.multuseni.core.address.AddressPlan;
import io.multuseni.core.address.MultusInterface;
import io.multuseni.core.address.Placed;
import io.multuseni.core.address.Seat;
import io.multuseni.core.address.Step;
import io.multuseni.core.address.Unplaced;
import io.multuseni.core.address.UnplacedReason;
import io.multuseni.core.address.VpcFacts;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.ip.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;

/**
 * ● Carries a plan out, wave after wave, the interfaces of a wave side by side. Where a call fails
 * for one address, that address is found, left out and told, and the others are done.
 */
final class AddressSteps {
  /**
   * So many interfaces are changed at a time. EC2's bucket for these calls refills at 5 per second;
   * more callers would only be throttled more often.
   */
  private static final int AT_ONCE = 16;

  /** So often a call without an answer is looked after before it is left to the next run. */
  private static final int LOOKS = 3;

  /** The pause before an address that EC2 calls taken is looked for again. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final String cluster;
  private final AddressEdge ec2;
  private final Deadline deadline;
  private final Set<String> backlog;

  /**
   * Takes what all its calls share.
   *
   * @param cluster the cluster's name
   * @param ec2 where the calls go
   * @param deadline when they have to be over
   * @param backlog interfaces that an earlier run did not finish, which come first; kept up to date
   */
  AddressSteps(String cluster, AddressEdge ec2, Deadline deadline, Set<String> backlog) {
    this.backlog = backlog;
    this.cluster = cluster;
    this.ec2 = ec2;
    this.deadline = deadline;
  }

  /**
   * Carries a plan out.
   *
   * @param plan the plan
   * @param vpc the view that it was made from
   */
  Carried carryOut(AddressPlan plan, VpcFacts vpc) {
    Carried carried = new Carried(plan, vpc);
    Planned planned = new Planned(plan, vpc);
    for (List<Step> wave : plan.waves()) {
      // Those that the time didn't suffice for begin, or the same ones would be left each time.
      SortedMap<String, List<Step>> byInterface =
          new TreeMap<>(
              Comparator.comparing((String id) -> !backlog.contains(id))
                  .thenComparing(Comparator.naturalOrder()));
      for (Step step : wave) {
        byInterface.computeIfAbsent(step.networkInterfaceId(), id -> new ArrayList<>()).add(step);
      }
      Semaphore slots = new Semaphore(AT_ONCE);
      Parallel.forEach(
              byInterface.values(),
              steps -> {
                slots.acquireUninterruptibly();
                try {
                  return steps.stream().map(step -> carryOut(step, planned)).toList();
                } finally {
                  slots.release();
                }
              })
          .forEach(result -> {
            switch (result) {
              case Parallel.Worked<List<Step>, List<StepResult>>(var steps, var results) ->
                  results.forEach(carried::add);
              case Parallel.Failed<List<Step>, List<StepResult>>(var steps, var failure) ->
                  carried.unfinished.add(failure.explained());
            }
          });
    }
    backlog.clear();
    backlog.addAll(carried.unfinishedInterfaces);
    return carried;
  }

  /** What a plan would come to, had every call worked. */
  static Carried asPlanned(AddressPlan plan, VpcFacts vpc) {
    Carried carried = new Carried(plan, vpc);
    for (List<Step> wave : plan.waves()) {
      for (Step step : wave) {
        StepResult result = new StepResult(step);
        result.done.addAll(step.addresses());
        carried.add(result);
      }
    }
    return carried;
  }

  /** A plan with the view that it was made from. */
  private record Planned(AddressPlan plan, VpcFacts vpc) {}

  private StepResult carryOut(Step step, Planned planned) {
    StepResult result = new StepResult(step);
    narrow(step, step.addresses(), planned, result);
    return result;
  }

  /** Sends a step, and smaller ones where EC2 refuses it, down to the single bad address. */
  private void narrow(Step step, List<IpAddress> addresses, Planned planned, StepResult result) {
    List<IpAddress> left = addresses;
    for (int look = 1; !left.isEmpty(); look++) {
      try {
        send(step, left);
        result.done.addAll(left);
        return;
      } catch (CallFailure failure) {
        Set<IpAddress> named = new TreeSet<>(AwsErrors.addressesIn(failure.answer()));
        named.retainAll(left);
        switch (failure.meaning()) {
          case UNKNOWN_EFFECT, TRANSIENT, THROTTLED, ALREADY_DONE -> {
            // It may have been done, by the call whose answer got lost or by another run.
            left = notDoneYet(step, left, result);
            if (!left.isEmpty() && (look >= LOOKS || deadline.isOver())) {
              result.unfinished.add(failure.explained());
              return;
            }
          }
          case NOT_YET_VISIBLE, GONE -> {
            if (step instanceof Step.Release) {
              result.done.addAll(left); // They went with their interface.
            } else {
              result.unfinished.add(failure.explained());
            }
            result.interfaceGone = true;
            return;
          }
          case DENIED, NOT_READY, NO_ROOM_IN_SUBNET, QUOTA, MISSING_DEPENDENCY -> {
            // It is no address's fault.
            result.unfinished.add(failure.explained());
            return;
          }
          default -> {
            left = notDoneYet(step, left, result);
            if (left.isEmpty()) {
              return;
            }
            named.retainAll(left);
            if (left.size() == 1) {
              refuse(step, left.getFirst(), failure, planned, result);
              return;
            }
            if (!named.isEmpty() && named.size() < left.size()) {
              List<IpAddress> others = new ArrayList<>(left);
              others.removeAll(named);
              named.forEach(bad -> refuse(step, bad, failure, planned, result));
              left = others;
              look = 0;
            } else {
              narrow(step, left.subList(0, left.size() / 2), planned, result);
              narrow(step, left.subList(left.size() / 2, left.size()), planned, result);
              return;
            }
          }
        }
      }
    }
  }

  private void send(Step step, List<IpAddress> addresses) {
    switch (step) {
      case Step.Assign assign -> ec2.assign(assign.networkInterfaceId(), addresses, false);
      case Step.TakeOver takeOver -> ec2.assign(takeOver.networkInterfaceId(), addresses, true);
      case Step.Release release -> ec2.unassign(release.networkInterfaceId(), addresses);
    }
  }

  /** Reads the interface again; what is as it should be counts as done. */
  private List<IpAddress> notDoneYet(Step step, List<IpAddress> addresses, StepResult result) {
    Optional<MultusInterface> now;
    try {
      now = ec2.networkInterface(step.networkInterfaceId());
    } catch (CallFailure failure) {
      return addresses;
    }
    if (now.isEmpty()) {
      return addresses;
    }
    List<IpAddress> left = new ArrayList<>();
    for (IpAddress address : addresses) {
      boolean there = now.get().secondary().contains(address);
      if (there == (step instanceof Step.Release)) {
        left.add(address);
      } else {
        result.done.add(address);
      }
    }
    return left;
  }

  private void refuse(
      Step step, IpAddress address, CallFailure failure, Planned planned, StepResult result) {
    Seat seat = new Seat(step.networkInterfaceId(), address);
    Placed placed = planned.plan().served().get(seat);
    if (step instanceof Step.Release || placed == null) {
      result.unfinished.add(failure.explained());
      return;
    }
    if (failure.meaning() == ErrorMeaning.NO_ROOM_ON_INTERFACE) {
      result.refused.put(
          seat,
          new Unplaced(
              placed.reservation(),
              UnplacedReason.INTERFACE_FULL,
              step.networkInterfaceId() + ", says EC2: " + failure.code()));
      return;
    }
    Optional<AddressEdge.Holder> holder;
    try {
      holder = ec2.holderOf(cluster, planned.vpc().subnetOf(step.networkInterfaceId()), address);
      for (int look = 1;
          holder.isEmpty() && failure.meaning() == ErrorMeaning.ADDRESS_TAKEN && look < LOOKS;
          look++) {
        // Another run may just have given it to an interface, and EC2 shows that late.
        deadline.time().pause(LOOK_AGAIN);
        holder = ec2.holderOf(cluster, planned.vpc().subnetOf(step.networkInterfaceId()), address);
      }
    } catch (CallFailure unread) {
      failure.addSuppressed(unread);
      result.unfinished.add(failure.explained());
      return;
    }
    if (holder.isPresent()
        && holder.get().networkInterfaceId().equals(step.networkInterfaceId())
        && !holder.get().primary()) {
      result.done.add(address);
    } else if (holder.isPresent() && holder.get().isOurs() && !holder.get().primary()) {
      // Somebody moved it since it was read; the next look knows it there.
      result.found.put(address, holder);
    } else if (holder.isPresent()) {
      result.refused.put(seat, HolderMemory.unplaced(placed, holder.get()));
      result.heldByOthers.add(seat);
    } else {
      result.refused.put(
          seat,
          new Unplaced(
              placed.reservation(),
              failure.meaning() == ErrorMeaning.ADDRESS_TAKEN
                  ? UnplacedReason.FOREIGN_HOLDER
                  : UnplacedReason.REFUSED,
              "says EC2, which shows no holder: %s: %s"
                  .formatted(failure.code(), failure.answer())));
    }
  }

  /** What EC2 shows of an interface, and what is known beside: EC2 shows our own changes late. */
  static MultusInterface withBoth(MultusInterface known, MultusInterface shown) {
    TreeSet<IpAddress> both = new TreeSet<>(known.secondary());
    both.addAll(shown.secondary());
    return shown.withSecondary(both);
  }

  /** What one step came to. */
  private static final class StepResult {
    private final Step step;
    private final List<IpAddress> done = new ArrayList<>();
    private final SortedMap<Seat, Unplaced> refused = new TreeMap<>();
    private final List<Seat> heldByOthers = new ArrayList<>();
    private final List<String> unfinished = new ArrayList<>();

    /** Where addresses were found that the plan knew elsewhere; empty where nobody has them. */
    private final SortedMap<IpAddress, Optional<AddressEdge.Holder>> found = new TreeMap<>();

    private boolean interfaceGone;

    StepResult(Step step) {
      this.step = step;
    }
  }

  /** What a plan came to. */
  static final class Carried {
    private final AddressPlan plan;
    private final VpcFacts before;
    private final SortedMap<String, MultusInterface> interfaces;
    private final List<Seat> assigned = new ArrayList<>();
    private final List<Seat> taken = new ArrayList<>();
    private final List<Seat> released = new ArrayList<>();
    private final SortedMap<Seat, Unplaced> refused = new TreeMap<>();
    private final List<Seat> heldByOthers = new ArrayList<>();
    private final List<String> unfinished = new ArrayList<>();
    private final Set<String> unfinishedInterfaces = new TreeSet<>();
    private boolean viewWasWrong;

    private Carried(AddressPlan plan, VpcFacts before) {
      this.plan = plan;
      this.before = before;
      this.interfaces = new TreeMap<>((Map<String, MultusInterface>) before.interfaces());
    }

    /** The view that the plan was made from. */
    VpcFacts before() {
      return before;
    }

    /** The view with everything that was done. */
    VpcFacts vpc() {
      return before.withInterfaces(interfaces);
    }

    /** Seats that got their address, new or from another interface. */
    List<Seat> assigned() {
      return assigned;
    }

    /** Seats that lost their address, for whatever reason. */
    List<Seat> taken() {
      return taken;
    }

    /** Seats that were taken away because nobody needs them. */
    List<Seat> released() {
      return released;
    }

    /** What EC2 refuses, by the seat that was asked for. */
    SortedMap<Seat, Unplaced> refused() {
      return refused;
    }

    /** Seats whose address is where it can't be taken from. */
    List<Seat> heldByOthers() {
      return heldByOthers;
    }

    /** What could not be done this time. */
    List<String> unfinished() {
      return unfinished;
    }

    /** Whether addresses were found elsewhere than the plan knew, so that another plan helps. */
    boolean viewWasWrong() {
      return viewWasWrong;
    }

    /** Notes what was found before anything was sent. */
    void note(MoveCheck.Checked checked) {
      viewWasWrong |= checked.viewWasWrong();
      unfinished.addAll(checked.unread());
    }

    private void add(StepResult result) {
      refused.putAll(result.refused);
      heldByOthers.addAll(result.heldByOthers);
      unfinished.addAll(result.unfinished);
      String id = result.step.networkInterfaceId();
      if (!result.unfinished.isEmpty()) {
        unfinishedInterfaces.add(id);
      }
      for (IpAddress address : result.done) {
        Seat seat = new Seat(id, address);
        if (result.step instanceof Step.Release release) {
          interfaces.computeIfPresent(id, (key, one) -> one.without(address));
          taken.add(seat);
          if (release.cause() != Step.Release.Cause.MOVE) {
            released.add(seat);
          }
        } else {
          String from = plan.movedFrom().get(seat);
          if (from != null) {
            interfaces.computeIfPresent(from, (key, one) -> one.without(address));
            taken.add(new Seat(from, address));
          }
          interfaces.computeIfPresent(id, (key, one) -> one.with(address));
          assigned.add(seat);
        }
      }
      result.found.forEach((address, holder) -> {
        viewWasWrong = true;
        interfaces.replaceAll((key, one) -> one.without(address));
        holder
            .flatMap(AddressEdge.Holder::ours)
            .ifPresent(
                one -> interfaces.merge(one.networkInterfaceId(), one, AddressSteps::withBoth));
      });
      if (result.interfaceGone) {
        interfaces.remove(id);
      }
    }
  }
}
