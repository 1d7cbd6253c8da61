// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.ReconcileReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a demonstration came to.
 *
 * @param launches the nodes in the order of their launch
 * @param reconciliations what followed, in order; none where a launch has a problem
 * @param totals over all launches
 * @param problems what isn't as it should be; none means that the goal is reached
 */
record DemoResult(
    List<Launch> launches, List<Reconciled> reconciliations, Totals totals, List<String> problems) {
  DemoResult {
    launches = List.copyOf(launches);
    reconciliations = List.copyOf(reconciliations);
    problems = List.copyOf(problems);
  }

  /** The same with what followed, and its problems. */
  DemoResult followedBy(List<Reconciled> runs) {
    List<String> all = new ArrayList<>(problems);
    runs.forEach(run -> all.addAll(run.problems()));
    return new DemoResult(launches, runs, totals, all);
  }

  /**
   * One node.
   *
   * @param report the function's report
   * @param seconds from the event to the completed lifecycle action, if it is completed
   * @param tags the tags of each interface as they are in the cloud, by interface id
   */
  record Launch(
      AttachReport report, OptionalDouble seconds, Map<String, Map<String, String>> tags) {
    Launch {
      tags = Map.copyOf(tags);
    }
  }

  /**
   * One run of the reconcile function.
   *
   * @param story what happened to pods before it, for people
   * @param report the function's report
   * @param seats pods that it happened to, as they stand in the cloud after the run
   * @param problems what isn't as it should be after the run
   */
  record Reconciled(String story, ReconcileReport report, List<Seat> seats, List<String> problems) {
    Reconciled {
      seats = List.copyOf(seats);
      problems = List.copyOf(problems);
    }
  }

  /**
   * A pod's address.
   *
   * @param pod {@code namespace/name}
   * @param address the address
   * @param node the pod's node, or what became of the pod
   * @param networkInterfaceId the interface that the pod sends through, or sent
   * @param deviceIndex its device index, from 1
   * @param routable whether the cloud delivers packets for the address to the pod
   */
  record Seat(
      String pod,
      String address,
      String node,
      String networkInterfaceId,
      int deviceIndex,
      boolean routable) {}

  /**
   * Sums.
   *
   * @param apiCalls calls that reached the cloud, by action
   * @param throttled how many of them it throttled
   * @param seconds from the scale-out to the last completed action
   * @param criticalPathSeconds the shortest time that the cloud's settings allow for one node
   */
  record Totals(
      SortedMap<String, Integer> apiCalls,
      int throttled,
      double seconds,
      double criticalPathSeconds) {
    Totals {
      apiCalls = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, Integer>) apiCalls));
    }
  }
}
