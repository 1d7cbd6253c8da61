// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.ip.IpAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is to be done, in order.
 *
 * @param waves the steps: those of a wave may be sent side by side, and each wave needs the one
 *     before it
 * @param kept how many reserved addresses are where they belong
 * @param unplaced the reservations that can't be served
 * @param stale addresses that nobody needs where they are, by seat; the releasable ones among them
 *     are in the waves already
 * @param served the reservations behind the addresses that the waves assign or move, by seat
 * @param movedFrom the interface that an address comes from, by its new seat, for those that move
 * @param guard why nothing is released
 */
public record AddressPlan(
    List<List<Step>> waves,
    int kept,
    List<Unplaced> unplaced,
    SortedMap<Seat, Stale> stale,
    Map<Seat, Placed> served,
    Map<Seat, String> movedFrom,
    Optional<ReleaseGuard.Stop> guard) {
  /** Copies the collections. */
  public AddressPlan {
    waves = waves.stream().map(List::copyOf).toList();
    unplaced = List.copyOf(unplaced);
    stale = Collections.unmodifiableSortedMap(new TreeMap<>((Map<Seat, Stale>) stale));
    served = Map.copyOf(served);
    movedFrom = Map.copyOf(movedFrom);
  }

  /** Whether it takes addresses away that nobody needs. */
  public boolean releases() {
    return waves.stream()
        .flatMap(List::stream)
        .anyMatch(step ->
            step instanceof Step.Release release && release.cause() != Step.Release.Cause.MOVE);
  }

  /** Whether there is nothing to send. */
  public boolean isEmpty() {
    return waves.isEmpty();
  }

  /**
   * The same without some of the moves.
   *
   * @param moves seats that are not to be moved to
   */
  public AddressPlan without(Set<Seat> moves) {
    Set<Seat> untouched = new HashSet<>(moves);
    for (Seat move : moves) {
      String from = movedFrom.get(move);
      if (from != null) {
        untouched.add(new Seat(from, move.address()));
      }
    }
    List<List<Step>> fewer = new ArrayList<>();
    for (List<Step> wave : waves) {
      List<Step> steps = new ArrayList<>();
      for (Step step : wave) {
        List<IpAddress> addresses =
            step.addresses().stream()
                .filter(
                    address -> !untouched.contains(new Seat(step.networkInterfaceId(), address)))
                .toList();
        if (!addresses.isEmpty()) {
          steps.add(step.withAddresses(addresses));
        }
      }
      if (!steps.isEmpty()) {
        fewer.add(steps);
      }
    }
    Map<Seat, Placed> stillServed = new HashMap<>(served);
    stillServed.keySet().removeAll(moves);
    Map<Seat, String> stillMoved = new HashMap<>(movedFrom);
    stillMoved.keySet().removeAll(moves);
    return new AddressPlan(fewer, kept, unplaced, stale, stillServed, stillMoved, guard);
  }
}
