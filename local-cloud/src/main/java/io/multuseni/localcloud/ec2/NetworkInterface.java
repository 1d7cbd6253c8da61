// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** An elastic network interface. */
final class NetworkInterface extends Resource {
  final Subnet subnet;
  final String mac;
  final String interfaceType;
  final Instant createdAt;
  final Instant visibleAt;
  String description;
  boolean sourceDestCheck = true;
  boolean requesterManaged;
  List<SecurityGroup> groups;

  /** The first one is the primary address. */
  final List<Ip> ipv4 = new ArrayList<>();

  final List<Ip> ipv6 = new ArrayList<>();

  /** One of the IPv6 addresses, which then stays until the interface is detached. */
  Optional<Ip> primaryIpv6 = Optional.empty();

  /** What describes still show, oldest first: each state that a change has ended. */
  private final Deque<OldAddresses> shownStill = new ArrayDeque<>();

  Optional<Attachment> attachment = Optional.empty();

  NetworkInterface(
      String id,
      long serial,
      Subnet subnet,
      String mac,
      String interfaceType,
      String description,
      List<SecurityGroup> groups,
      Instant createdAt,
      Instant visibleAt) {
    super(id, serial);
    this.subnet = subnet;
    this.mac = mac;
    this.interfaceType = interfaceType;
    this.description = description;
    this.groups = List.copyOf(groups);
    this.createdAt = createdAt;
    this.visibleAt = visibleAt;
  }

  /**
   * EC2 shows an interface as {@code in-use} from the attach call on, while its attachment is still
   * {@code attaching}.
   */
  String status() {
    return attachment.isPresent() ? "in-use" : "available";
  }

  boolean has(Ip ip) {
    return (ip.v6() ? ipv6 : ipv4).contains(ip);
  }

  /** Whether it is an address of this interface that can't be taken away. */
  boolean isPrimary(Ip ip) {
    return ip.v6() ? primaryIpv6.filter(ip::equals).isPresent() : ipv4.getFirst().equals(ip);
  }

  /** Lets describes show the addresses as they are now until then, whatever changes meanwhile. */
  void keepShowingAddresses(Instant now, Instant until) {
    shownStill.removeIf(old -> !now.isBefore(old.until()));
    if (now.isBefore(until)) {
      shownStill.addLast(new OldAddresses(List.copyOf(ipv4), List.copyOf(ipv6), until));
    }
  }

  List<Ip> shownIpv4(Instant now) {
    return shown(now).map(OldAddresses::ipv4).orElse(ipv4);
  }

  List<Ip> shownIpv6(Instant now) {
    return shown(now).map(OldAddresses::ipv6).orElse(ipv6);
  }

  private Optional<OldAddresses> shown(Instant now) {
    return shownStill.stream().filter(old -> now.isBefore(old.until())).findFirst();
  }

  private record OldAddresses(List<Ip> ipv4, List<Ip> ipv6, Instant until) {}

  /** Off its instance; AWS keeps a primary IPv6 address only until then. */
  void detached() {
    attachment = Optional.empty();
    primaryIpv6 = Optional.empty();
  }

  boolean isOn(String instanceId) {
    return attachment.filter(a -> a.instanceId.equals(instanceId)).isPresent();
  }

  InterfaceView view(Instant now) {
    return new InterfaceView(
        id,
        subnet.id,
        subnet.vpcId,
        subnet.zone,
        description,
        interfaceType,
        status(),
        mac,
        sourceDestCheck,
        groups.stream().map(g -> g.id).toList(),
        Collections.unmodifiableMap(new TreeMap<>(tags)),
        ipv4.getFirst().toString(),
        ipv4.stream().skip(1).map(Ip::toString).toList(),
        ipv6.stream().map(Ip::toString).toList(),
        primaryIpv6.map(Ip::toString),
        attachment.map(a ->
            new AttachmentView(
                a.id,
                a.instanceId,
                a.card,
                a.device,
                a.status(now),
                a.deleteOnTermination,
                a.attachTime)),
        requesterManaged,
        createdAt);
  }
}
