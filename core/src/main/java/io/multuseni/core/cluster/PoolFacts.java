// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An IPPool of whereabouts as it stands, not yet understood.
 *
 * @param namespace its namespace
 * @param name its name; says nothing that can be relied on
 * @param range {@code spec.range}
 * @param allocations {@code spec.allocations}; the key is the decimal offset from the address in
 *     the range
 */
public record PoolFacts(
    String namespace, String name, String range, Map<String, Allocation> allocations) {
  /** Copies the map, in order, so that what is told of the same pool reads the same. */
  public PoolFacts {
    allocations = Collections.unmodifiableSortedMap(new TreeMap<>(allocations));
  }

  /** {@code namespace/name}. */
  public String key() {
    return namespace + "/" + name;
  }

  /**
   * One allocation.
   *
   * @param podRef namespace and name of the pod as they stand; may be anything
   * @param interfaceName {@code ifname}; older versions don't write it
   */
  public record Allocation(String podRef, Optional<String> interfaceName) {}
}
