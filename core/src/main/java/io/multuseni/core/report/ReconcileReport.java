// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.report;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a reconciliation did: the function's result, its log line and {@code --json} in one. The
 * names of the fields are part of the product.
 *
 * @param cluster the cluster's name
 * @param kind whether it was a pass over everything, or what a watch added after it
 * @param assigned addresses that an interface got and that none of ours had before
 * @param moved addresses that went from one interface of ours to another
 * @param released addresses that were taken from an interface since nobody reserves them
 * @param pendingRelease addresses that nobody reserves and that stay until the grace is over
 * @param unplaced reservations that could not be served, each with its reason
 * @param kept how many reserved addresses were where they belong already
 * @param guard why nothing was released, where a guard stopped it
 * @param problems what could not be read in Kubernetes objects, for people
 * @param unfinished what could not be done this time, with the cause; the next run tries again
 * @param drift how many addresses are not as they should be at the end: reserved by a living pod
 *     and not on its interface, or nobody's and still there though the grace is over; null where
 *     that could not be told
 * @param apiCalls calls to AWS that were sent, repetitions included, by action
 * @param kubernetesCalls requests to the Kubernetes API, by verb and resource
 * @param millis duration in milliseconds
 * @param throttled how many of the calls AWS throttled
 * @param dryRun whether nothing was changed; then the lists say what would have been
 */
public record ReconcileReport(
    String cluster,
    Kind kind,
    List<Assigned> assigned,
    List<Moved> moved,
    List<Released> released,
    List<Released> pendingRelease,
    List<UnplacedAddress> unplaced,
    int kept,
    @Nullable Guard guard,
    List<String> problems,
    List<String> unfinished,
    @Nullable Integer drift,
    SortedMap<String, Integer> apiCalls,
    SortedMap<String, Integer> kubernetesCalls,
    long millis,
    int throttled,
    boolean dryRun) {
  /** Copies the lists. */
  public ReconcileReport {
    assigned = List.copyOf(assigned);
    moved = List.copyOf(moved);
    released = List.copyOf(released);
    pendingRelease = List.copyOf(pendingRelease);
    unplaced = List.copyOf(unplaced);
    problems = List.copyOf(problems);
    unfinished = List.copyOf(unfinished);
  }

  /**
   * A run that changed nothing, since it could not read everything.
   *
   * @param cluster the cluster's name
   * @param guard what could not be read, and why
   * @param apiCalls calls to AWS
   * @param kubernetesCalls requests to the Kubernetes API
   * @param millis duration in milliseconds
   * @param throttled how many of the calls AWS throttled
   * @param dryRun whether nothing was to be changed anyway
   */
  public static ReconcileReport unread(
      String cluster,
      Guard guard,
      SortedMap<String, Integer> apiCalls,
      SortedMap<String, Integer> kubernetesCalls,
      long millis,
      int throttled,
      boolean dryRun) {
    return new ReconcileReport(
        cluster,
        Kind.PASS,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        0,
        guard,
        List.of(),
        List.of("nothing was changed, since not everything could be read"),
        null,
        apiCalls,
        kubernetesCalls,
        millis,
        throttled,
        dryRun);
  }

  /** What part of a run is told. */
  public enum Kind {
    /** Everything was read and compared. */
    PASS,
    /** What changes in the cluster led to after the pass. */
    WATCH
  }

  /**
   * An address that an interface got.
   *
   * @param address the address
   * @param podRef the pod, {@code namespace/name}
   * @param node the pod's node
   * @param instanceId the node's instance
   * @param networkInterfaceId the interface
   * @param deviceIndex its device index, from 1
   */
  public record Assigned(
      String address,
      String podRef,
      String node,
      String instanceId,
      String networkInterfaceId,
      int deviceIndex) {}

  /**
   * An address that changed its interface.
   *
   * @param address the address
   * @param podRef the pod, {@code namespace/name}
   * @param node the pod's node
   * @param instanceId the node's instance
   * @param fromNetworkInterfaceId the interface that had it
   * @param networkInterfaceId the interface that has it now
   * @param deviceIndex its device index, from 1
   */
  public record Moved(
      String address,
      String podRef,
      String node,
      String instanceId,
      String fromNetworkInterfaceId,
      String networkInterfaceId,
      int deviceIndex) {}

  /**
   * An address without a reservation.
   *
   * @param address the address
   * @param networkInterfaceId the interface
   * @param reason why it isn't wanted there
   */
  public record Released(String address, String networkInterfaceId, String reason) {}

  /**
   * A reservation that could not be served.
   *
   * @param address the address
   * @param podRef the pod, {@code namespace/name}
   * @param reason a constant
   * @param message for people, with the remedy
   */
  public record UnplacedAddress(String address, String podRef, String reason, String message) {}

  /**
   * Why nothing was released.
   *
   * @param kind a constant
   * @param message for people, with the remedy
   */
  public record Guard(String kind, String message) {}
}
