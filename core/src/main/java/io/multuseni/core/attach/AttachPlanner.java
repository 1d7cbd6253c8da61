// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import io.multuseni.core.config.Network;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.Tags;
import io.multuseni.core.node.Attachment;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.node.NodeFacts;
import io.multuseni.core.node.SubnetFacts;
import io.multuseni.core.slot.Slot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Decides how an instance gets its network interfaces. Network i of the node group goes to device
 * index i + 1, on the network card that it names; the order is never changed and no slot is ever
 * skipped.
 *
 * <p>What is right already is left alone, so planning again after any part of a plan was carried
 * out gives the rest of that plan.
 */
public final class AttachPlanner {
  private static final Comparator<InterfaceFacts> NEWEST_GENERATION_FIRST =
      comparingInt(AttachPlanner::generationOf)
          .reversed()
          .thenComparing(InterfaceFacts::networkInterfaceId);

  private final String cluster;
  private final NodeGroup group;
  private final NodeFacts node;
  private final Map<String, SubnetFacts> subnets;

  /**
   * Addresses that this plan takes out of a subnet, so that two networks don't count on the same.
   */
  private final Map<String, Integer> taken = new HashMap<>();

  private AttachPlanner(
      String cluster, NodeGroup group, NodeFacts node, Map<String, SubnetFacts> subnets) {
    this.cluster = cluster;
    this.group = group;
    this.node = node;
    this.subnets = subnets;
  }

  /**
   * Plans for one instance.
   *
   * @param cluster the cluster's name; an interface is ours if its cluster tag says so
   * @param group the node group, whose networks are to be served
   * @param node the instance and the interfaces on it or tagged for it
   * @param subnets what is known of the configured subnets, by id; a missing one doesn't exist
   * @return the plan, or the first reason against it in device-index order
   */
  public static AttachDecision plan(
      String cluster, NodeGroup group, NodeFacts node, Map<String, SubnetFacts> subnets) {
    return new AttachPlanner(cluster, group, node, subnets).plan();
  }

  /**
   * The slots of a node group's networks, in device-index order.
   *
   * @param networks the networks in the order of the configuration
   */
  public static List<Slot> slots(List<Network> networks) {
    List<Slot> slots = new ArrayList<>();
    for (Network network : networks) {
      slots.add(new Slot(network.networkCardIndex(), slots.size() + 1));
    }
    return slots;
  }

  private AttachDecision plan() {
    List<Slot> slots = slots(group.networks());
    List<PlannedInterface> planned = new ArrayList<>();
    Set<String> used = new HashSet<>();
    for (int i = 0; i < slots.size(); i++) {
      switch (planOne(group.networks().get(i), slots.get(i))) {
        case Refused(Refusal refusal) -> {
          return refusal;
        }
        case Served(PlannedInterface one) -> {
          planned.add(one);
          one.existing().ifPresent(found -> used.add(found.networkInterfaceId()));
        }
      }
    }
    return tooMany(planned)
        .<AttachDecision>map(refusal -> refusal)
        .orElseGet(() ->
            new AttachmentPlan(
                node.instanceId(),
                planned,
                node.interfaces().stream()
                    .filter(this::isOursForThisNode)
                    .filter(found -> found.attachment().isEmpty())
                    .filter(found -> !used.contains(found.networkInterfaceId()))
                    .toList()));
  }

  private sealed interface SlotDecision {}

  private record Served(PlannedInterface planned) implements SlotDecision {}

  private record Refused(Refusal refusal) implements SlotDecision {}

  private SlotDecision planOne(Network network, Slot slot) {
    Optional<InterfaceFacts> occupant = node.interfaces().stream().filter(at(slot)).findFirst();
    if (occupant.isPresent()) {
      return occupied(network, slot, occupant.get());
    }
    Optional<Refusal> noPlace = noPlaceFor(slot);
    if (noPlace.isPresent()) {
      return new Refused(noPlace.get());
    }
    List<InterfaceFacts> made =
        node.interfaces().stream()
            .filter(this::isOursForThisNode)
            .filter(found -> isTaggedFor(slot, found))
            .sorted(NEWEST_GENERATION_FIRST)
            .toList();
    for (InterfaceFacts found : made) {
      if (canServe(network, found)) {
        return new Served(reuse(network, slot, found));
      }
    }
    int generation = made.isEmpty() ? 0 : generationOf(made.getFirst()) + 1;
    return create(network, slot, generation);
  }

  private SlotDecision occupied(Network network, Slot slot, InterfaceFacts occupant) {
    if (!isOurs(occupant)) {
      return new Refused(
          new Refusal(
              RefusalReason.DEVICE_INDEX_TAKEN,
              occupant.networkInterfaceId(),
              "%s of instance %s, meant for network %s, is taken by %s, which is %s"
                  .formatted(
                      slot,
                      node.instanceId(),
                      network.name(),
                      occupant.networkInterfaceId(),
                      ownerOf(occupant))));
    }
    String tagged = occupant.tags().get(Tags.NETWORK);
    if (tagged != null && !tagged.equals(network.name())) {
      return new Refused(
          new Refusal(
              RefusalReason.SLOT_HOLDS_OTHER_NETWORK,
              occupant.networkInterfaceId(),
              "%s of instance %s holds %s of network %s, but the configuration puts network %s there"
                  .formatted(
                      slot,
                      node.instanceId(),
                      occupant.networkInterfaceId(),
                      tagged,
                      network.name())));
    }
    return new Served(reuse(network, slot, occupant));
  }

  private Optional<Refusal> noPlaceFor(Slot slot) {
    Integer held = node.limits().interfacesPerCard().get(slot.networkCardIndex());
    String type = node.limits().instanceType();
    if (held == null) {
      return Optional.of(
          new Refusal(
              RefusalReason.NETWORK_CARD_MISSING,
              type,
              "instance type %s of %s has no network card %d"
                  .formatted(type, node.instanceId(), slot.networkCardIndex())));
    }
    if (slot.deviceIndex() >= held) {
      return Optional.of(tooSmall(slot.networkCardIndex(), held, slot.deviceIndex() + 1));
    }
    return Optional.empty();
  }

  /** Interfaces of others count too: the limit is the card's, whoever uses it. */
  private Optional<Refusal> tooMany(List<PlannedInterface> planned) {
    for (Map.Entry<Integer, Integer> card : node.limits().interfacesPerCard().entrySet()) {
      long there =
          node.interfaces().stream()
              .flatMap(found -> found.slotOn(node.instanceId()).stream())
              .filter(slot -> slot.networkCardIndex() == card.getKey())
              .count();
      long coming =
          planned.stream()
              .filter(one -> one.slot().networkCardIndex() == card.getKey())
              .filter(one -> one.existing().flatMap(InterfaceFacts::attachment).isEmpty())
              .count();
      if (coming > 0 && there + coming > card.getValue()) {
        return Optional.of(tooSmall(card.getKey(), card.getValue(), there + coming));
      }
    }
    return Optional.empty();
  }

  private Refusal tooSmall(int card, int held, long needed) {
    String type = node.limits().instanceType();
    return new Refusal(
        RefusalReason.INSTANCE_TYPE_TOO_SMALL,
        type,
        "instance type %s of %s holds %d network interfaces on card %d, but node group %s needs %d"
            .formatted(type, node.instanceId(), held, card, group.name(), needed));
  }

  private PlannedInterface reuse(Network network, Slot slot, InterfaceFacts found) {
    int generation = generationOf(found);
    SortedMap<String, String> tags = tagsFor(network, slot, generation);
    return new PlannedInterface(
        network,
        slot,
        Optional.of(found),
        List.of(),
        0,
        tags,
        generation,
        deviations(network, found, tags));
  }

  private SlotDecision create(Network network, Slot slot, int generation) {
    List<String> missing =
        network.subnets().stream().filter(id -> !subnets.containsKey(id)).toList();
    List<SubnetFacts> inZone =
        network.subnets().stream()
            .flatMap(id -> Optional.ofNullable(subnets.get(id)).stream())
            .filter(subnet -> subnet.availabilityZone().equals(node.availabilityZone()))
            .toList();
    if (inZone.isEmpty()) {
      return refuse(
          missing.isEmpty() ? RefusalReason.NO_SUBNET_IN_ZONE : RefusalReason.SUBNET_NOT_FOUND,
          missing.isEmpty() ? network.name() : missing.getFirst(),
          missing.isEmpty()
              ? "network %s has no subnet in zone %s, where instance %s is"
                  .formatted(network.name(), node.availabilityZone(), node.instanceId())
              : "network %s has no subnet in zone %s, and its subnet(s) %s don't exist"
                  .formatted(network.name(), node.availabilityZone(), String.join(", ", missing)));
    }
    List<SubnetFacts> inVpc =
        inZone.stream().filter(subnet -> subnet.vpcId().equals(node.vpcId())).toList();
    if (inVpc.isEmpty()) {
      SubnetFacts other = inZone.getFirst();
      return refuse(
          RefusalReason.SUBNET_IN_OTHER_VPC,
          other.subnetId(),
          "subnet %s of network %s is in %s, but instance %s is in %s"
              .formatted(
                  other.subnetId(),
                  network.name(),
                  other.vpcId(),
                  node.instanceId(),
                  node.vpcId()));
    }
    int ipv6 =
        switch (network.ipv6()) {
          case Network.AutoIpv6() ->
              node.limits().ipv6AddressesPerInterface() > 0
                      && inVpc.stream().anyMatch(SubnetFacts::hasIpv6)
                  ? 1
                  : 0;
          case Network.CountedIpv6(int addresses) -> addresses;
        };
    if (ipv6 > node.limits().ipv6AddressesPerInterface()) {
      return refuse(
          RefusalReason.TOO_MANY_ADDRESSES,
          node.limits().instanceType(),
          "network %s asks for %d IPv6 addresses, but instance type %s allows %d per interface"
              .formatted(
                  network.name(),
                  ipv6,
                  node.limits().instanceType(),
                  node.limits().ipv6AddressesPerInterface()));
    }
    List<SubnetFacts> fitting =
        inVpc.stream().filter(subnet -> ipv6 == 0 || subnet.hasIpv6()).toList();
    if (fitting.isEmpty()) {
      return refuse(
          RefusalReason.SUBNET_WITHOUT_IPV6,
          inVpc.getFirst().subnetId(),
          "network %s asks for %d IPv6 address(es), but subnet %s has no IPv6 range"
              .formatted(network.name(), ipv6, inVpc.getFirst().subnetId()));
    }
    if (hasRoom(fitting)) {
      return served(network, slot, generation, roomiestFirst(fitting), ipv6);
    }
    if (network.ipv6() instanceof Network.AutoIpv6 && hasRoom(inVpc)) {
      // Automatic means where it can be had; a node goes without rather than not at all.
      return served(network, slot, generation, roomiestFirst(inVpc), 0);
    }
    return refuse(
        RefusalReason.SUBNET_OUT_OF_ADDRESSES,
        fitting.getFirst().subnetId(),
        "no subnet of network %s in zone %s has a free address: %s"
            .formatted(
                network.name(),
                node.availabilityZone(),
                String.join(", ", fitting.stream().map(SubnetFacts::subnetId).toList())));
  }

  private boolean hasRoom(List<SubnetFacts> fitting) {
    return fitting.stream().anyMatch(subnet -> roomIn(subnet) > 0);
  }

  /** Full ones stay at the end: the counts are minutes old, and a create finds out. */
  private List<SubnetFacts> roomiestFirst(List<SubnetFacts> fitting) {
    return fitting.stream().sorted(comparing(this::roomIn, Comparator.reverseOrder())).toList();
  }

  private SlotDecision served(
      Network network, Slot slot, int generation, List<SubnetFacts> candidates, int ipv6) {
    taken.merge(candidates.getFirst().subnetId(), 1, Integer::sum);
    Set<Setting> settings = EnumSet.of(Setting.DELETE_ON_TERMINATION);
    if (!network.sourceDestCheck()) {
      // A new interface checks; EC2 takes this attribute at no other place than a call of its own.
      settings.add(Setting.SOURCE_DEST_CHECK);
    }
    return new Served(
        new PlannedInterface(
            network,
            slot,
            Optional.empty(),
            candidates,
            ipv6,
            tagsFor(network, slot, generation),
            generation,
            settings));
  }

  private static SlotDecision refuse(RefusalReason reason, String resource, String message) {
    return new Refused(new Refusal(reason, resource, message));
  }

  private int roomIn(SubnetFacts subnet) {
    if (subnet.ipv4Cidr().isEmpty()) {
      // An IPv6-only subnet counts no addresses; nobody has filled one yet.
      return Integer.MAX_VALUE;
    }
    return subnet.freeAddresses() - taken.getOrDefault(subnet.subnetId(), 0);
  }

  /**
   * What has to be set on an interface for it to be right.
   *
   * @param network the network that it serves
   * @param found the interface as it is
   * @param tags the tags that it must carry
   */
  static Set<Setting> deviations(
      Network network, InterfaceFacts found, SortedMap<String, String> tags) {
    Set<Setting> deviations = EnumSet.noneOf(Setting.class);
    if (!found.attachment().map(Attachment::deleteOnTermination).orElse(false)) {
      deviations.add(Setting.DELETE_ON_TERMINATION);
    }
    if (found.sourceDestCheck() != network.sourceDestCheck()) {
      deviations.add(Setting.SOURCE_DEST_CHECK);
    }
    if (!found.securityGroups().equals(network.securityGroups().stream().sorted().toList())) {
      deviations.add(Setting.SECURITY_GROUPS);
    }
    SortedMap<String, String> wanted = new TreeMap<>((Map<String, String>) tags);
    // The generation is the interface's own history; an adopted one may have another than planned.
    wanted.remove(Tags.GENERATION);
    if (!found.tags().entrySet().containsAll(wanted.entrySet())) {
      deviations.add(Setting.TAGS);
    }
    return deviations;
  }

  private SortedMap<String, String> tagsFor(Network network, Slot slot, int generation) {
    SortedMap<String, String> tags = new TreeMap<>((Map<String, String>) network.tags());
    tags.put(Tags.NO_MANAGE, "true");
    tags.put(Tags.NO_MANAGE_PLAIN, "true");
    tags.put(Tags.CLUSTER, cluster);
    tags.put(Tags.NODE_GROUP, group.name());
    tags.put(Tags.INSTANCE, node.instanceId());
    tags.put(Tags.NETWORK, network.name());
    tags.put(Tags.DEVICE_INDEX, Integer.toString(slot.deviceIndex()));
    tags.put(Tags.NETWORK_CARD, Integer.toString(slot.networkCardIndex()));
    tags.put(Tags.GENERATION, Integer.toString(generation));
    return tags;
  }

  /** Only a detached interface in the right zone and network can be attached; any other stays. */
  private boolean canServe(Network network, InterfaceFacts found) {
    SubnetFacts subnet = subnets.get(found.subnetId());
    return found.attachment().isEmpty()
        && found.hasTag(Tags.NETWORK, network.name())
        && network.subnets().contains(found.subnetId())
        && subnet != null
        && subnet.availabilityZone().equals(node.availabilityZone());
  }

  private Predicate<InterfaceFacts> at(Slot slot) {
    return found -> found.slotOn(node.instanceId()).filter(slot::equals).isPresent();
  }

  private boolean isOurs(InterfaceFacts found) {
    return found.hasTag(Tags.CLUSTER, cluster);
  }

  private boolean isOursForThisNode(InterfaceFacts found) {
    return isOurs(found) && found.hasTag(Tags.INSTANCE, node.instanceId());
  }

  private static boolean isTaggedFor(Slot slot, InterfaceFacts found) {
    return found.hasTag(Tags.DEVICE_INDEX, Integer.toString(slot.deviceIndex()))
        && found.hasTag(Tags.NETWORK_CARD, Integer.toString(slot.networkCardIndex()));
  }

  private static int generationOf(InterfaceFacts found) {
    String tagged = found.tags().getOrDefault(Tags.GENERATION, "0");
    // Somebody may have written anything there; a token of generation 0 is found out to be used.
    return tagged.matches("\\d{1,6}") ? Integer.parseInt(tagged) : 0;
  }

  private static String ownerOf(InterfaceFacts found) {
    String cniInstance = found.tags().get(Tags.CNI_INSTANCE);
    if (cniInstance != null) {
      return "the VPC CNI's (tag " + Tags.CNI_INSTANCE + "=" + cniInstance + ")";
    }
    if (found.description().startsWith("aws-K8S-")) {
      return "the VPC CNI's (description " + found.description() + ")";
    }
    String otherCluster = found.tags().get(Tags.CLUSTER);
    if (otherCluster != null) {
      return "cluster " + otherCluster + "'s (tag " + Tags.CLUSTER + ")";
    }
    return found.tags().isEmpty() ? "somebody's who set no tag" : "tagged " + found.tags();
  }
}
