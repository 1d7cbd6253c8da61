// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.node.InstanceLimits;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What EC2 said at one time.
 *
 * @param interfaces the network interfaces of this cluster, by id
 * @param subnets their subnets, by id
 * @param limits limits of the nodes' instance types, by type; a type that is missing is left to
 *     EC2's answer
 */
public record VpcFacts(
    SortedMap<String, MultusInterface> interfaces,
    Map<String, SubnetRange> subnets,
    Map<String, InstanceLimits> limits) {
  /** Copies the maps. */
  public VpcFacts {
    interfaces =
        Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, MultusInterface>) interfaces));
    subnets = Map.copyOf(subnets);
    limits = Map.copyOf(limits);
  }

  /** Whether the interface of a seat has its address as a secondary one. */
  public boolean holds(Seat seat) {
    MultusInterface one = interfaces.get(seat.networkInterfaceId());
    return one != null && one.secondary().contains(seat.address());
  }

  /** The subnet of an interface of ours. */
  public Optional<String> subnetOf(String networkInterfaceId) {
    return Optional.ofNullable(interfaces.get(networkInterfaceId)).map(MultusInterface::subnetId);
  }

  /** The same with other interfaces. */
  public VpcFacts withInterfaces(SortedMap<String, MultusInterface> others) {
    return new VpcFacts(others, subnets, limits);
  }
}
