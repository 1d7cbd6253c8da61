// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import java.util.Set;

/**
 * What earlier looks found that the next one must know.
 *
 * @param stale seats that nobody needed at an earlier reading: a full interface may drop them at
 *     once if their pods are gone
 * @param graceOver seats among them whose grace is over
 * @param refused seats whose address can't be had now: they are not asked for and take no room
 */
public record EarlierLooks(Set<Seat> stale, Set<Seat> graceOver, Set<Seat> refused) {
  /** Nothing was found: no release follows but those that a move needs. */
  public static final EarlierLooks NONE = new EarlierLooks(Set.of(), Set.of(), Set.of());

  /** Copies the sets. */
  public EarlierLooks {
    stale = Set.copyOf(stale);
    graceOver = Set.copyOf(graceOver);
    refused = Set.copyOf(refused);
  }

  /** The same with other seats whose address can't be had. */
  public EarlierLooks withRefused(Set<Seat> seats) {
    return new EarlierLooks(stale, graceOver, seats);
  }
}
