// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.ip.AddressSpace;
import io.multuseni.core.ip.IpAddress;
import java.util.List;
import java.util.Set;

/**
 * What the cluster says about addresses.
 *
 * @param reservations every address that belongs to a pod, in order, each with its pod once
 * @param managed the addresses that we may assign and release
 * @param undecided addresses that somebody may have reserved, in a way that can't be relied on:
 *     they are neither assigned nor released
 * @param problems what could not be read, for people
 */
public record Reservations(
    List<Reservation> reservations,
    AddressSpace managed,
    Set<IpAddress> undecided,
    List<String> problems) {
  /** Copies the collections. */
  public Reservations {
    reservations = List.copyOf(reservations);
    undecided = Set.copyOf(undecided);
    problems = List.copyOf(problems);
  }
}
