// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
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
