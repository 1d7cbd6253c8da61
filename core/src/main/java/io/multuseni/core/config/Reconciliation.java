// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import io.multuseni.core.ip.AddressBlock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How secondary addresses follow reservations.
 *
 * @param sources who says which addresses pods have; at least one
 * @param maxReleaseFraction the part, 0 to 1, of the managed addresses that one run may release;
 *     ten may always go
 * @param releaseGrace how long an address must have been without a reservation before it is
 *     released, 0 s to 3,600 s
 * @param watch whether a run goes on watching after its pass
 * @param period how often the schedule starts a run
 * @param managedRanges further ranges whose addresses are managed, for static addresses that no
 *     definition names
 */
public record Reconciliation(
    Set<Source> sources,
    double maxReleaseFraction,
    Duration releaseGrace,
    boolean watch,
    Duration period,
    List<AddressBlock> managedRanges) {
  /** Half of the managed addresses, after a minute, watched for, with whereabouts alone. */
  public static final Reconciliation DEFAULTS =
      new Reconciliation(
          Set.of(Source.WHEREABOUTS),
          0.5,
          Duration.ofMinutes(1),
          true,
          Duration.ofMinutes(1),
          List.of());

  /** Copies the collections. */
  public Reconciliation {
    sources = Set.copyOf(sources);
    managedRanges = List.copyOf(managedRanges);
  }

  /** Who says which addresses pods have. */
  public enum Source {
    /** Pools and reservations of whereabouts. */
    WHEREABOUTS,
    /** The network-status of pods whose definition uses {@code static} or {@code host-local}. */
    NETWORK_STATUS
  }
}
