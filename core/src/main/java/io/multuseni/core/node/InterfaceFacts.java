// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.node;

import io.multuseni.core.slot.Slot;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A network interface as EC2 described it.
 *
 * @param networkInterfaceId its id
 * @param subnetId the subnet it is in
 * @param status {@code available}, {@code in-use}, {@code pending} …
 * @param macAddress what a node can recognise it by
 * @param privateIpAddress the primary IPv4 address; absent in an IPv6-only subnet
 * @param ipv6Addresses IPv6 addresses
 * @param sourceDestCheck whether EC2 drops packets that are not addressed to it
 * @param securityGroups ids, sorted
 * @param tags its tags
 * @param description free text; the VPC CNI writes {@code aws-K8S-…} there
 * @param attachment how it is attached, if it is
 */
public record InterfaceFacts(
    String networkInterfaceId,
    String subnetId,
    String status,
    String macAddress,
    Optional<String> privateIpAddress,
    List<String> ipv6Addresses,
    boolean sourceDestCheck,
    List<String> securityGroups,
    SortedMap<String, String> tags,
    String description,
    Optional<Attachment> attachment) {
  /** Copies the collections. */
  public InterfaceFacts {
    ipv6Addresses = List.copyOf(ipv6Addresses);
    securityGroups = securityGroups.stream().sorted().toList();
    tags = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) tags));
  }

  /** Whether the tag is there with exactly this value. */
  public boolean hasTag(String key, String value) {
    return value.equals(tags.get(key));
  }

  /** The slot that it occupies on the instance, if it is attached to that one. */
  public Optional<Slot> slotOn(String instanceId) {
    return attachment
        .filter(a -> a.instanceId().filter(instanceId::equals).isPresent())
        .map(Attachment::slot);
  }

  /** Whether it is attached to the instance and EC2 would leave it behind at its termination. */
  public boolean outlives(String instanceId) {
    return slotOn(instanceId).isPresent()
        && !attachment.map(Attachment::deleteOnTermination).orElse(true);
  }
}
