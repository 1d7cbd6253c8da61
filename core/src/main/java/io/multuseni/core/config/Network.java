// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One Multus network of a node group: where its network interface comes from and how it is set.
 *
 * @param name unique within the node group
 * @param subnets one or more, in one or more Availability Zones
 * @param securityGroups at least one
 * @param sourceDestCheck whether EC2 drops packets that are not addressed to the interface itself
 * @param ipv6 how many IPv6 addresses the interface gets
 * @param primaryAddress how its primary IPv4 address is chosen
 * @param networkCardIndex the network card it is attached to, 0 or more
 * @param tags further tags for the interface
 */
public record Network(
    String name,
    List<String> subnets,
    List<String> securityGroups,
    boolean sourceDestCheck,
    Ipv6 ipv6,
    PrimaryAddress primaryAddress,
    int networkCardIndex,
    SortedMap<String, String> tags) {
  /** Copies the collections. */
  public Network {
    subnets = List.copyOf(subnets);
    securityGroups = List.copyOf(securityGroups);
    tags = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) tags));
  }

  /** How many IPv6 addresses an interface gets. */
  public sealed interface Ipv6 {}

  /** One, if the subnet has an IPv6 range; none otherwise. */
  public record AutoIpv6() implements Ipv6 {}

  /**
   * A fixed number.
   *
   * @param addresses 0 or more; more than 0 needs a subnet with an IPv6 range
   */
  public record CountedIpv6(int addresses) implements Ipv6 {}

  /** How the primary IPv4 address is chosen. */
  public enum PrimaryAddress {
    /** By EC2. */
    ANY,
    /** The lowest free address of the subnet, so that pools at its end stay clear. */
    FIRST_FREE
  }
}
