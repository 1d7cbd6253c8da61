// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An interface as it stands at the moment of the inspection, visible to callers or not yet.
 *
 * @param id {@code eni-…}
 * @param subnetId its subnet
 * @param vpcId its VPC
 * @param availabilityZone its zone
 * @param description free text
 * @param interfaceType {@code interface}, {@code efa}, {@code efa-only} or {@code trunk}
 * @param status {@code available} or {@code in-use}
 * @param macAddress with colons
 * @param sourceDestCheck whether EC2 checks source and destination
 * @param groupIds its security groups in order
 * @param tags its tags
 * @param primaryAddress its first IPv4 address
 * @param secondaryAddresses the other IPv4 addresses in order of assignment
 * @param ipv6Addresses its IPv6 addresses in canonical form
 * @param primaryIpv6Address the one of them that can't be taken away, if there is one
 * @param attachment where it is, if it is anywhere
 * @param requesterManaged whether an AWS service owns it
 * @param createdAt when it was made
 */
public record InterfaceView(
    String id,
    String subnetId,
    String vpcId,
    String availabilityZone,
    String description,
    String interfaceType,
    String status,
    String macAddress,
    boolean sourceDestCheck,
    List<String> groupIds,
    Map<String, String> tags,
    String primaryAddress,
    List<String> secondaryAddresses,
    List<String> ipv6Addresses,
    Optional<String> primaryIpv6Address,
    Optional<AttachmentView> attachment,
    boolean requesterManaged,
    Instant createdAt) {}
