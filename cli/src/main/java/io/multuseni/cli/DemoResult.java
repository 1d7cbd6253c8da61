// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import io.multuseni.core.report.AttachReport;
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
 * @param totals over all of them
 * @param problems what isn't as it should be; none means that the goal is reached
 */
record DemoResult(List<Launch> launches, Totals totals, List<String> problems) {
  DemoResult {
    launches = List.copyOf(launches);
    problems = List.copyOf(problems);
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
