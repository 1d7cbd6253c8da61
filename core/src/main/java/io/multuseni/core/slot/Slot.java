// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.slot;

import java.util.Comparator;

/**
 * A place for a network interface on an instance. A device index is unique only within its network
 * card, so both numbers together name the place.
 *
 * @param networkCardIndex index of the network card, 0 or more
 * @param deviceIndex index on that card, 0 or more; (0, 0) is the primary network interface
 */
public record Slot(int networkCardIndex, int deviceIndex) implements Comparable<Slot> {
  private static final Comparator<Slot> ORDER =
      Comparator.comparingInt(Slot::deviceIndex).thenComparingInt(Slot::networkCardIndex);

  /** Refuses negative numbers. */
  public Slot {
    if (networkCardIndex < 0 || deviceIndex < 0) {
      throw new IllegalArgumentException(
          "a slot has no negative index: card " + networkCardIndex + ", device " + deviceIndex);
    }
  }

  /** Orders by device index, which is the order of attachment, then by network card. */
  @Override
  public int compareTo(Slot other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "card " + networkCardIndex + " device " + deviceIndex;
  }
}
