// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import io.multuseni.core.config.Network;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.node.SubnetFacts;
import io.multuseni.core.slot.Slot;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One slot of an instance and how its network interface comes to be right.
 *
 * @param network the network it serves
 * @param slot where it goes
 * @param existing the interface that is there or waits to be attached
 * @param subnets for a new interface: the subnets it may come from, the one with most free
 *     addresses first; empty where one exists
 * @param ipv6Addresses for a new interface: how many IPv6 addresses it gets
 * @param tags the tags that it must carry
 * @param generation rises when the interface behind a client token is gone
 * @param settings what has to be set once it is attached
 */
public record PlannedInterface(
    Network network,
    Slot slot,
    Optional<InterfaceFacts> existing,
    List<SubnetFacts> subnets,
    int ipv6Addresses,
    SortedMap<String, String> tags,
    int generation,
    Set<Setting> settings) {
  /** Copies the collections. */
  public PlannedInterface {
    subnets = List.copyOf(subnets);
    settings = Set.copyOf(settings);
    tags = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) tags));
  }

  /** Whether the interface has to be created. */
  public boolean needsCreate() {
    return existing.isEmpty();
  }

  /** Whether the interface has to be attached, or its attaching to be waited for. */
  public boolean needsAttach() {
    return existing.flatMap(InterfaceFacts::attachment).filter(a -> a.isAttached()).isEmpty();
  }

  /**
   * What has to be set on an interface for it to be as planned.
   *
   * @param found the interface as it was last seen
   */
  public Set<Setting> deviationsOf(InterfaceFacts found) {
    return AttachPlanner.deviations(network, found, tags);
  }

  /** Whether nothing is left to do for this slot. */
  public boolean isRight() {
    return !needsAttach() && settings.isEmpty();
  }
}
