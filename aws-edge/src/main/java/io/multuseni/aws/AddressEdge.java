// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import io.multuseni.core.address.MultusInterface;
import io.multuseni.core.address.SubnetRange;
import io.multuseni.core.config.Tags;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.ip.AddressBlock;
import io.multuseni.core.ip.IpAddress;
import io.multuseni.core.ip.IpAddress.Family;
import io.multuseni.core.node.InstanceLimits;
import io.multuseni.core.node.SubnetFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AttachmentStatus;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceIpv6Address;
import software.amazon.awssdk.services.ec2.model.NetworkInterfacePrivateIpAddress;

/**
 * The calls of the reconcile function: who has which address, and assign, move and release. All of
 * them throw {@link CallFailure} whatever goes wrong.
 */
public final class AddressEdge {
  private final Ec2Calls calls;
  private final Ec2Client ec2;
  private final CallScope scope;

  AddressEdge(Ec2Calls calls) {
    this.calls = calls;
    this.ec2 = calls.ec2();
    this.scope = calls.scope();
  }

  /**
   * Who has an address.
   *
   * @param networkInterfaceId the network interface
   * @param primary whether it is an address that can't be taken away from it
   * @param ours the interface where its tag names our cluster; empty where it is somebody else's
   */
  public record Holder(String networkInterfaceId, boolean primary, Optional<MultusInterface> ours) {
    /** Whether it is ours to change. */
    public boolean isOurs() {
      return ours.isPresent();
    }
  }

  /**
   * Every network interface of a cluster, by id, attached or not.
   *
   * @param cluster value of the tag {@link Tags#CLUSTER}
   */
  public SortedMap<String, MultusInterface> interfaces(String cluster) {
    SortedMap<String, MultusInterface> found = new TreeMap<>();
    for (NetworkInterface one :
        calls.networkInterfaces(Tags.CLUSTER + "=" + cluster, List.of(ofCluster(cluster)))) {
      found.put(one.networkInterfaceId(), toMultus(one));
    }
    return found;
  }

  /** The network interfaces of a cluster that are attached to an instance, by id. */
  public List<MultusInterface> interfacesOf(String cluster, String instanceId) {
    return calls
        .networkInterfaces(
            instanceId,
            List.of(
                Ec2Calls.filter("attachment.instance-id", List.of(instanceId)), ofCluster(cluster)))
        .stream()
        .map(AddressEdge::toMultus)
        .sorted(Comparator.comparing(MultusInterface::networkInterfaceId))
        .toList();
  }

  /** One network interface, whosever it is; empty where EC2 doesn't show it. */
  public Optional<MultusInterface> networkInterface(String networkInterfaceId) {
    return calls
        .networkInterfaces(
            networkInterfaceId,
            List.of(Ec2Calls.filter("network-interface-id", List.of(networkInterfaceId))))
        .stream()
        .map(AddressEdge::toMultus)
        .findFirst();
  }

  private static Filter ofCluster(String cluster) {
    return Ec2Calls.filter("tag:" + Tags.CLUSTER, List.of(cluster));
  }

  /**
   * The address ranges of subnets, from memory where they were read lately; missing ones don't
   * exist.
   */
  public Map<String, SubnetRange> subnets(Collection<String> ids) {
    Map<String, SubnetRange> ranges = new HashMap<>();
    calls.subnets(ids).forEach((id, facts) -> ranges.put(id, toRange(facts)));
    return ranges;
  }

  /**
   * The limits of instance types, from memory where they were read lately; a type that EC2 doesn't
   * know is missing.
   */
  public Map<String, InstanceLimits> limits(Collection<String> instanceTypes) {
    return calls.limits(instanceTypes);
  }

  /**
   * Looks up who has an address.
   *
   * @param cluster the cluster that "ours" means
   * @param subnetId the subnet to look in; empty looks everywhere, where several VPCs may use one
   *     range: then an interface of ours goes before others
   * @param address the address
   * @return empty where no network interface that this account sees has it
   */
  public Optional<Holder> holderOf(String cluster, Optional<String> subnetId, IpAddress address) {
    List<Filter> filters = new ArrayList<>();
    filters.add(
        Ec2Calls.filter(
            address.isIpv6() ? "ipv6-addresses.ipv6-address" : "addresses.private-ip-address",
            List.of(address.toString())));
    subnetId.ifPresent(id -> filters.add(Ec2Calls.filter("subnet-id", List.of(id))));
    return calls.networkInterfaces(address.toString(), filters).stream()
        .map(one -> toHolder(cluster, one, address))
        .min(
            Comparator.comparing((Holder holder) -> !holder.isOurs())
                .thenComparing(Holder::networkInterfaceId));
  }

  private static Holder toHolder(String cluster, NetworkInterface one, IpAddress address) {
    MultusInterface read = toMultus(one);
    boolean ours = cluster.equals(Ec2Calls.toMap(one.tagSet()).get(Tags.CLUSTER));
    return new Holder(
        read.networkInterfaceId(),
        read.primary().contains(address),
        ours ? Optional.of(read) : Optional.empty());
  }

  /**
   * Adds secondary addresses, all or none of them.
   *
   * @param networkInterfaceId gets them
   * @param addresses at least one, all of one family
   * @param allowReassignment whether to take IPv4 addresses away from other network interfaces that
   *     have them as secondary ones; EC2 moves them some time after its answer
   * @throws IllegalArgumentException where the addresses are none or of two families, or where IPv6
   *     addresses are to be reassigned: EC2 has no such move
   */
  public void assign(
      String networkInterfaceId, Collection<IpAddress> addresses, boolean allowReassignment) {
    List<String> texts = texts(addresses);
    String resource = networkInterfaceId + ": " + String.join(", ", texts);
    if (familyOf(addresses) == Family.IPV6) {
      if (allowReassignment) {
        throw new IllegalArgumentException("EC2 can't reassign IPv6 addresses: " + resource);
      }
      scope.call(
          "AssignIpv6Addresses",
          resource,
          settings ->
              ec2.assignIpv6Addresses(request ->
                  request
                      .overrideConfiguration(settings)
                      .networkInterfaceId(networkInterfaceId)
                      .ipv6Addresses(texts)));
    } else {
      scope.call(
          "AssignPrivateIpAddresses",
          resource,
          settings ->
              ec2.assignPrivateIpAddresses(request ->
                  request
                      .overrideConfiguration(settings)
                      .networkInterfaceId(networkInterfaceId)
                      .privateIpAddresses(texts)
                      .allowReassignment(allowReassignment)));
    }
  }

  /**
   * Takes secondary addresses away, all or none of them.
   *
   * @param networkInterfaceId has them
   * @param addresses at least one, all of one family
   * @throws IllegalArgumentException where the addresses are none or of two families
   */
  public void unassign(String networkInterfaceId, Collection<IpAddress> addresses) {
    List<String> texts = texts(addresses);
    String resource = networkInterfaceId + ": " + String.join(", ", texts);
    if (familyOf(addresses) == Family.IPV6) {
      scope.call(
          "UnassignIpv6Addresses",
          resource,
          settings ->
              ec2.unassignIpv6Addresses(request ->
                  request
                      .overrideConfiguration(settings)
                      .networkInterfaceId(networkInterfaceId)
                      .ipv6Addresses(texts)));
    } else {
      scope.call(
          "UnassignPrivateIpAddresses",
          resource,
          settings ->
              ec2.unassignPrivateIpAddresses(request ->
                  request
                      .overrideConfiguration(settings)
                      .networkInterfaceId(networkInterfaceId)
                      .privateIpAddresses(texts)));
    }
  }

  private static List<String> texts(Collection<IpAddress> addresses) {
    return new TreeSet<>(addresses).stream().map(IpAddress::toString).toList();
  }

  private static Family familyOf(Collection<IpAddress> addresses) {
    List<Family> families = addresses.stream().map(IpAddress::family).distinct().toList();
    if (families.size() != 1) {
      throw new IllegalArgumentException(
          "one call takes addresses of one family, and at least one: " + addresses);
    }
    return families.getFirst();
  }

  private static MultusInterface toMultus(NetworkInterface one) {
    String id = one.networkInterfaceId();
    SortedSet<IpAddress> primary = new TreeSet<>();
    SortedSet<IpAddress> secondary = new TreeSet<>();
    if (one.privateIpAddress() != null) {
      primary.add(address(id, one.privateIpAddress()));
    }
    for (NetworkInterfacePrivateIpAddress ip : one.privateIpAddresses()) {
      IpAddress read = address(id, ip.privateIpAddress());
      if (Boolean.TRUE.equals(ip.primary())) {
        primary.add(read);
      } else {
        secondary.add(read);
      }
    }
    for (NetworkInterfaceIpv6Address ip : one.ipv6Addresses()) {
      IpAddress read = address(id, ip.ipv6Address());
      if (Boolean.TRUE.equals(ip.isPrimaryIpv6())) {
        primary.add(read);
      } else {
        secondary.add(read);
      }
    }
    secondary.removeAll(primary);
    return new MultusInterface(
        id,
        one.subnetId(),
        Optional.ofNullable(one.macAddress()).orElse("").toLowerCase(Locale.ROOT),
        Optional.ofNullable(Ec2Calls.toMap(one.tagSet()).get(Tags.NODE_GROUP)).orElse(""),
        placeOf(one),
        primary,
        secondary);
  }

  private static Optional<MultusInterface.Place> placeOf(NetworkInterface one) {
    return Optional.ofNullable(one.attachment())
        .filter(attachment ->
            attachment.status() == AttachmentStatus.ATTACHED
                || attachment.status() == AttachmentStatus.ATTACHING)
        .filter(attachment -> attachment.instanceId() != null && attachment.deviceIndex() != null)
        .map(attachment ->
            new MultusInterface.Place(
                attachment.instanceId(),
                Ec2Calls.slotOf(attachment.networkCardIndex(), attachment.deviceIndex())));
  }

  private static SubnetRange toRange(SubnetFacts subnet) {
    return new SubnetRange(
        subnet.subnetId(),
        Stream.concat(Stream.of(subnet.ipv4Cidr()), subnet.ipv6Cidrs().stream())
            .filter(cidr -> !cidr.isEmpty())
            .map(cidr ->
                AddressBlock.parse(cidr)
                    .orElseThrow(() ->
                        unreadable("DescribeSubnets", subnet.subnetId(), "CIDR block " + cidr)))
            .toList());
  }

  private static IpAddress address(String networkInterfaceId, String text) {
    return IpAddress.parse(text)
        .orElseThrow(
            () -> unreadable("DescribeNetworkInterfaces", networkInterfaceId, "address " + text));
  }

  private static CallFailure unreadable(String action, String resource, String what) {
    return new CallFailure(
        ErrorMeaning.INVALID,
        action,
        resource,
        "UnreadableAnswer",
        "the answer has the " + what + ", which is none",
        null);
  }
}
