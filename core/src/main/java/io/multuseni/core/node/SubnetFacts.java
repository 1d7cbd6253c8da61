// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.node;

import java.util.List;

/**
 * A subnet as EC2 described it.
 *
 * @param subnetId its id
 * @param vpcId its VPC
 * @param availabilityZone name of its zone
 * @param ipv4Cidr its IPv4 range, empty in an IPv6-only subnet
 * @param freeAddresses free IPv4 addresses; EC2 reports it some seconds late
 * @param ipv6Cidrs its associated IPv6 ranges
 */
public record SubnetFacts(
    String subnetId,
    String vpcId,
    String availabilityZone,
    String ipv4Cidr,
    int freeAddresses,
    List<String> ipv6Cidrs) {
  /** Copies the list. */
  public SubnetFacts {
    ipv6Cidrs = List.copyOf(ipv6Cidrs);
  }

  /** Whether it has an IPv6 range. */
  public boolean hasIpv6() {
    return !ipv6Cidrs.isEmpty();
  }
}
