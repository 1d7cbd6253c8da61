// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import io.multuseni.localcloud.wire.Xml;
import java.time.Instant;
import java.util.List;

/** Writes resources as EC2 does, element by element as in its API reference. */
final class Ec2Xml {
  private final Ec2Options options;
  private final Instant now;

  Ec2Xml(Ec2Options options, Instant now) {
    this.options = options;
    this.now = now;
  }

  void networkInterface(Xml x, NetworkInterface eni) {
    interfaceBasics(x, eni);
    x.text("availabilityZone", eni.subnet.zone)
        .text("availabilityZoneId", zoneId(eni.subnet.zone))
        .text("requesterManaged", eni.requesterManaged)
        .tagSet(eni.tags);
    eni.attachment.ifPresent(a ->
        x.element(
            "attachment",
            e -> {
              attachment(e, a);
              e.text("instanceId", a.instanceId).text("instanceOwnerId", options.account());
            }));
  }

  void instance(Xml x, Instance instance, List<NetworkInterface> interfaces) {
    x.text("instanceId", instance.id)
        .text("imageId", "ami-00000000000000000")
        .element("instanceState", s -> state(s, instance.state))
        .text("reason", "")
        .text("instanceType", instance.type.name())
        .text("launchTime", instance.launchTime)
        .element(
            "placement",
            p ->
                p.text("availabilityZone", instance.subnet.zone)
                    .text("availabilityZoneId", zoneId(instance.subnet.zone))
                    .text("tenancy", "default"))
        .tagSet(instance.tags);
    if (instance.state != Instance.State.TERMINATED) {
      x.text("subnetId", instance.subnet.id).text("vpcId", instance.subnet.vpcId);
      interfaces.stream()
          .findFirst()
          .ifPresent(primary -> {
            Ip address = primary.ipv4.getFirst();
            x.text("privateIpAddress", address).text("privateDnsName", dnsName(address));
          });
    }
    x.items(
        "networkInterfaceSet",
        interfaces,
        (e, eni) -> {
          interfaceBasics(e, eni);
          eni.attachment.ifPresent(a -> e.element("attachment", at -> attachment(at, a)));
        });
  }

  static void state(Xml x, Instance.State state) {
    x.text("code", state.code).text("name", state.text);
  }

  private void interfaceBasics(Xml x, NetworkInterface eni) {
    x.text("networkInterfaceId", eni.id)
        .text("subnetId", eni.subnet.id)
        .text("vpcId", eni.subnet.vpcId)
        .text("description", eni.description)
        .text("ownerId", options.account())
        .text("status", eni.status())
        .text("macAddress", eni.mac)
        .text("privateIpAddress", eni.ipv4.getFirst())
        .text("privateDnsName", dnsName(eni.ipv4.getFirst()))
        .text("sourceDestCheck", eni.sourceDestCheck)
        .text("interfaceType", eni.interfaceType)
        .items(
            "groupSet",
            eni.groups,
            (e, group) -> e.text("groupId", group.id).text("groupName", group.name))
        .items(
            "privateIpAddressesSet",
            eni.shownIpv4(now),
            (e, ip) ->
                e.text("privateIpAddress", ip)
                    .text("privateDnsName", dnsName(ip))
                    .text("primary", ip.equals(eni.ipv4.getFirst())))
        .items(
            "ipv6AddressesSet",
            eni.shownIpv6(now),
            (e, ip) -> e.text("ipv6Address", ip).text("isPrimaryIpv6", eni.isPrimary(ip)));
  }

  private void attachment(Xml x, Attachment a) {
    x.text("attachmentId", a.id)
        .text("deviceIndex", a.device)
        .text("networkCardIndex", a.card)
        .text("status", a.status(now))
        .text("attachTime", a.attachTime)
        .text("deleteOnTermination", a.deleteOnTermination);
  }

  void instanceType(Xml x, InstanceTypeInfo type) {
    x.text("instanceType", type.name()).text("bareMetal", type.bareMetal());
    if (!type.bareMetal()) {
      x.text("hypervisor", "nitro");
    }
    x.element("vCpuInfo", v -> v.text("defaultVCpus", type.vcpus()))
        .element("memoryInfo", m -> m.text("sizeInMiB", type.memoryMib()))
        .element("networkInfo", n -> networkInfo(n, type));
  }

  private static void networkInfo(Xml x, InstanceTypeInfo type) {
    List<Integer> cards = type.interfacesPerCard();
    x.text("maximumNetworkInterfaces", type.maximumNetworkInterfaces())
        .text("maximumNetworkCards", cards.size())
        .text("defaultNetworkCardIndex", 0)
        .element(
            "networkCards",
            list -> {
              for (int i = 0; i < cards.size(); i++) {
                int card = i;
                list.element(
                    "item",
                    c ->
                        c.text("networkCardIndex", card)
                            .text("maximumNetworkInterfaces", cards.get(card)));
              }
            })
        .text("ipv4AddressesPerInterface", type.ipv4PerInterface())
        .text("ipv6AddressesPerInterface", type.ipv6PerInterface())
        .text("ipv6Supported", true)
        .text("enaSupport", "required")
        .text("efaSupported", cards.size() > 1);
  }

  void subnet(Xml x, Subnet subnet) {
    x.text("subnetId", subnet.id)
        .text(
            "subnetArn",
            "arn:aws:ec2:" + options.region() + ":" + options.account() + ":subnet/" + subnet.id)
        .text("state", "available")
        .text("vpcId", subnet.vpcId)
        .text("ownerId", options.account())
        .text("cidrBlock", subnet.cidr)
        .text("availableIpAddressCount", subnet.availableIpAddressCount())
        .text("availabilityZone", subnet.zone)
        .text("availabilityZoneId", zoneId(subnet.zone))
        .text("defaultForAz", false)
        .text("mapPublicIpOnLaunch", false)
        .text("assignIpv6AddressOnCreation", false)
        .text("ipv6Native", false)
        .items(
            "ipv6CidrBlockAssociationSet",
            subnet.ipv6Cidr.stream().toList(),
            (e, cidr) ->
                e.text("associationId", subnet.id.replace("subnet-", "subnet-cidr-assoc-"))
                    .text("ipv6CidrBlock", cidr)
                    .element("ipv6CidrBlockState", s -> s.text("state", "associated")))
        .tagSet(subnet.tags);
  }

  void securityGroup(Xml x, SecurityGroup group) {
    x.text("groupId", group.id)
        .text("groupName", group.name)
        .text("groupDescription", group.name)
        .text("ownerId", options.account())
        .text("vpcId", group.vpcId)
        .tagSet(group.tags);
  }

  void reservation(Xml x, CidrReservation reservation, Subnet subnet) {
    x.text("subnetCidrReservationId", reservation.id)
        .text("subnetId", subnet.id)
        .text("cidr", reservation.cidr)
        .text("reservationType", reservation.type())
        .text("ownerId", options.account())
        .text("description", reservation.description)
        .tagSet(reservation.tags);
  }

  /** The id that {@code us-east-1a} has here is {@code use1-az1}; in AWS it differs per account. */
  static String zoneId(String zone) {
    String[] parts = zone.split("-", -1);
    if (parts.length != 3 || parts[2].length() < 2) {
      return zone;
    }
    char letter = parts[2].charAt(parts[2].length() - 1);
    return parts[0]
        + parts[1].charAt(0)
        + parts[2].substring(0, parts[2].length() - 1)
        + "-az"
        + (letter - 'a' + 1);
  }

  private String dnsName(Ip ip) {
    String domain =
        options.region().equals("us-east-1")
            ? "ec2.internal"
            : options.region() + ".compute.internal";
    return "ip-" + ip.toString().replace('.', '-') + "." + domain;
  }
}
