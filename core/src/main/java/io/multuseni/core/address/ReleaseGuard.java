// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.config.Reconciliation;
import io.multuseni.core.config.Reconciliation.Source;
import java.util.Optional;

/**
 * ◆ Stops releases that look like an error of the input. An address released too late costs a seat
 * on an interface; one released too early cuts a pod off.
 */
public final class ReleaseGuard {
  /** So many addresses may always go: a small cluster can lose half of its pods at once. */
  public static final int ALWAYS = 10;

  private ReleaseGuard() {}

  /** Why releases are stopped. */
  public enum Kind {
    /** Something could not be read, so nothing was changed at all. */
    UNREADABLE,
    /** An answer of Kubernetes is empty where it can't be. */
    EMPTY_ANSWER,
    /** More would be released than is likely. */
    TOO_MANY
  }

  /**
   * A stop.
   *
   * @param kind why
   * @param message for people, with the remedy
   */
  public record Stop(Kind kind, String message) {}

  /**
   * Judges a pass.
   *
   * @param cluster what the Kubernetes API said
   * @param reservations what it means
   * @param settings the limits
   * @param stale how many addresses nobody needs
   * @param managed how many addresses of ours are in the managed space, those included
   * @return empty where releases may go on
   */
  public static Optional<Stop> check(
      ClusterFacts cluster,
      Reservations reservations,
      Reconciliation settings,
      int stale,
      int managed) {
    if (stale == 0) {
      return Optional.empty();
    }
    Optional<String> empty = emptyAnswer(cluster, reservations, settings);
    if (empty.isPresent()) {
      return Optional.of(
          new Stop(
              Kind.EMPTY_ANSWER,
              ("nothing was released, %d address(es) wait: %s; check the API server and whereabouts,"
                      + " or unassign them in EC2 by hand")
                  .formatted(stale, empty.get())));
    }
    if (stale > ALWAYS && stale > settings.maxReleaseFraction() * managed) {
      return Optional.of(
          new Stop(
              Kind.TOO_MANY,
              ("nothing was released: %d of %d managed addresses have no reservation, more than"
                      + " maxReleaseFraction %s allows; check whereabouts' pools, and raise"
                      + " maxReleaseFraction if they are right")
                  .formatted(stale, managed, settings.maxReleaseFraction())));
    }
    return Optional.empty();
  }

  private static Optional<String> emptyAnswer(
      ClusterFacts cluster, Reservations reservations, Reconciliation settings) {
    if (cluster.nodes().isEmpty()) {
      return Optional.of("the Kubernetes API shows no node");
    }
    if (cluster.pods().isEmpty()) {
      return Optional.of("the Kubernetes API shows no pod");
    }
    if (settings.sources().contains(Source.WHEREABOUTS) && cluster.pools().isEmpty()) {
      return Optional.of("there is no IPPool");
    }
    if (settings.sources().contains(Source.WHEREABOUTS)
        && cluster.definitions().isEmpty()
        && cluster.pods().values().stream().anyMatch(pod -> !pod.selections().isEmpty())) {
      // What they exclude would count as managed.
      return Optional.of("there is no network-attachment-definition, while pods name some");
    }
    if (reservations.reservations().isEmpty() && podsShowManagedAddresses(cluster, reservations)) {
      return Optional.of("no reservation is left, while living pods show addresses of the pools");
    }
    return Optional.empty();
  }

  private static boolean podsShowManagedAddresses(ClusterFacts cluster, Reservations reservations) {
    return cluster.pods().values().stream()
        .filter(pod -> !pod.phase().isFinished())
        .flatMap(pod -> pod.attachments().stream())
        .flatMap(attachment -> attachment.addresses().stream())
        .anyMatch(reservations.managed()::contains);
  }
}
