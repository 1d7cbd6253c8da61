// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import java.util.Optional;

/**
 * A subnet as it stands at the moment of the inspection.
 *
 * @param id {@code subnet-…}
 * @param vpcId its VPC
 * @param availabilityZone its zone
 * @param cidr its IPv4 block
 * @param ipv6Cidr its IPv6 block, if it has one
 * @param availableIpAddressCount free IPv4 addresses as DescribeSubnets counts them
 */
public record SubnetView(
    String id,
    String vpcId,
    String availabilityZone,
    String cidr,
    Optional<String> ipv6Cidr,
    long availableIpAddressCount) {}
