// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A call to EC2 as data, one record per action that this endpoint models. Components carry the
 * names and meanings of the EC2 API reference.
 */
public sealed interface Ec2Action {

  /** Instances by id or filter. */
  record DescribeInstances(Selection selection) implements Ec2Action {}

  /** Instance types by name or filter. */
  record DescribeInstanceTypes(Selection selection) implements Ec2Action {}

  /** Subnets by id or filter. */
  record DescribeSubnets(Selection selection) implements Ec2Action {}

  /** Security groups by id or filter. */
  record DescribeSecurityGroups(Selection selection) implements Ec2Action {}

  /** Interfaces by id or filter. */
  record DescribeNetworkInterfaces(Selection selection) implements Ec2Action {}

  /**
   * A new interface.
   *
   * @param primaryAddress an explicit primary IPv4 address
   * @param secondaryAddresses explicit secondary IPv4 addresses
   * @param secondaryCount secondary IPv4 addresses to choose
   * @param enablePrimaryIpv6 whether the first IPv6 address becomes the primary one
   * @param clientToken makes the call idempotent
   * @param fingerprint all parameters that a repeated token must repeat
   */
  record CreateNetworkInterface(
      String subnetId,
      String description,
      Optional<String> primaryAddress,
      List<String> secondaryAddresses,
      OptionalInt secondaryCount,
      List<String> ipv6Addresses,
      OptionalInt ipv6Count,
      boolean enablePrimaryIpv6,
      List<String> groupIds,
      String interfaceType,
      Map<String, String> tags,
      Optional<String> clientToken,
      Map<String, String> fingerprint)
      implements Ec2Action {}

  /** Puts an interface into a slot (network card, device index) of an instance. */
  record AttachNetworkInterface(
      String networkInterfaceId, String instanceId, int deviceIndex, int networkCardIndex)
      implements Ec2Action {}

  /** Takes an interface off its instance. */
  record DetachNetworkInterface(String attachmentId, boolean force) implements Ec2Action {}

  /**
   * Changes one attribute of an interface.
   *
   * @param attachmentId goes with {@code deleteOnTermination}
   */
  record ModifyNetworkInterfaceAttribute(
      String networkInterfaceId,
      Optional<String> description,
      Optional<Boolean> sourceDestCheck,
      List<String> groupIds,
      Optional<String> attachmentId,
      Optional<Boolean> deleteOnTermination)
      implements Ec2Action {}

  /** Deletes an interface that is on no instance. */
  record DeleteNetworkInterface(String networkInterfaceId) implements Ec2Action {}

  /** Adds or overwrites tags. */
  record CreateTags(List<String> resourceIds, Map<String, String> tags) implements Ec2Action {}

  /**
   * Removes tags.
   *
   * @param tags a key with a value is removed only if the tag has that value; no keys at all
   *     removes every tag of the user
   */
  record DeleteTags(List<String> resourceIds, Map<String, Optional<String>> tags)
      implements Ec2Action {}

  /** Adds secondary IPv4 addresses, explicit ones or as many as {@code count} says. */
  record AssignPrivateIpAddresses(
      String networkInterfaceId,
      List<String> addresses,
      OptionalInt count,
      boolean allowReassignment)
      implements Ec2Action {}

  /** Removes secondary IPv4 addresses. */
  record UnassignPrivateIpAddresses(String networkInterfaceId, List<String> addresses)
      implements Ec2Action {}

  /** Adds IPv6 addresses, explicit ones or as many as {@code count} says. */
  record AssignIpv6Addresses(String networkInterfaceId, List<String> addresses, OptionalInt count)
      implements Ec2Action {}

  /** Removes IPv6 addresses. */
  record UnassignIpv6Addresses(String networkInterfaceId, List<String> addresses)
      implements Ec2Action {}

  /** The CIDR reservations of a subnet. */
  record GetSubnetCidrReservations(String subnetId, Selection selection) implements Ec2Action {}

  /** Reserves a part of a subnet. */
  record CreateSubnetCidrReservation(
      String subnetId,
      String cidr,
      String reservationType,
      String description,
      Map<String, String> tags)
      implements Ec2Action {}

  /** Terminates instances. */
  record TerminateInstances(List<String> instanceIds) implements Ec2Action {}
}
