// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

import io.multuseni.core.ip.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * A network that a pod got, from its {@code network-status}.
 *
 * @param definition {@code namespace/name} of the attachment definition, or the CNI network's name
 * @param interfaceName the interface in the pod; absent for DPDK devices
 * @param addresses its addresses; empty where no IPAM plugin gave one
 * @param macAddress its MAC address in lower case: that of the ENI, for ipvlan and host-device
 * @param pciAddress PCI address on the node, from {@code device-info}
 * @param isDefault whether it is the cluster's default network
 */
public record NetworkAttachment(
    String definition,
    Optional<String> interfaceName,
    List<IpAddress> addresses,
    Optional<String> macAddress,
    Optional<String> pciAddress,
    boolean isDefault) {
  /** Copies the list. */
  public NetworkAttachment {
    addresses = List.copyOf(addresses);
  }
}
