// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.cluster.AttachmentDefinition;
import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.cluster.IpamRange;
import io.multuseni.core.cluster.NetworkAttachment;
import io.multuseni.core.cluster.OverlapFacts;
import io.multuseni.core.cluster.PodFacts;
import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.cluster.PoolFacts;
import io.multuseni.core.cluster.SlicePoolFacts;
import io.multuseni.core.config.Reconciliation;
import io.multuseni.core.ip.AddressBlock;
import io.multuseni.core.ip.AddressInterval;
import io.multuseni.core.ip.AddressSpace;
import io.multuseni.core.ip.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * ◆ Understands the objects of whereabouts, and pods' network-status where that is a source: whose
 * is which address, and which addresses are ours to manage at all. What means nothing is told and
 * skipped; it never spoils the rest.
 */
public final class ReservationReader {
  /** So many bad keys of a pool are named; a pool full of garbage must not fill the log. */
  private static final int KEYS_NAMED = 5;

  /** So many problems are told. */
  private static final int PROBLEMS_TOLD = 50;

  private final ClusterFacts cluster;
  private final Reconciliation settings;
  private final List<Reservation> reservations = new ArrayList<>();
  private final Map<PodRef, Set<IpAddress>> byPod = new HashMap<>();
  private final Set<IpAddress> undecided = new HashSet<>();
  private final List<AddressInterval> managed = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private ReservationReader(ClusterFacts cluster, Reconciliation settings) {
    this.cluster = cluster;
    this.settings = settings;
  }

  /**
   * Reads everything.
   *
   * @param cluster what the Kubernetes API said
   * @param settings which sources count, and which further ranges are managed
   */
  public static Reservations read(ClusterFacts cluster, Reconciliation settings) {
    return new ReservationReader(cluster, settings).read();
  }

  private Reservations read() {
    if (settings.sources().contains(Reconciliation.Source.WHEREABOUTS)) {
      new TreeMap<>(cluster.pools()).values().forEach(this::readPool);
      new TreeMap<>(cluster.slicePools()).values().forEach(this::readSlicePool);
      SortedMap<String, OverlapFacts> alone = new TreeMap<>();
      cluster
          .overlaps()
          .forEach((key, overlap) -> {
            if (!isInPool(overlap)) {
              alone.put(key, overlap);
            }
          });
      alone.values().forEach(this::readOverlap);
    }
    if (settings.sources().contains(Reconciliation.Source.NETWORK_STATUS)) {
      readNetworkStatus();
    }
    settings.managedRanges().forEach(block -> managed.add(block.interval()));
    reservations.sort(Comparator.naturalOrder());
    return new Reservations(reservations, AddressSpace.of(managed), undecided, told());
  }

  private List<String> told() {
    if (problems.size() <= PROBLEMS_TOLD) {
      return problems;
    }
    List<String> some = new ArrayList<>(problems.subList(0, PROBLEMS_TOLD));
    some.add("… and %d more".formatted(problems.size() - PROBLEMS_TOLD));
    return some;
  }

  private void readPool(PoolFacts pool) {
    Optional<PoolRange> parsed = PoolRange.parse(pool.range());
    if (parsed.isEmpty()) {
      problems.add(
          ("IPPool %s: spec.range '%s' is not a CIDR block; its %d reservation(s) are skipped:"
                  + " correct or delete the pool")
              .formatted(pool.key(), pool.range(), pool.allocations().size()));
      return;
    }
    PoolRange range = parsed.get();
    String origin = "IPPool " + pool.key();
    List<AddressInterval> reserved = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    pool.allocations()
        .forEach((key, allocation) -> {
          Optional<IpAddress> address = range.addressAt(key);
          if (address.isEmpty()) {
            bad.add("'" + key + "'");
            return;
          }
          reserved.add(new AddressInterval(address.get(), address.get()));
          reserve(address.get(), allocation.podRef(), allocation.interfaceName(), origin);
        });
    if (!bad.isEmpty()) {
      problems.add(
          ("IPPool %s: %d allocation(s) are skipped since their keys are no offsets of addresses in"
                  + " %s: %s")
              .formatted(
                  pool.key(),
                  bad.size(),
                  pool.range(),
                  String.join(", ", bad.stream().sorted().limit(KEYS_NAMED).toList())));
    }
    manage(range.block(), reserved);
  }

  private void readSlicePool(SlicePoolFacts pool) {
    AddressBlock.parse(pool.range().strip())
        .ifPresentOrElse(
            block -> manage(block, List.of()),
            () ->
                problems.add(
                    "NodeSlicePool %s: spec.range '%s' is not a CIDR block; correct or delete it"
                        .formatted(pool.key(), pool.range())));
  }

  /**
   * Adds a pool's range to what we manage, as narrow as the definitions that use it make it:
   * between their first and last address, and never what they exclude. What is reserved is ours all
   * the same unless it is excluded.
   */
  private void manage(AddressBlock block, List<AddressInterval> reserved) {
    List<IpamRange> users = usersOf(block);
    if (users.isEmpty()) {
      // A definition that can't be read may exclude anything.
      boolean isKnown =
          cluster.definitions().values().stream().allMatch(one -> one.problem().isEmpty());
      managed.addAll(isKnown ? List.of(block.interval()) : reserved);
      return;
    }
    for (IpamRange user : users) {
      List<AddressInterval> parts = new ArrayList<>(reserved);
      intersection(user.usable(), block.interval()).ifPresent(parts::add);
      managed.addAll(AddressSpace.of(parts).minus(user.excluded()).intervals());
    }
  }

  /** A slice's pool has a range of its own, within the one that the definition names. */
  private List<IpamRange> usersOf(AddressBlock block) {
    List<IpamRange> all =
        cluster.definitions().values().stream()
            .flatMap(definition -> definition.ranges().stream())
            .filter(range -> range.kind() == IpamRange.Kind.WHEREABOUTS)
            .filter(range -> range.block().contains(block))
            .toList();
    List<IpamRange> same = all.stream().filter(range -> range.block().equals(block)).toList();
    return same.isEmpty() ? all : same;
  }

  private static Optional<AddressInterval> intersection(AddressInterval a, AddressInterval b) {
    if (a.first().family() != b.first().family()) {
      return Optional.empty();
    }
    IpAddress first = a.first().compareTo(b.first()) >= 0 ? a.first() : b.first();
    IpAddress last = a.last().compareTo(b.last()) <= 0 ? a.last() : b.last();
    return first.compareTo(last) <= 0
        ? Optional.of(new AddressInterval(first, last))
        : Optional.empty();
  }

  /** Nearly all of them stand in a pool, too: there is nothing more to learn from those. */
  private boolean isInPool(OverlapFacts overlap) {
    Optional<Set<IpAddress>> ofItsPod = PodRef.parse(overlap.podRef()).map(byPod::get);
    return ofItsPod.isPresent()
        && IpAddress.parse(overlap.name()).filter(ofItsPod.get()::contains).isPresent();
  }

  /**
   * A reservation for overlapping ranges that stands in no pool counts where its pod shows the
   * address; before it does, the address is left as it is (whereabouts#712).
   */
  private void readOverlap(OverlapFacts overlap) {
    List<IpAddress> candidates = addressesIn(overlap.name());
    if (candidates.isEmpty()) {
      problems.add(
          "OverlappingRangeIPReservation %s: its name holds no address; it is skipped"
              .formatted(overlap.key()));
      return;
    }
    Optional<PodFacts> pod =
        PodRef.parse(overlap.podRef()).flatMap(ref -> Optional.ofNullable(cluster.pods().get(ref)));
    if (pod.filter(one -> !one.phase().isFinished()).isEmpty()) {
      return;
    }
    for (IpAddress address : candidates) {
      if (byPod.getOrDefault(pod.get().ref(), Set.of()).contains(address)) {
        return;
      }
    }
    for (IpAddress address : candidates) {
      if (pod.get().attachments().stream().anyMatch(one -> one.addresses().contains(address))) {
        reserve(
            address,
            overlap.podRef(),
            overlap.interfaceName(),
            "OverlappingRangeIPReservation " + overlap.key());
        return;
      }
    }
    undecided.addAll(candidates);
  }

  /**
   * The addresses that a name may mean: {@code -} stands for {@code :}, and a network's name may
   * stand before it, which can look like a part of an IPv6 address.
   */
  static List<IpAddress> addressesIn(String name) {
    List<IpAddress> found = new ArrayList<>();
    String rest = name;
    while (true) {
      IpAddress.parse(rest.contains(".") ? rest : rest.replace('-', ':')).ifPresent(found::add);
      int dash = rest.indexOf('-');
      if (dash < 0) {
        return found;
      }
      rest = rest.substring(dash + 1);
    }
  }

  private void readNetworkStatus() {
    Set<String> undecidedDefinitions = definitionsOfPodsThatShowNothing();
    for (AttachmentDefinition definition : cluster.definitions().values()) {
      for (IpamRange range : definition.ranges()) {
        if (range.kind() != IpamRange.Kind.WHEREABOUTS
            && !undecidedDefinitions.contains(definition.key())) {
          managed.addAll(
              AddressSpace.of(List.of(range.usable())).minus(range.excluded()).intervals());
        }
      }
    }
    for (PodFacts pod : cluster.pods().values()) {
      if (pod.phase().isFinished()) {
        continue;
      }
      for (NetworkAttachment attachment : pod.attachments()) {
        AttachmentDefinition definition = cluster.definitions().get(attachment.definition());
        if (definition == null
            || !(definition.uses(IpamRange.Kind.STATIC)
                || definition.uses(IpamRange.Kind.HOST_LOCAL))) {
          continue;
        }
        for (IpAddress address : attachment.addresses()) {
          if (!byPod.getOrDefault(pod.ref(), Set.of()).contains(address)) {
            add(
                new Reservation(
                    address,
                    pod.ref(),
                    attachment.interfaceName(),
                    "network-status of " + pod.ref()));
            // A static address may stand in the pod's annotation alone.
            managed.add(new AddressInterval(address, address));
          }
        }
      }
    }
  }

  /**
   * A living pod whose network-status is missing or can't be read may have any of its addresses.
   */
  private Set<String> definitionsOfPodsThatShowNothing() {
    Set<String> definitions = new HashSet<>();
    for (PodFacts pod : cluster.pods().values()) {
      if (!pod.phase().isFinished() && pod.nodeName().isPresent() && pod.attachments().isEmpty()) {
        pod.selections().forEach(one -> definitions.add(one.definition()));
      }
    }
    return definitions;
  }

  private void reserve(
      IpAddress address, String podRef, Optional<String> interfaceName, String origin) {
    PodRef.parse(podRef)
        .ifPresentOrElse(
            pod -> add(new Reservation(address, pod, interfaceName, origin)),
            () -> {
              undecided.add(address);
              problems.add(
                  "%s: the reservation of %s names no pod ('%s'); the address is left as it is"
                      .formatted(origin, address, podRef));
            });
  }

  private void add(Reservation reservation) {
    if (SmallSets.add(byPod, reservation.pod(), reservation.address())) {
      reservations.add(reservation);
    }
  }
}
