// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.ip;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * A set of addresses, kept as disjoint intervals in order, so that a look-up is quick whatever the
 * size of the blocks.
 */
public final class AddressSpace {
  /** The set that holds nothing. */
  public static final AddressSpace EMPTY = new AddressSpace(List.of());

  private final List<AddressInterval> intervals;

  private AddressSpace(List<AddressInterval> intervals) {
    this.intervals = List.copyOf(intervals);
  }

  /** All addresses that are in at least one of the intervals. */
  public static AddressSpace of(Collection<AddressInterval> parts) {
    List<AddressInterval> sorted =
        parts.stream().sorted(Comparator.comparing(AddressInterval::first)).toList();
    List<AddressInterval> merged = new ArrayList<>();
    for (AddressInterval next : sorted) {
      AddressInterval before = merged.isEmpty() ? null : merged.getLast();
      if (before == null || !before.contains(next.first())) {
        merged.add(next);
      } else if (next.last().compareTo(before.last()) > 0) {
        merged.set(merged.size() - 1, new AddressInterval(before.first(), next.last()));
      }
    }
    return new AddressSpace(merged);
  }

  /** What is left of it without the intervals. */
  public AddressSpace minus(Collection<AddressInterval> holes) {
    List<AddressInterval> left = intervals;
    for (AddressInterval hole : of(holes).intervals) {
      List<AddressInterval> next = new ArrayList<>();
      for (AddressInterval one : left) {
        cut(one, hole, next);
      }
      left = next;
    }
    return new AddressSpace(left);
  }

  private static void cut(AddressInterval one, AddressInterval hole, List<AddressInterval> into) {
    if (one.first().family() != hole.first().family()
        || hole.last().compareTo(one.first()) < 0
        || hole.first().compareTo(one.last()) > 0) {
      into.add(one);
      return;
    }
    if (hole.first().compareTo(one.first()) > 0) {
      into.add(new AddressInterval(one.first(), hole.first().previous().orElseThrow()));
    }
    if (hole.last().compareTo(one.last()) < 0) {
      into.add(new AddressInterval(hole.last().next().orElseThrow(), one.last()));
    }
  }

  /** Its intervals, in order. */
  public List<AddressInterval> intervals() {
    return intervals;
  }

  /** Whether an address is in it. */
  public boolean contains(IpAddress address) {
    int low = 0;
    int high = intervals.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      AddressInterval at = intervals.get(middle);
      if (at.contains(address)) {
        return true;
      }
      if (at.first().compareTo(address) > 0) {
        high = middle - 1;
      } else {
        low = middle + 1;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return intervals.toString();
  }
}
