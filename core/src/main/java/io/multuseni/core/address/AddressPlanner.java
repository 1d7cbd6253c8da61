// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.address.Step.Assign;
import io.multuseni.core.address.Step.Release;
import io.multuseni.core.address.Step.Release.Cause;
import io.multuseni.core.address.Step.TakeOver;
import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.cluster.WorkerNode;
import io.multuseni.core.config.Reconciliation;
import io.multuseni.core.ip.IpAddress;
import io.multuseni.core.ip.IpAddress.Family;
import io.multuseni.core.node.InstanceLimits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * ◆ Compares where addresses are with where they belong, and says which calls make the one the
 * other. Assigning comes before releasing, so that no reserved address waits for a release that it
 * doesn't need; an interface that is full is relieved first.
 */
public final class AddressPlanner {
  private final ClusterFacts cluster;
  private final Reservations reservations;
  private final Placements placements;
  private final VpcFacts vpc;

  /** Which interfaces have an address, by address. */
  private final Map<IpAddress, List<String>> holders = new HashMap<>();

  private final Map<String, String> typeByInstance = new HashMap<>();

  private AddressPlanner(
      ClusterFacts cluster, Reservations reservations, Placements placements, VpcFacts vpc) {
    this.cluster = cluster;
    this.reservations = reservations;
    this.placements = placements;
    this.vpc = vpc;
    for (MultusInterface one : vpc.interfaces().values()) {
      for (IpAddress address : one.secondary()) {
        holders.computeIfAbsent(address, key -> new ArrayList<>(1)).add(one.networkInterfaceId());
      }
    }
    for (WorkerNode node : cluster.nodes().values()) {
      node.instanceId()
          .ifPresent(instance ->
              node.instanceType().ifPresent(type -> typeByInstance.put(instance, type)));
    }
  }

  /** One address that has to get somewhere, and from where if it is on an interface of ours. */
  private record Task(Seat to, Optional<String> from) {
    Family family() {
      return to.address().family();
    }

    Place target() {
      return new Place(to.networkInterfaceId(), family());
    }

    Optional<Place> source() {
      return from.map(id -> new Place(id, family()));
    }
  }

  /** Addresses of one family on one interface: what a limit counts. */
  private record Place(String networkInterfaceId, Family family) {}

  /**
   * Plans.
   *
   * @param cluster what the Kubernetes API said
   * @param reservations what it means
   * @param placements where each reservation belongs
   * @param vpc what EC2 said
   * @param settings the limits of the guard
   * @param earlier what earlier looks found; with nothing of it, no release follows but those that
   *     a move needs
   */
  public static AddressPlan plan(
      ClusterFacts cluster,
      Reservations reservations,
      Placements placements,
      VpcFacts vpc,
      Reconciliation settings,
      EarlierLooks earlier) {
    return new AddressPlanner(cluster, reservations, placements, vpc).plan(settings, earlier);
  }

  private AddressPlan plan(Reconciliation settings, EarlierLooks earlier) {
    Set<Seat> staleBefore = earlier.stale();
    Set<Seat> graceOver = earlier.graceOver();
    List<Unplaced> unplaced = new ArrayList<>(placements.unplaced());
    List<Task> tasks = new ArrayList<>();
    int kept = 0;
    for (Placed one : placements.placed().values()) {
      Seat seat = one.seat();
      if (vpc.holds(seat)) {
        kept++;
      } else if (!earlier.refused().contains(seat)) {
        tasks.add(new Task(seat, holderInSubnetOf(seat)));
      }
    }

    SortedMap<Seat, Stale> stale = stale(tasks);
    Map<Place, Integer> counts = counts();
    SortedMap<Seat, Stale> dropped = new TreeMap<>();
    // The guard counts what would find no room without any release, too: it becomes stale.
    Set<Task> fit = new HashSet<>(accept(tasks, stale, Set.of(), counts, dropped));
    Set<Seat> doubtful = new HashSet<>(stale.keySet());
    tasks.forEach(task -> leftBehind(task, fit).ifPresent(doubtful::add));
    Optional<ReleaseGuard.Stop> guard =
        doubtful.isEmpty()
            ? Optional.empty()
            : ReleaseGuard.check(
                cluster, reservations, settings, doubtful.size(), (int) managedSeats());

    if (guard.isEmpty()) {
      fit.clear();
      fit.addAll(accept(tasks, stale, droppable(stale, staleBefore, graceOver), counts, dropped));
    }
    List<Task> accepted = tasks.stream().filter(fit::contains).toList();
    for (Task task : tasks) {
      Placed placed = placements.placed().get(task.to());
      if (!fit.contains(task) && placed != null) {
        unplaced.add(full(task, placed));
        leftBehind(task, fit)
            .ifPresent(seat -> stale.put(seat, new Stale(seat, Stale.Reason.WRONG_NODE)));
      }
    }

    List<List<Step>> waves = new ArrayList<>();
    addWave(waves, releases(dropped.keySet(), Cause.ROOM));
    dropped.keySet().forEach(seat -> counts.merge(placeOf(seat), -1, Integer::sum));
    schedule(accepted, counts, waves);
    if (guard.isEmpty()) {
      Set<Seat> due = new TreeSet<>(stale.keySet());
      due.removeAll(dropped.keySet());
      due.removeIf(seat -> !isDue(seat, stale, staleBefore, graceOver));
      addWave(waves, releases(due, Cause.STALE));
    }

    Map<Seat, Placed> served = new HashMap<>();
    Map<Seat, String> movedFrom = new HashMap<>();
    for (Task task : accepted) {
      Placed placed = placements.placed().get(task.to());
      if (placed != null) {
        served.put(task.to(), placed);
      }
      task.from().ifPresent(from -> movedFrom.put(task.to(), from));
    }
    return new AddressPlan(waves, kept, unplaced, stale, served, movedFrom, guard);
  }

  /** What can't get to its pod must not stay at another node either. */
  private Optional<Seat> leftBehind(Task task, Set<Task> fit) {
    return task.from()
        .filter(from -> !fit.contains(task))
        .filter(from -> !sameInstance(from, task.to().networkInterfaceId()))
        .filter(from -> !placements.isClaimed(task.to().address(), instanceOf(from).orElse("")))
        .map(from -> new Seat(from, task.to().address()));
  }

  /** The interface of ours that has the address in the same subnet: VPCs may share numbers. */
  private Optional<String> holderInSubnetOf(Seat seat) {
    Optional<String> subnet = vpc.subnetOf(seat.networkInterfaceId());
    return holders.getOrDefault(seat.address(), List.of()).stream()
        .filter(id -> vpc.subnetOf(id).equals(subnet))
        .findFirst();
  }

  private boolean sameInstance(String one, String other) {
    return instanceOf(one).equals(instanceOf(other));
  }

  private Optional<String> instanceOf(String networkInterfaceId) {
    return Optional.ofNullable(vpc.interfaces().get(networkInterfaceId))
        .flatMap(MultusInterface::place)
        .map(MultusInterface.Place::instanceId);
  }

  private long managedSeats() {
    return vpc.interfaces().values().stream()
        .mapToLong(one -> one.secondary().stream().filter(reservations.managed()::contains).count())
        .sum();
  }

  /** Secondary addresses of ours in the managed space that nobody needs where they are. */
  private SortedMap<Seat, Stale> stale(List<Task> tasks) {
    Set<Seat> leaving = new HashSet<>();
    tasks.forEach(
        task -> task.from().ifPresent(from -> leaving.add(new Seat(from, task.to().address()))));
    Map<IpAddress, Stale.Reason> reasons = new HashMap<>();
    for (Unplaced one : placements.unplaced()) {
      reason(one.reason())
          .ifPresent(reason -> reasons.putIfAbsent(one.reservation().address(), reason));
    }
    Set<String> instances = new HashSet<>();
    cluster.nodes().values().forEach(node -> node.instanceId().ifPresent(instances::add));

    SortedMap<Seat, Stale> stale = new TreeMap<>();
    for (MultusInterface one : vpc.interfaces().values()) {
      String instance = one.place().map(MultusInterface.Place::instanceId).orElse("");
      for (IpAddress address : one.secondary()) {
        Seat seat = new Seat(one.networkInterfaceId(), address);
        if (!reservations.managed().contains(address)
            || placements.placed().containsKey(seat)
            || leaving.contains(seat)
            || placements.isClaimed(address, instance)) {
          continue;
        }
        Stale.Reason reason =
            !instance.isEmpty() && !instances.contains(instance)
                ? Stale.Reason.NODE_GONE
                : placements.claims().containsKey(address)
                    ? Stale.Reason.WRONG_NODE
                    : reasons.getOrDefault(address, Stale.Reason.NO_RESERVATION);
        stale.put(seat, new Stale(seat, reason));
      }
    }
    return stale;
  }

  private static Optional<Stale.Reason> reason(UnplacedReason reason) {
    return switch (reason) {
      case POD_GONE -> Optional.of(Stale.Reason.POD_GONE);
      case POD_FINISHED -> Optional.of(Stale.Reason.POD_FINISHED);
      case SUPERSEDED -> Optional.of(Stale.Reason.SUPERSEDED);
      case NODE_GONE -> Optional.of(Stale.Reason.NODE_GONE);
      default -> Optional.empty();
    };
  }

  /** What a full interface may drop: what no living pod has to do with, and what is due anyway. */
  private static Set<Seat> droppable(
      SortedMap<Seat, Stale> stale, Set<Seat> staleBefore, Set<Seat> graceOver) {
    Set<Seat> droppable = new TreeSet<>();
    stale.forEach((seat, one) -> {
      if ((one.reason().isPodGone() && staleBefore.contains(seat))
          || isDue(seat, stale, staleBefore, graceOver)) {
        droppable.add(seat);
      }
    });
    return droppable;
  }

  private static boolean isDue(
      Seat seat, SortedMap<Seat, Stale> stale, Set<Seat> staleBefore, Set<Seat> graceOver) {
    Stale one = stale.get(seat);
    return one != null
        && staleBefore.contains(seat)
        && (one.reason().isWithoutGrace() || graceOver.contains(seat));
  }

  private Map<Place, Integer> counts() {
    Map<Place, Integer> counts = new HashMap<>();
    for (MultusInterface one : vpc.interfaces().values()) {
      for (Family family : Family.values()) {
        counts.put(new Place(one.networkInterfaceId(), family), one.count(family));
      }
    }
    return counts;
  }

  private static Place placeOf(Seat seat) {
    return new Place(seat.networkInterfaceId(), seat.address().family());
  }

  /**
   * Decides which tasks fit in the end, in the order of the addresses. An address that can't leave
   * keeps its seat, which may leave another one without; so the decision is repeated until it
   * stands.
   *
   * @param dropped gets what must be released for it
   */
  private List<Task> accept(
      List<Task> tasks,
      SortedMap<Seat, Stale> stale,
      Set<Seat> droppable,
      Map<Place, Integer> counts,
      SortedMap<Seat, Stale> dropped) {
    List<Task> accepted = new ArrayList<>(tasks);
    while (true) {
      Map<Place, Integer> free = new HashMap<>();
      for (Task task : accepted) {
        task.source().ifPresent(source -> free.merge(source, 1, Integer::sum));
      }
      dropped.clear();
      Map<Place, List<Seat>> spare = new HashMap<>();
      for (Seat seat : droppable) {
        spare.computeIfAbsent(placeOf(seat), key -> new ArrayList<>()).add(seat);
      }
      List<Task> fit = new ArrayList<>();
      for (Task task : accepted) {
        Place place = task.target();
        int left = limitOf(place) - counts.getOrDefault(place, 0) + free.getOrDefault(place, 0);
        List<Seat> drops = spare.getOrDefault(place, List.of());
        if (left <= 0 && !drops.isEmpty()) {
          Seat drop = drops.removeFirst();
          Stale one = stale.get(drop);
          if (one != null) {
            dropped.put(drop, one);
            free.merge(place, 1, Integer::sum);
            left++;
          }
        }
        if (left > 0) {
          fit.add(task);
          free.merge(place, -1, Integer::sum);
        }
      }
      if (fit.size() == accepted.size()) {
        return fit;
      }
      accepted = fit;
    }
  }

  private int limitOf(Place place) {
    @Nullable String type =
        instanceOf(place.networkInterfaceId()).map(typeByInstance::get).orElse(null);
    @Nullable InstanceLimits limits = type == null ? null : vpc.limits().get(type);
    int limit =
        limits == null
            ? 0
            : place.family() == Family.IPV4
                ? limits.ipv4AddressesPerInterface()
                : limits.ipv6AddressesPerInterface();
    // Where nothing is known, EC2's own refusal is the limit.
    return limit > 0 ? limit : Integer.MAX_VALUE / 2;
  }

  private Unplaced full(Task task, Placed placed) {
    return new Unplaced(
        placed.reservation(),
        UnplacedReason.INTERFACE_FULL,
        "%s holds %d, its primary address included"
            .formatted(task.to().networkInterfaceId(), limitOf(task.target())));
  }

  /**
   * Puts the tasks into waves, none of which overfills an interface. An IPv4 address is taken over
   * in one call; an IPv6 address is released in one wave and assigned in a later one. Where full
   * interfaces wait for each other, one address is released first to break the circle.
   */
  private void schedule(List<Task> accepted, Map<Place, Integer> counts, List<List<Step>> waves) {
    List<Task> waiting = new ArrayList<>(accepted);
    List<Seat> leaving = new ArrayList<>();
    for (int i = 0; i < waiting.size(); i++) {
      Task task = waiting.get(i);
      if (task.family() == Family.IPV6 && task.from().isPresent()) {
        leaving.add(new Seat(task.from().get(), task.to().address()));
        waiting.set(i, new Task(task.to(), Optional.empty()));
      }
    }
    leaving.forEach(seat -> counts.merge(placeOf(seat), -1, Integer::sum));
    addWave(waves, releases(leaving, Cause.MOVE));

    while (!waiting.isEmpty()) {
      List<Task> now = new ArrayList<>();
      Map<Place, Integer> room = new HashMap<>(counts);
      for (Task task : waiting) {
        if (room.getOrDefault(task.target(), 0) < limitOf(task.target())) {
          now.add(task);
          room.merge(task.target(), 1, Integer::sum);
        }
      }
      if (now.isEmpty()) {
        Optional<Integer> circle = firstToBreak(waiting);
        if (circle.isEmpty()) {
          throw new IllegalStateException("tasks that fit can't be put into an order: " + waiting);
        }
        Task task = waiting.get(circle.get());
        Seat seat = new Seat(task.from().orElseThrow(), task.to().address());
        counts.merge(placeOf(seat), -1, Integer::sum);
        waiting.set(circle.get(), new Task(task.to(), Optional.empty()));
        addWave(waves, releases(List.of(seat), Cause.MOVE));
        continue;
      }
      waiting.removeAll(new HashSet<>(now));
      for (Task task : now) {
        counts.merge(task.target(), 1, Integer::sum);
        task.source().ifPresent(source -> counts.merge(source, -1, Integer::sum));
      }
      addWave(waves, assignments(now));
    }
  }

  /** A move away from an interface that others wait for. */
  private static Optional<Integer> firstToBreak(List<Task> waiting) {
    Set<Place> wanted = new HashSet<>();
    waiting.forEach(task -> wanted.add(task.target()));
    for (int i = 0; i < waiting.size(); i++) {
      if (waiting.get(i).source().filter(wanted::contains).isPresent()) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private static void addWave(List<List<Step>> waves, List<Step> steps) {
    if (!steps.isEmpty()) {
      waves.add(steps);
    }
  }

  private static List<Step> releases(Collection<Seat> seats, Cause cause) {
    List<Step> steps = new ArrayList<>();
    grouped(seats)
        .forEach((place, addresses) ->
            steps.add(new Release(place.networkInterfaceId(), addresses, cause)));
    return steps;
  }

  private static List<Step> assignments(List<Task> tasks) {
    List<Seat> fresh = new ArrayList<>();
    List<Seat> moving = new ArrayList<>();
    for (Task task : tasks) {
      (task.from().isPresent() ? moving : fresh).add(task.to());
    }
    List<Step> steps = new ArrayList<>();
    // Apart: only what is known to be ours may be taken over.
    grouped(fresh)
        .forEach(
            (place, addresses) -> steps.add(new Assign(place.networkInterfaceId(), addresses)));
    grouped(moving)
        .forEach(
            (place, addresses) -> steps.add(new TakeOver(place.networkInterfaceId(), addresses)));
    return steps;
  }

  private static SortedMap<Place, List<IpAddress>> grouped(Collection<Seat> seats) {
    SortedMap<Place, List<IpAddress>> grouped =
        new TreeMap<>(Comparator.comparing(Place::networkInterfaceId).thenComparing(Place::family));
    seats.stream()
        .sorted()
        .forEach(seat ->
            grouped.computeIfAbsent(placeOf(seat), key -> new ArrayList<>()).add(seat.address()));
    return grouped;
  }
}
