// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.node;

/**
 * A subnet as EC2 described it.
 *
 * @param subnetId its id
 * @param vpcId its VPC
 * @param availabilityZone name of its zone
 * @param ipv4Cidr its IPv4 range, empty in an IPv6-only subnet
 * @param freeAddresses free IPv4 addresses; EC2 reports it some seconds late
 * @param hasIpv6 whether it has an IPv6 range
 */
public record SubnetFacts(
    String subnetId,
    String vpcId,
    String availabilityZone,
    String ipv4Cidr,
    int freeAddresses,
    boolean hasIpv6) {}
