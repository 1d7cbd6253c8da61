// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.core.address.Seat;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Since when nobody has needed an address where it is, as far as this sandbox has seen. Forgetting
 * it costs patience and nothing else.
 */
final class StaleMemory {
  private final Map<Seat, Instant> since = new HashMap<>();
  private final Duration longestGap;
  private Optional<Instant> lastLook = Optional.empty();

  /**
   * Empty.
   *
   * @param longestGap what was seen longer ago than this says nothing about the time between
   */
  StaleMemory(Duration longestGap) {
    this.longestGap = longestGap;
  }

  /** Whether an earlier look is recent enough to count. */
  synchronized boolean isFresh(Instant now) {
    return lastLook
        .filter(last -> Duration.between(last, now).compareTo(longestGap) <= 0)
        .isPresent();
  }

  /** Notes what is stale now; everything else is forgotten. */
  synchronized void look(Set<Seat> stale, Instant now) {
    if (!isFresh(now)) {
      since.clear();
    }
    since.keySet().retainAll(stale);
    stale.forEach(seat -> since.putIfAbsent(seat, now));
    lastLook = Optional.of(now);
  }

  /** The seats that have been stale for so long. */
  synchronized Set<Seat> staleFor(Duration grace, Instant now) {
    Set<Seat> over = new HashSet<>();
    since.forEach((seat, begin) -> {
      if (Duration.between(begin, now).compareTo(grace) >= 0) {
        over.add(seat);
      }
    });
    return over;
  }

  /** When the last of those that wait will have been stale for so long. */
  synchronized Optional<Instant> lastOver(Duration grace, Instant now) {
    return since.values().stream()
        .map(begin -> begin.plus(grace))
        .filter(over -> over.isAfter(now))
        .max(Instant::compareTo);
  }
}
