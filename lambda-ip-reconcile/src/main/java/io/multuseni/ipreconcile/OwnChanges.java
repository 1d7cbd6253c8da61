// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.core.address.MultusInterface;
import io.multuseni.core.address.Seat;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What this run changed lately. EC2 shows a change some time after it has answered the call; until
 * then our own word counts.
 */
final class OwnChanges {
  /** EC2 promises no time; describes are seen to be some seconds late. */
  private static final Duration LAG = Duration.ofSeconds(10);

  private record Change(boolean given, Instant at) {}

  private final Map<Seat, Change> changes = new HashMap<>();
  private final Duration lag;

  private OwnChanges(Duration lag) {
    this.lag = lag;
  }

  /** Of a run whose changes EC2 shows late. */
  static OwnChanges shownLate() {
    return new OwnChanges(LAG);
  }

  /** Of a dry run: what it would have changed is never shown. */
  static OwnChanges neverShown() {
    return new OwnChanges(Duration.ofDays(1));
  }

  /** Notes what a plan came to. */
  void note(AddressSteps.Carried carried, Instant now) {
    carried.taken().forEach(seat -> changes.put(seat, new Change(false, now)));
    carried.assigned().forEach(seat -> changes.put(seat, new Change(true, now)));
  }

  /** What EC2 shows, with what it doesn't show yet. */
  SortedMap<String, MultusInterface> over(SortedMap<String, MultusInterface> shown, Instant now) {
    changes.values().removeIf(change -> change.at().plus(lag).isBefore(now));
    SortedMap<String, MultusInterface> known = new TreeMap<>((Map<String, MultusInterface>) shown);
    changes.forEach((seat, change) ->
        known.computeIfPresent(
            seat.networkInterfaceId(),
            (id, one) -> change.given() ? one.with(seat.address()) : one.without(seat.address())));
    return known;
  }
}
