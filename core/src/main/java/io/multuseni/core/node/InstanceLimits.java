// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.node;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many network interfaces an instance type can hold, from DescribeInstanceTypes.
 *
 * @param instanceType the type, such as {@code m5.xlarge}
 * @param interfacesPerCard network card index to the number of network interfaces that it holds
 * @param ipv4AddressesPerInterface IPv4 addresses an interface can have, the primary included
 * @param ipv6AddressesPerInterface IPv6 addresses an interface can have
 */
public record InstanceLimits(
    String instanceType,
    SortedMap<Integer, Integer> interfacesPerCard,
    int ipv4AddressesPerInterface,
    int ipv6AddressesPerInterface) {
  /** Copies the map. */
  public InstanceLimits {
    interfacesPerCard = Collections.unmodifiableSortedMap(new TreeMap<>(interfacesPerCard));
  }
}
