// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import io.multuseni.core.error.ErrorMeaning;

/** Why a node can't get its network interfaces; each with what to do about it. */
public enum RefusalReason {
  /** None of a network's subnets is in the instance's Availability Zone. */
  NO_SUBNET_IN_ZONE(
      "add a subnet of that zone to the network, or take the zone out of the Auto Scaling group"),
  /** A configured subnet doesn't exist. */
  SUBNET_NOT_FOUND("correct the subnet id in the configuration, or create the subnet"),
  /** A configured subnet is in another VPC than the instance. */
  SUBNET_IN_OTHER_VPC("configure subnets of the instance's own VPC"),
  /** No subnet of the network has a free address left. */
  SUBNET_OUT_OF_ADDRESSES(
      "free addresses in the subnet, or add another subnet of that zone to the network"),
  /** The network asks for IPv6 addresses that its subnet can't give. */
  SUBNET_WITHOUT_IPV6(
      "associate an IPv6 range with the subnet, or set ipv6 to auto or none for the network"),
  /** The instance type holds fewer network interfaces than are needed. */
  INSTANCE_TYPE_TOO_SMALL(
      "use an instance type that holds more network interfaces, or configure fewer networks"),
  /** The instance type lacks a configured network card. */
  NETWORK_CARD_MISSING(
      "use an instance type with that network card, or set networkCardIndex to one that it has"),
  /** The instance type allows fewer addresses per network interface than the network asks for. */
  TOO_MANY_ADDRESSES("lower the network's ipv6 count, or use a larger instance type"),
  /** A network interface that isn't ours sits at a device index that a network needs. */
  DEVICE_INDEX_TAKEN(
      "keep kubelet from starting before the interfaces are there: put the boot gate into the"
          + " node's user data, so that the VPC CNI can't take the index first"),
  /** A network interface of ours sits at the device index, but for another network. */
  SLOT_HOLDS_OTHER_NETWORK(
      "replace the node: its interfaces were attached under an earlier configuration"),
  /** A configured security group doesn't exist, or is of another VPC. */
  SECURITY_GROUP_NOT_FOUND("correct the security group id in the configuration, or create it"),
  /** The function's role lacks a permission. */
  ACCESS_DENIED("grant the function's role the named action; deploy the current stack"),
  /** The account's quota is used up. */
  QUOTA_EXCEEDED("raise the quota of network interfaces per Region, or delete unused ones"),
  /** AWS refuses the request for a reason of its own. */
  INVALID_REQUEST("read AWS' message; if the configuration is right, report it as a fault of ours"),
  /** The node took longer than {@code giveUpAfter}. */
  TIMED_OUT(
      "look for throttling and slow attachments in the log; raise giveUpAfter if it is right");

  private final String remedy;

  RefusalReason(String remedy) {
    this.remedy = remedy;
  }

  /** What to do about it. */
  public String remedy() {
    return remedy;
  }

  /** The reason that a permanent error of AWS stands for. */
  public static RefusalReason of(ErrorMeaning meaning) {
    return switch (meaning) {
      case NO_ROOM_IN_SUBNET, ADDRESS_TAKEN -> SUBNET_OUT_OF_ADDRESSES;
      case NO_ROOM_ON_INSTANCE, NO_ROOM_ON_INTERFACE -> INSTANCE_TYPE_TOO_SMALL;
      case SLOT_TAKEN, IN_USE -> DEVICE_INDEX_TAKEN;
      case QUOTA -> QUOTA_EXCEEDED;
      case MISSING_DEPENDENCY -> SECURITY_GROUP_NOT_FOUND;
      case DENIED -> ACCESS_DENIED;
      case THROTTLED, TRANSIENT, UNKNOWN_EFFECT, NOT_YET_VISIBLE, NOT_READY -> TIMED_OUT;
      case ALREADY_DONE, GONE, TOKEN_REUSED, INVALID -> INVALID_REQUEST;
    };
  }
}
