// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * One entry of a pod's network-status, as Multus writes it.
 *
 * @param network the definition it comes from, {@code namespace/name}
 * @param interfaceName its name in the pod, for example {@code net1}
 * @param ips its addresses
 * @param mac its MAC address
 * @param isDefault whether it is the cluster's own network
 */
public record StatusEntry(
    String network,
    String interfaceName,
    List<String> ips,
    Optional<String> mac,
    boolean isDefault) {
  /** Keeps its own list of addresses. */
  public StatusEntry {
    ips = List.copyOf(ips);
  }

  /** An entry without a MAC address. */
  public static StatusEntry of(String network, String interfaceName, String... ips) {
    return new StatusEntry(network, interfaceName, List.of(ips), Optional.empty(), false);
  }

  /** The entry of the VPC CNI on eth0. */
  public static StatusEntry ofDefaultNetwork(String ip) {
    return new StatusEntry("aws-cni", "eth0", List.of(ip), Optional.empty(), true);
  }

  /** The same with a MAC address. */
  public StatusEntry withMac(String address) {
    return new StatusEntry(network, interfaceName, ips, Optional.of(address), isDefault);
  }

  ObjectNode json() {
    ObjectNode entry = Json.object();
    entry.put("name", network);
    entry.put("interface", interfaceName);
    ArrayNode addresses = entry.putArray("ips");
    ips.forEach(addresses::add);
    mac.ifPresent(m -> entry.put("mac", m));
    if (isDefault) {
      entry.put("default", true);
    }
    entry.putObject("dns");
    return entry;
  }
}
