// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.cluster.AttachmentDefinition;
import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.cluster.NetworkAttachment;
import io.multuseni.core.cluster.NetworkSelection;
import io.multuseni.core.cluster.PodFacts;
import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.cluster.WorkerNode;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.ip.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * ◆ Resolves each reservation to the network interface that its pod sends through: reservation,
 * pod, node, instance, interface. Where several interfaces of the node are in one subnet, the MAC
 * address in the pod's network-status tells, else what the attachment definition names; it never
 * guesses between two.
 */
public final class PlacementPlanner {
  private final ClusterFacts cluster;
  private final Reservations reservations;
  private final VpcFacts vpc;
  private final Uplinks uplinks;
  private final Map<String, List<MultusInterface>> byInstance = new HashMap<>();

  /** Interfaces that have an address as their primary one, by subnet and address. */
  private final Map<InSubnet, String> primaries = new HashMap<>();

  /** Addresses of a pod that has more than one reservation. */
  private final Map<PodRef, Set<IpAddress>> addressesOf = new HashMap<>();

  /** An address in a subnet: VPCs may use the same numbers. */
  private record InSubnet(String subnetId, IpAddress address) implements Comparable<InSubnet> {
    // By hand for the reason that IpAddress tells.

    @Override
    public int compareTo(InSubnet other) {
      int byAddress = address.compareTo(other.address);
      return byAddress != 0 ? byAddress : subnetId.compareTo(other.subnetId);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof InSubnet that
          && address.equals(that.address)
          && subnetId.equals(that.subnetId);
    }

    @Override
    public int hashCode() {
      return 31 * subnetId.hashCode() + address.hashCode();
    }
  }

  /** Either a place or the reason why there is none. */
  private sealed interface Verdict {}

  private record On(MultusInterface target) implements Verdict {}

  private record Nowhere(UnplacedReason reason, String detail) implements Verdict {}

  private PlacementPlanner(
      ProvisionerConfig config, ClusterFacts cluster, Reservations reservations, VpcFacts vpc) {
    this.cluster = cluster;
    this.reservations = reservations;
    this.vpc = vpc;
    this.uplinks = new Uplinks(config);
    for (MultusInterface one : vpc.interfaces().values()) {
      one.place()
          .ifPresent(place ->
              byInstance
                  .computeIfAbsent(place.instanceId(), instance -> new ArrayList<>())
                  .add(one));
      one.primary()
          .forEach(address ->
              primaries.put(new InSubnet(one.subnetId(), address), one.networkInterfaceId()));
    }
    for (Reservation one : reservations.reservations()) {
      SmallSets.add(addressesOf, one.pod(), one.address());
    }
  }

  /**
   * Places every reservation.
   *
   * @param config the node groups, for the names that nodes give their interfaces
   * @param cluster what the Kubernetes API said
   * @param reservations what it means
   * @param vpc what EC2 said
   */
  public static Placements place(
      ProvisionerConfig config, ClusterFacts cluster, Reservations reservations, VpcFacts vpc) {
    return new PlacementPlanner(config, cluster, reservations, vpc).place();
  }

  private Placements place() {
    SortedMap<InSubnet, List<Placed>> bySubnet = new TreeMap<>();
    List<Unplaced> unplaced = new ArrayList<>();
    for (Reservation one : reservations.reservations()) {
      @Nullable PodFacts pod = cluster.pods().get(one.pod());
      switch (verdict(one, pod)) {
        case On(MultusInterface target) -> {
          String node = pod == null ? "" : pod.nodeName().orElse("");
          bySubnet
              .computeIfAbsent(
                  new InSubnet(target.subnetId(), one.address()), key -> new ArrayList<>(1))
              .add(new Placed(one, node, target.networkInterfaceId()));
        }
        case Nowhere(UnplacedReason reason, String detail) ->
            unplaced.add(new Unplaced(one, reason, detail));
      }
    }
    SortedMap<Seat, Placed> placed = new TreeMap<>();
    bySubnet.forEach((key, claimants) -> settle(key, claimants, placed, unplaced));
    return new Placements(placed, unplaced, claims(placed));
  }

  /** Who claims what is on an interface and isn't placed there: nothing else is in doubt. */
  private Map<IpAddress, Set<String>> claims(SortedMap<Seat, Placed> placed) {
    Set<IpAddress> inDoubt = new HashSet<>();
    for (MultusInterface one : vpc.interfaces().values()) {
      for (IpAddress address : one.secondary()) {
        if (!placed.containsKey(new Seat(one.networkInterfaceId(), address))) {
          inDoubt.add(address);
        }
      }
    }
    Map<IpAddress, Set<String>> claims = new HashMap<>();
    if (inDoubt.isEmpty()) {
      return claims;
    }
    reservations.undecided().stream()
        .filter(inDoubt::contains)
        .forEach(address -> SmallSets.add(claims, address, Placements.ANYWHERE));
    for (Reservation one : reservations.reservations()) {
      if (inDoubt.contains(one.address())) {
        PodFacts pod = cluster.pods().get(one.pod());
        if (pod != null && !isSuperseded(one, pod)) {
          claimByPod(claims, one.address(), pod);
        }
      }
    }
    for (PodFacts pod : cluster.pods().values()) {
      for (NetworkAttachment attachment : pod.attachments()) {
        attachment.addresses().stream()
            .filter(inDoubt::contains)
            .forEach(address -> claimByPod(claims, address, pod));
      }
    }
    return claims;
  }

  /** Where pods on different interfaces claim an address, the one that has it keeps it. */
  private void settle(
      InSubnet key,
      List<Placed> claimants,
      SortedMap<Seat, Placed> placed,
      List<Unplaced> unplaced) {
    if (claimants.size() == 1) {
      placed.putIfAbsent(claimants.getFirst().seat(), claimants.getFirst());
      return;
    }
    Set<String> targets =
        claimants.stream()
            .map(Placed::networkInterfaceId)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Optional<String> winner =
        targets.size() == 1
            ? targets.stream().findFirst()
            : targets.stream().filter(id -> vpc.holds(new Seat(id, key.address()))).findFirst();
    for (Placed one : claimants) {
      if (winner.filter(one.networkInterfaceId()::equals).isPresent()) {
        placed.putIfAbsent(one.seat(), one);
      } else {
        unplaced.add(
            new Unplaced(
                one.reservation(),
                UnplacedReason.CONFLICT,
                "claimed by "
                    + claimants.stream()
                        .map(other -> other.reservation().pod() + " on " + other.node())
                        .collect(Collectors.joining(", "))));
      }
    }
  }

  /** A living pod has the address, on its node's instance or, where that isn't known, anywhere. */
  private void claimByPod(Map<IpAddress, Set<String>> claims, IpAddress address, PodFacts pod) {
    if (pod.phase().isFinished()) {
      return;
    }
    if (pod.nodeName().isEmpty()) {
      SmallSets.add(claims, address, Placements.ANYWHERE);
      return;
    }
    WorkerNode node = cluster.nodes().get(pod.nodeName().get());
    if (node != null) {
      SmallSets.add(claims, address, node.instanceId().orElse(Placements.ANYWHERE));
    }
  }

  private Verdict verdict(Reservation one, @Nullable PodFacts pod) {
    if (pod == null) {
      return new Nowhere(UnplacedReason.POD_GONE, "");
    }
    if (pod.phase().isFinished()) {
      return new Nowhere(UnplacedReason.POD_FINISHED, "");
    }
    if (isSuperseded(one, pod)) {
      return new Nowhere(UnplacedReason.SUPERSEDED, "");
    }
    if (pod.nodeName().isEmpty()) {
      return new Nowhere(UnplacedReason.POD_NOT_SCHEDULED, "");
    }
    String nodeName = pod.nodeName().get();
    WorkerNode node = cluster.nodes().get(nodeName);
    if (node == null) {
      return new Nowhere(UnplacedReason.NODE_GONE, "node " + nodeName);
    }
    if (node.instanceId().isEmpty()) {
      return new Nowhere(UnplacedReason.NODE_WITHOUT_INSTANCE, "node " + nodeName);
    }
    List<MultusInterface> candidates = byInstance.getOrDefault(node.instanceId().get(), List.of());
    if (candidates.isEmpty()) {
      return new Nowhere(
          UnplacedReason.NODE_NOT_OURS,
          "node %s, instance %s".formatted(nodeName, node.instanceId().get()));
    }
    if (!reservations.managed().contains(one.address())) {
      return new Nowhere(UnplacedReason.NOT_MANAGED, "");
    }
    return switch (choose(one, pod, node, candidates)) {
      case On(MultusInterface target) -> checked(one, target);
      case Nowhere nowhere -> nowhere;
    };
  }

  /** Whether the address can be on that interface at all. */
  private Verdict checked(Reservation one, MultusInterface target) {
    SubnetRange subnet = vpc.subnets().get(target.subnetId());
    if (subnet == null || !subnet.contains(one.address())) {
      return new Nowhere(
          UnplacedReason.OUTSIDE_SUBNET,
          "%s is in %s %s"
              .formatted(
                  target.networkInterfaceId(),
                  target.subnetId(),
                  subnet == null ? "" : subnet.blocks()));
    }
    if (subnet.isReservedByAws(one.address())) {
      return new Nowhere(UnplacedReason.RESERVED_BY_AWS, target.subnetId());
    }
    String owner = primaries.get(new InSubnet(target.subnetId(), one.address()));
    if (owner != null) {
      return new Nowhere(UnplacedReason.PRIMARY_ADDRESS, "of " + owner);
    }
    return new On(target);
  }

  /**
   * A StatefulSet's pod that was recreated has two reservations where its predecessor's was never
   * freed (whereabouts#176). The network-status tells which one it uses, but only as long as that
   * one is reserved: after a restart of the pod's sandbox it is old itself for a moment.
   */
  private boolean isSuperseded(Reservation one, PodFacts pod) {
    Set<IpAddress> reserved = addressesOf.getOrDefault(one.pod(), Set.of());
    if (reserved.size() < 2
        || pod.attachments().stream().anyMatch(a -> a.addresses().contains(one.address()))) {
      return false;
    }
    return pod.attachments().stream()
        .filter(attachment -> !attachment.isDefault())
        .filter(attachment ->
            one.interfaceName().isEmpty() || attachment.interfaceName().equals(one.interfaceName()))
        .flatMap(attachment -> attachment.addresses().stream())
        .anyMatch(shown -> shown.family() == one.address().family() && reserved.contains(shown));
  }

  private Verdict choose(
      Reservation one, PodFacts pod, WorkerNode node, List<MultusInterface> candidates) {
    Optional<NetworkAttachment> attachment = attachmentOf(one, pod);
    Optional<MultusInterface> byMac =
        attachment.flatMap(NetworkAttachment::macAddress).flatMap(mac -> withMac(mac, candidates));
    if (byMac.isPresent()) {
      return new On(byMac.get());
    }
    Optional<MultusInterface> byDevice =
        attachment
            .flatMap(NetworkAttachment::pciAddress)
            .flatMap(address -> uplinks.atPciAddress(address, node, candidates));
    if (byDevice.isPresent()) {
      return new On(byDevice.get());
    }
    return byDefinition(one, pod, attachment, node, candidates)
        .orElseGet(() -> bySubnet(one, candidates));
  }

  private static Optional<MultusInterface> withMac(
      String macAddress, List<MultusInterface> candidates) {
    for (MultusInterface one : candidates) {
      if (one.macAddress().equals(macAddress)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  private static Optional<NetworkAttachment> attachmentOf(Reservation one, PodFacts pod) {
    for (NetworkAttachment attachment : pod.attachments()) {
      if (attachment.addresses().contains(one.address())) {
        return Optional.of(attachment);
      }
    }
    for (NetworkAttachment attachment : pod.attachments()) {
      if (!attachment.isDefault()
          && one.interfaceName().isPresent()
          && attachment.interfaceName().equals(one.interfaceName())) {
        return Optional.of(attachment);
      }
    }
    return Optional.empty();
  }

  /** By what the definitions name; empty where they name nothing that can be resolved. */
  private Optional<Verdict> byDefinition(
      Reservation one,
      PodFacts pod,
      Optional<NetworkAttachment> attachment,
      WorkerNode node,
      List<MultusInterface> candidates) {
    Set<MultusInterface> named = new LinkedHashSet<>();
    List<String> missing = new ArrayList<>();
    boolean unresolved = false;
    for (AttachmentDefinition definition : definitionsOf(one, pod, attachment)) {
      unresolved |= definition.uplinks().isEmpty();
      for (AttachmentDefinition.Uplink uplink : definition.uplinks()) {
        switch (uplinks.resolve(uplink, node, candidates)) {
          case Uplinks.Found(MultusInterface found) -> named.add(found);
          case Uplinks.Missing(String what) ->
              missing.add("%s names %s, where it isn't".formatted(definition.key(), what));
          case Uplinks.NotPredicted() -> unresolved = true;
        }
      }
    }
    if (named.size() == 1 && !unresolved && missing.isEmpty()) {
      return Optional.of(new On(named.iterator().next()));
    }
    if (named.isEmpty() && !missing.isEmpty() && !unresolved) {
      return Optional.of(
          new Nowhere(
              UnplacedReason.NO_INTERFACE, "node " + node.name() + ", " + missing.getFirst()));
    }
    if (named.size() > 1 && !unresolved) {
      return Optional.of(bySubnet(one, List.copyOf(named)));
    }
    return Optional.empty();
  }

  /**
   * The definitions that the address may come from: that of the attachment; else the one that the
   * pod asked for under the interface's name; else those whose ranges hold the address; else all
   * that it asked for.
   */
  private List<AttachmentDefinition> definitionsOf(
      Reservation one, PodFacts pod, Optional<NetworkAttachment> attachment) {
    Optional<AttachmentDefinition> attached =
        attachment.flatMap(a -> Optional.ofNullable(cluster.definitions().get(a.definition())));
    if (attached.isPresent()) {
      return List.of(attached.get());
    }
    List<NetworkSelection> asked =
        one.interfaceName()
            .map(name ->
                pod.selections().stream()
                    .filter(selection -> selection.interfaceName().equals(name))
                    .toList())
            .filter(found -> !found.isEmpty())
            .orElse(pod.selections());
    List<AttachmentDefinition> all =
        asked.stream()
            .map(selection -> cluster.definitions().get(selection.definition()))
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    List<AttachmentDefinition> holding =
        all.stream()
            .filter(definition ->
                definition.ranges().stream()
                    .anyMatch(range -> range.block().contains(one.address())))
            .toList();
    return holding.isEmpty() ? all : holding;
  }

  private Verdict bySubnet(Reservation one, List<MultusInterface> candidates) {
    List<MultusInterface> inSubnet =
        candidates.stream()
            .filter(candidate -> {
              SubnetRange subnet = vpc.subnets().get(candidate.subnetId());
              return subnet != null && subnet.contains(one.address());
            })
            .toList();
    return switch (inSubnet.size()) {
      case 0 ->
          new Nowhere(
              UnplacedReason.NO_INTERFACE,
              "none of %s is in a subnet that holds the address".formatted(ids(candidates)));
      case 1 -> new On(inSubnet.getFirst());
      default -> new Nowhere(UnplacedReason.AMBIGUOUS_INTERFACE, ids(inSubnet));
    };
  }

  private static String ids(List<MultusInterface> interfaces) {
    return interfaces.stream()
        .map(MultusInterface::networkInterfaceId)
        .collect(Collectors.joining(", "));
  }
}
