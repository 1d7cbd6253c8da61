// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.ip.IpAddress;
import io.multuseni.core.ip.IpAddress.Family;
import io.multuseni.core.slot.Slot;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A network interface of this cluster (tag {@code multus-eni/cluster}) with the addresses that the
 * VPC knows on it.
 *
 * @param networkInterfaceId its id
 * @param subnetId its subnet
 * @param macAddress its MAC address, in lower case
 * @param nodeGroup the node group it was made for, from its tag
 * @param place where it is attached; absent where it isn't, or is being detached
 * @param primary addresses that can't be taken away: the primary IPv4 address, and a primary IPv6
 *     address where there is one
 * @param secondary all its other addresses
 */
public record MultusInterface(
    String networkInterfaceId,
    String subnetId,
    String macAddress,
    String nodeGroup,
    Optional<Place> place,
    SortedSet<IpAddress> primary,
    SortedSet<IpAddress> secondary) {
  /** Copies the sets. */
  public MultusInterface {
    primary = Collections.unmodifiableSortedSet(new TreeSet<>(primary));
    secondary = Collections.unmodifiableSortedSet(new TreeSet<>(secondary));
  }

  /**
   * A place on an instance.
   *
   * @param instanceId the instance
   * @param slot where on it
   */
  public record Place(String instanceId, Slot slot) {}

  /** How many addresses of a family it has, the primary included. */
  public int count(Family family) {
    int count = 0;
    for (IpAddress one : primary) {
      count += one.family() == family ? 1 : 0;
    }
    for (IpAddress one : secondary) {
      count += one.family() == family ? 1 : 0;
    }
    return count;
  }

  /** The same with one secondary address more. */
  public MultusInterface with(IpAddress address) {
    if (secondary.contains(address)) {
      return this;
    }
    SortedSet<IpAddress> more = new TreeSet<>(secondary);
    more.add(address);
    return withSecondary(more);
  }

  /** The same without a secondary address. */
  public MultusInterface without(IpAddress address) {
    if (!secondary.contains(address)) {
      return this;
    }
    SortedSet<IpAddress> fewer = new TreeSet<>(secondary);
    fewer.remove(address);
    return withSecondary(fewer);
  }

  /** The same with other secondary addresses. */
  public MultusInterface withSecondary(SortedSet<IpAddress> addresses) {
    return new MultusInterface(
        networkInterfaceId, subnetId, macAddress, nodeGroup, place, primary, addresses);
  }
}
