// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.ip.IpAddress;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where every reservation belongs.
 *
 * @param placed by seat; pods that share a seat are served by the first
 * @param unplaced the others
 * @param claims of the addresses that are on an interface and aren't placed there, those that a
 *     living pod has or may have, with the instances it may be on; {@link #ANYWHERE} among them
 *     where that isn't known. Such an address isn't stale there
 */
public record Placements(
    SortedMap<Seat, Placed> placed, List<Unplaced> unplaced, Map<IpAddress, Set<String>> claims) {
  /** Stands for every instance. */
  public static final String ANYWHERE = "*";

  /** Copies the collections. */
  public Placements {
    placed = Collections.unmodifiableSortedMap(new TreeMap<>((Map<Seat, Placed>) placed));
    unplaced = List.copyOf(unplaced);
    claims = Map.copyOf(claims);
  }

  /** Whether a living pod may use the address on that instance. */
  boolean isClaimed(IpAddress address, String instanceId) {
    Set<String> instances = claims.getOrDefault(address, Set.of());
    return instances.contains(instanceId) || instances.contains(ANYWHERE);
  }
}
