// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import io.multuseni.localcloud.wire.ApiError;
import io.multuseni.localcloud.wire.Ec2Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The rules of EC2 for interfaces. Every action checks everything first and changes something only
 * then, so that a refused call and a dry run leave no trace.
 */
final class InterfaceActions {
  /** Tags per resource (EC2 user guide, tag restrictions). */
  private static final int MAX_TAGS = 50;

  private static final Set<String> CREATABLE_TYPES =
      Set.of("interface", "efa", "efa-only", "trunk");

  private final Ec2World world;
  private final Map<String, SeenToken> tokens = new HashMap<>();

  InterfaceActions(Ec2World world) {
    this.world = world;
  }

  /** A new interface, visible from {@code visibleAt} on, still without addresses. */
  NetworkInterface make(
      Subnet subnet,
      String description,
      String interfaceType,
      List<String> groupIds,
      Instant visibleAt) {
    NetworkInterface eni =
        new NetworkInterface(
            world.ids.next("eni-"),
            world.nextSerial(),
            subnet,
            world.ids.nextMac(),
            interfaceType,
            description,
            groupsFor(subnet, groupIds),
            world.clock.now(),
            visibleAt);
    world.interfaces.put(eni.id, eni);
    return eni;
  }

  /**
   * Creates an interface, or finds the one that an earlier call with the same token created: that
   * one is the answer for good, even after somebody has deleted it.
   */
  NetworkInterface create(Ec2Action.CreateNetworkInterface call, boolean dryRun) {
    Optional<SeenToken> seen = call.clientToken().map(tokens::get);
    if (seen.isPresent()) {
      if (!seen.get().fingerprint().equals(call.fingerprint())) {
        throw Ec2Errors.tokenMismatch();
      }
      return seen.get().result();
    }
    if (call.clientToken().filter(t -> t.length() > 64).isPresent()) {
      throw ApiError.of("InvalidParameterValue", "The client token is longer than 64 characters.");
    }
    Subnet subnet = world.subnetOf(call.subnetId());
    groupsFor(subnet, call.groupIds());
    if (!CREATABLE_TYPES.contains(call.interfaceType())) {
      throw ApiError.of(
          "InvalidParameterValue",
          "Value (" + call.interfaceType() + ") for parameter interfaceType is invalid.");
    }
    if (call.secondaryCount().isPresent() && !call.secondaryAddresses().isEmpty()) {
      throw Ec2Errors.combination("SecondaryPrivateIpAddressCount", "PrivateIpAddresses");
    }
    if (call.ipv6Count().isPresent() && !call.ipv6Addresses().isEmpty()) {
      throw Ec2Errors.combination("Ipv6AddressCount", "Ipv6Addresses");
    }
    if (call.enablePrimaryIpv6()
        && call.ipv6Addresses().isEmpty()
        && call.ipv6Count().orElse(0) == 0) {
      throw Ec2Errors.primaryIpv6WithoutAddress();
    }
    checkTags(Map.of(), call.tags());
    Set<Ip> explicit = new LinkedHashSet<>();
    call.primaryAddress().ifPresent(a -> explicit.add(Ip.parse(a)));
    call.secondaryAddresses().forEach(a -> explicit.add(Ip.parse(a)));
    Set<Ip> explicit6 = new LinkedHashSet<>();
    call.ipv6Addresses().forEach(a -> explicit6.add(Ip.parse(a)));
    for (Set<Ip> family : List.of(explicit, explicit6)) {
      for (Ip ip : family) {
        subnet.checkUsable(ip);
        if (subnet.holder(ip).isPresent()) {
          throw Ec2Errors.addressInUse();
        }
      }
    }
    Set<Ip> chosen = new LinkedHashSet<>();
    if (call.primaryAddress().isEmpty()) {
      chosen.add(subnet.pick(false, explicit, world.random));
    }
    chosen.addAll(explicit);
    pickInto(chosen, subnet, false, call.secondaryCount());
    Set<Ip> chosen6 = new LinkedHashSet<>(explicit6);
    pickInto(chosen6, subnet, true, call.ipv6Count());
    stopIf(dryRun);

    NetworkInterface eni =
        make(
            subnet,
            call.description(),
            call.interfaceType(),
            call.groupIds(),
            world.clock.now().plus(world.options.get().visibilityDelay()));
    eni.tags.putAll(call.tags());
    give(eni, chosen);
    give(eni, chosen6);
    if (call.enablePrimaryIpv6()) {
      eni.primaryIpv6 = Optional.of(eni.ipv6.getFirst());
    }
    call.clientToken()
        .ifPresent(token -> tokens.put(token, new SeenToken(call.fingerprint(), eni)));
    return eni;
  }

  Attachment attach(String interfaceId, String instanceId, int device, int card, boolean dryRun) {
    NetworkInterface eni = world.interfaceOf(interfaceId);
    Instance instance = world.instanceOf(instanceId);
    boolean running = instance.state == Instance.State.RUNNING;
    if (!running && instance.state != Instance.State.STOPPED) {
      throw Ec2Errors.instanceState(instanceId, instance.state.text);
    }
    if (!eni.subnet.zone.equals(instance.subnet.zone)) {
      throw Ec2Errors.zoneMismatch();
    }
    if (eni.attachment.isPresent()) {
      throw Ec2Errors.interfaceInUse(interfaceId);
    }
    if (running && eni.interfaceType.startsWith("efa")) {
      throw Ec2Errors.instanceState(instanceId, instance.state.text);
    }
    checkSlot(instance, card, device);
    if (eni.ipv4.size() > instance.type.ipv4PerInterface()
        || eni.ipv6.size() > instance.type.ipv6PerInterface()) {
      throw Ec2Errors.addressLimit();
    }
    stopIf(dryRun);

    Instant now = world.clock.now();
    Attachment attachment =
        new Attachment(
            world.ids.next("eni-attach-"),
            instanceId,
            card,
            device,
            now,
            now.plus(world.options.get().attachTime()),
            false);
    eni.attachment = Optional.of(attachment);
    return attachment;
  }

  /** A slot is a device index on a network card; the limit of the type is per card. */
  private void checkSlot(Instance instance, int card, int device) {
    List<Integer> cards = instance.type.interfacesPerCard();
    String type = instance.type.name();
    if (card < 0 || card >= cards.size()) {
      throw Ec2Errors.noSuchCard(card, type);
    }
    int onCard = 0;
    for (NetworkInterface other : world.on(instance.id)) {
      Attachment attachment = other.attachment.orElseThrow();
      if (attachment.card == card) {
        onCard++;
        if (attachment.device == device) {
          throw Ec2Errors.indexOccupied(instance.id, device);
        }
      }
    }
    if (onCard >= cards.get(card)) {
      throw Ec2Errors.attachmentLimit(onCard + 1, type);
    }
    if (device < 0 || device >= cards.get(card)) {
      throw Ec2Errors.noSuchDevice(device, card, type);
    }
  }

  void detach(Ec2Action.DetachNetworkInterface call, boolean dryRun) {
    if (!Ids.isWellFormed("eni-attach-", call.attachmentId())) {
      throw Ec2Errors.malformed(
          "InvalidNetworkInterfaceAttachmentId.Malformed", call.attachmentId(), "eni-attach-");
    }
    NetworkInterface eni =
        world.interfaces.values().stream()
            .filter(e -> e.attachment.filter(a -> a.id.equals(call.attachmentId())).isPresent())
            .findFirst()
            .orElseThrow(() -> Ec2Errors.attachmentNotFound(call.attachmentId()));
    Attachment attachment = eni.attachment.orElseThrow();
    if (eni.requesterManaged) {
      throw Ec2Errors.notYours();
    }
    if (attachment.card == 0 && attachment.device == 0) {
      throw Ec2Errors.detachPrimary();
    }
    Instance instance = world.instanceOf(attachment.instanceId);
    if (instance.state == Instance.State.PENDING) {
      throw Ec2Errors.instanceState(instance.id, instance.state.text);
    }
    stopIf(dryRun);

    if (attachment.detachedAt.isEmpty()) {
      attachment.detachedAt = Optional.of(world.clock.now().plus(world.options.get().detachTime()));
      world.settle();
    }
  }

  void modify(Ec2Action.ModifyNetworkInterfaceAttribute call, boolean dryRun) {
    NetworkInterface eni = world.interfaceOf(call.networkInterfaceId());
    List<String> attributes = new ArrayList<>();
    call.description().ifPresent(d -> attributes.add("description"));
    call.sourceDestCheck().ifPresent(s -> attributes.add("sourceDestCheck"));
    if (!call.groupIds().isEmpty()) {
      attributes.add("groupSet");
    }
    if (call.attachmentId().isPresent() || call.deleteOnTermination().isPresent()) {
      attributes.add("attachment");
    }
    if (attributes.isEmpty()) {
      throw ApiError.of("InvalidParameterCombination", "No attributes specified.");
    }
    if (attributes.size() > 1) {
      throw ApiError.of(
          "InvalidParameterCombination",
          "Fields for multiple attribute types specified: " + String.join(", ", attributes));
    }
    List<SecurityGroup> groups = groupsFor(eni.subnet, call.groupIds());
    Optional<Attachment> attachment = Optional.empty();
    if (attributes.contains("attachment")) {
      String id =
          call.attachmentId().orElseThrow(() -> Ec2Errors.missing("Attachment.AttachmentId"));
      attachment = eni.attachment.filter(a -> a.id.equals(id));
      if (attachment.isEmpty()) {
        throw Ec2Errors.attachmentNotFound(id);
      }
    }
    stopIf(dryRun);

    call.description().ifPresent(d -> eni.description = d);
    call.sourceDestCheck().ifPresent(s -> eni.sourceDestCheck = s);
    if (!call.groupIds().isEmpty()) {
      eni.groups = groups;
    }
    attachment.ifPresent(
        a -> a.deleteOnTermination = call.deleteOnTermination().orElse(a.deleteOnTermination));
  }

  void delete(Ec2Action.DeleteNetworkInterface call, boolean dryRun) {
    NetworkInterface eni = world.interfaceOf(call.networkInterfaceId());
    if (eni.attachment.isPresent()) {
      throw Ec2Errors.deleteInUse(eni.id);
    }
    stopIf(dryRun);
    world.remove(eni);
  }

  void createTags(Ec2Action.CreateTags call, boolean dryRun) {
    List<Resource> resources = call.resourceIds().stream().map(world::resourceOf).toList();
    if (call.tags().isEmpty()) {
      throw Ec2Errors.missing("Tag");
    }
    resources.forEach(r -> checkTags(r.tags, call.tags()));
    stopIf(dryRun);
    resources.forEach(r -> r.tags.putAll(call.tags()));
  }

  void deleteTags(Ec2Action.DeleteTags call, boolean dryRun) {
    List<Resource> resources = call.resourceIds().stream().map(world::resourceOf).toList();
    stopIf(dryRun);
    for (Resource resource : resources) {
      if (call.tags().isEmpty()) {
        resource.tags.keySet().removeIf(k -> !k.startsWith("aws:"));
      }
      call.tags()
          .forEach((key, value) -> {
            if (value.isEmpty() || value.equals(Optional.ofNullable(resource.tags.get(key)))) {
              resource.tags.remove(key);
            }
          });
    }
  }

  /** Returns the addresses that the call has put onto the interface. */
  List<Ip> assignIpv4(Ec2Action.AssignPrivateIpAddresses call, boolean dryRun) {
    NetworkInterface eni = world.interfaceOf(call.networkInterfaceId());
    checkEither(
        call.addresses(), "PrivateIpAddress", call.count(), "SecondaryPrivateIpAddressCount");
    Set<Ip> wanted = new LinkedHashSet<>();
    List<String> held = new ArrayList<>();
    List<String> primaries = new ArrayList<>();
    for (String text : call.addresses()) {
      Ip ip = Ip.parse(text);
      eni.subnet.checkUsable(ip);
      wanted.add(ip);
      Optional<String> holder = eni.subnet.holder(ip);
      if (holder.isPresent() && !holder.get().equals(eni.id)) {
        NetworkInterface other = world.interfaces.get(holder.get());
        if (!call.allowReassignment() || other == null) {
          held.add(text);
        } else if (other.isPrimary(ip)) {
          primaries.add(text);
        }
      }
    }
    if (!held.isEmpty()) {
      throw Ec2Errors.moveNotAllowed(held);
    }
    if (!primaries.isEmpty()) {
      throw Ec2Errors.primaryCannotMove(primaries);
    }
    wanted.removeAll(eni.ipv4);
    checkLimit(eni, wanted.size() + call.count().orElse(0), false);
    pickInto(wanted, eni.subnet, false, call.count());
    stopIf(dryRun);

    move(eni, wanted);
    return List.copyOf(wanted);
  }

  /** Addresses change hands without a caller, but never a primary one. */
  void giveByHand(NetworkInterface eni, Set<Ip> addresses) {
    for (Ip ip : addresses) {
      if (eni.subnet
          .holder(ip)
          .map(world.interfaces::get)
          .filter(e -> e.isPrimary(ip))
          .isPresent()) {
        throw new IllegalArgumentException(ip + " is a primary address");
      }
    }
    Set<Ip> missing = new LinkedHashSet<>(addresses);
    missing.removeIf(eni::has);
    move(eni, missing);
  }

  private void move(NetworkInterface eni, Set<Ip> addresses) {
    Map<NetworkInterface, Set<Ip>> losers = new LinkedHashMap<>();
    for (Ip ip : addresses) {
      eni.subnet
          .holder(ip)
          .map(world.interfaces::get)
          .ifPresent(other -> losers.computeIfAbsent(other, o -> new LinkedHashSet<>()).add(ip));
    }
    losers.forEach(this::take);
    showLate(eni);
    give(eni, addresses);
  }

  void take(NetworkInterface eni, Set<Ip> addresses) {
    showLate(eni);
    eni.ipv4.removeAll(addresses);
    eni.ipv6.removeAll(addresses);
    addresses.forEach(eni.subnet::release);
  }

  private void showLate(NetworkInterface eni) {
    Instant now = world.clock.now();
    eni.keepShowingAddresses(now, now.plus(world.options.get().addressLag()));
  }

  void unassignIpv4(Ec2Action.UnassignPrivateIpAddresses call, boolean dryRun) {
    NetworkInterface eni = world.interfaceOf(call.networkInterfaceId());
    Set<Ip> going = new LinkedHashSet<>();
    call.addresses().forEach(a -> going.add(Ip.parse(a)));
    if (!eni.ipv4.containsAll(going)) {
      throw Ec2Errors.notAssigned(eni.id);
    }
    if (going.stream().anyMatch(eni::isPrimary)) {
      throw Ec2Errors.unassignPrimary();
    }
    stopIf(dryRun);
    take(eni, going);
  }

  /** Returns the addresses that the call has put onto the interface. */
  List<Ip> assignIpv6(Ec2Action.AssignIpv6Addresses call, boolean dryRun) {
    NetworkInterface eni = world.interfaceOf(call.networkInterfaceId());
    checkEither(call.addresses(), "Ipv6Addresses", call.count(), "Ipv6AddressCount");
    Set<Ip> wanted = new LinkedHashSet<>();
    for (String text : call.addresses()) {
      Ip ip = Ip.parse(text);
      eni.subnet.checkUsable(ip);
      // There is no reassignment of IPv6 addresses; the code is that of IPv4. What AWS says to an
      // address that the interface has already is not known: the stricter answer is the safer one.
      if (eni.subnet.holder(ip).isPresent()) {
        throw Ec2Errors.addressInUse();
      }
      wanted.add(ip);
    }
    checkLimit(eni, wanted.size() + call.count().orElse(0), true);
    pickInto(wanted, eni.subnet, true, call.count());
    stopIf(dryRun);
    showLate(eni);
    give(eni, wanted);
    return List.copyOf(wanted);
  }

  /** Returns the addresses that the call has taken off the interface. */
  List<Ip> unassignIpv6(Ec2Action.UnassignIpv6Addresses call, boolean dryRun) {
    NetworkInterface eni = world.interfaceOf(call.networkInterfaceId());
    Set<Ip> going = new LinkedHashSet<>();
    call.addresses().forEach(a -> going.add(Ip.parse(a)));
    if (!eni.ipv6.containsAll(going)) {
      throw Ec2Errors.notAssigned(eni.id);
    }
    if (going.stream().anyMatch(eni::isPrimary)) {
      throw Ec2Errors.unassignPrimary();
    }
    stopIf(dryRun);
    take(eni, going);
    return List.copyOf(going);
  }

  CidrReservation reserve(Ec2Action.CreateSubnetCidrReservation call, boolean dryRun) {
    Subnet subnet = world.subnetOf(call.subnetId());
    Cidr cidr = Cidr.parse(call.cidr());
    boolean explicit = call.reservationType().equals("explicit");
    if (!explicit && !call.reservationType().equals("prefix")) {
      throw ApiError.of(
          "InvalidParameterValue",
          "Value (" + call.reservationType() + ") for parameter reservationType is invalid.");
    }
    Cidr block = cidr.v6() ? subnet.ipv6Block() : subnet.cidr;
    // The texts of the next two are our own.
    if (!block.contains(cidr)) {
      throw ApiError.of(
          "InvalidParameterValue", cidr + " is not within the subnet's CIDR block " + block);
    }
    if (subnet.reservations.stream().anyMatch(r -> r.cidr.overlaps(cidr))) {
      throw ApiError.of(
          "InvalidParameterValue", cidr + " overlaps with another CIDR reservation of the subnet");
    }
    checkTags(Map.of(), call.tags());
    stopIf(dryRun);
    CidrReservation reservation =
        new CidrReservation(
            world.ids.next("scr-"), world.nextSerial(), cidr, explicit, call.description());
    reservation.tags.putAll(call.tags());
    subnet.reservations.add(reservation);
    return reservation;
  }

  private void pickInto(Set<Ip> chosen, Subnet subnet, boolean v6, OptionalInt count) {
    for (int i = 0; i < count.orElse(0); i++) {
      chosen.add(subnet.pick(v6, chosen, world.random));
    }
  }

  private static void give(NetworkInterface eni, Set<Ip> addresses) {
    for (Ip ip : addresses) {
      (ip.v6() ? eni.ipv6 : eni.ipv4).add(ip);
      eni.subnet.hold(ip, eni.id);
    }
  }

  /** The limit is that of the instance's type, so it is known only for an attached interface. */
  private void checkLimit(NetworkInterface eni, int more, boolean v6) {
    eni.attachment.ifPresent(a -> {
      InstanceTypeInfo type = world.instanceOf(a.instanceId).type;
      int has = v6 ? eni.ipv6.size() : eni.ipv4.size();
      if (has + more > (v6 ? type.ipv6PerInterface() : type.ipv4PerInterface())) {
        throw Ec2Errors.addressLimit();
      }
    });
  }

  private static void checkEither(
      List<String> list, String listName, OptionalInt count, String countName) {
    if (!list.isEmpty() && count.isPresent()) {
      throw Ec2Errors.combination(listName, countName);
    }
    if (list.isEmpty() && count.isEmpty()) {
      throw Ec2Errors.missing(listName);
    }
  }

  private List<SecurityGroup> groupsFor(Subnet subnet, List<String> groupIds) {
    if (groupIds.isEmpty()) {
      return world.groups.values().stream()
          .filter(g -> g.vpcId.equals(subnet.vpcId) && g.name.equals("default"))
          .toList();
    }
    List<SecurityGroup> groups = groupIds.stream().map(world::groupOf).toList();
    if (groups.stream().anyMatch(g -> !g.vpcId.equals(subnet.vpcId))) {
      throw Ec2Errors.differentNetworks();
    }
    return groups;
  }

  /** Limits of the EC2 user guide, tag restrictions; {@code aws:} tags don't count. */
  private static void checkTags(Map<String, String> present, Map<String, String> added) {
    for (Map.Entry<String, String> tag : added.entrySet()) {
      if (tag.getKey().startsWith("aws:")) {
        throw ApiError.of(
            "InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use");
      }
      if (tag.getKey().length() > 128 || tag.getValue().length() > 256) {
        throw ApiError.of(
            "InvalidParameterValue", "Tag '" + tag.getKey() + "' is too long: 128 and 256 at most");
      }
    }
    Set<String> keys = new LinkedHashSet<>(present.keySet());
    keys.removeIf(k -> k.startsWith("aws:"));
    keys.addAll(added.keySet());
    if (keys.size() > MAX_TAGS) {
      throw Ec2Errors.tagLimit();
    }
  }

  private static void stopIf(boolean dryRun) {
    if (dryRun) {
      throw Ec2Errors.dryRun();
    }
  }

  /** The interface is kept here even when it is deleted: EC2 repeats its first answer. */
  private record SeenToken(Map<String, String> fingerprint, NetworkInterface result) {}
}
