// SPDX-License-Identifier: Apache-2.0
package io.multuseni.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Passes over a fleet that hasn't drifted: the requests they make, the seconds and the memory they
 * take, in a JVM of its own with the heap that is given.
 */
final class PassFigures {
  private PassFigures() {}

  /**
   * Prints the figures.
   *
   * @param args number of nodes (1,000), then heaps to try (160m)
   */
  @SuppressWarnings("SystemOut")
  public static void main(String... args) {
    int nodes = args.length > 0 ? Integer.parseInt(args[0]) : Fleet.LARGE.nodes();
    List<String> heaps = args.length > 1 ? List.of(args).subList(1, args.length) : List.of("160m");
    run(new Fleet(nodes, 2, Fleet.LARGE.podsPerInterface()), heaps, 3, System.out);
  }

  /**
   * What a pass said of itself.
   *
   * @param heap the heap that it had
   * @param line what the function told, see {@link FunctionProcess.Line}
   */
  record Told(String heap, JsonNode line) {}

  /**
   * Runs passes.
   *
   * @param fleet the fleet
   * @param heaps heaps to try, as the JVM takes them
   * @param passes so many with each
   * @param out where the table goes
   * @return one for each pass that came to its end
   */
  static List<Told> run(Fleet fleet, List<String> heaps, int passes, PrintStream out) {
    List<Told> told = new ArrayList<>();
    try (FleetServers servers = FleetServers.settled(fleet)) {
      out.printf(
          Locale.ROOT,
          "%d nodes, %d interfaces, %d pods and reservations%n",
          fleet.nodes(),
          fleet.nodes() * fleet.networks(),
          fleet.pods().size());
      for (String heap : heaps) {
        servers.cloud().calls().clear();
        servers.cluster().calls().clear();
        try (FunctionJvm function = FunctionJvm.start(servers, "{watch: false}", heap, passes)) {
          for (int pass = 1; pass <= passes; pass++) {
            Optional<JsonNode> line = function.next();
            if (line.isEmpty()) {
              out.printf("-Xmx%s: pass %d did not come to its end%n", heap, pass);
              break;
            }
            told.add(new Told(heap, line.get()));
            print(heap, pass, line.get(), out);
          }
        }
        out.printf("-Xmx%s: calls that change addresses: %s%n", heap, servers.changes());
      }
    }
    return told;
  }

  private static void print(String heap, int pass, JsonNode line, PrintStream out) {
    JsonNode report = line.path("report");
    out.printf(
        Locale.ROOT,
        "-Xmx%s pass %d: %.2f s, heap after collections at most %.0f MiB, RSS at most %.0f MB,"
            + " kept %d, drift %s%n  AWS %d: %s%n  Kubernetes %d: %s%n",
        heap,
        pass,
        line.path("seconds").asDouble(),
        line.path("heapMib").asDouble(),
        line.path("rssMb").asDouble(),
        report.path("kept").asInt(),
        report.path("drift").asText(),
        sum(report.path("apiCalls")),
        report.path("apiCalls"),
        sum(report.path("kubernetesCalls")),
        report.path("kubernetesCalls"));
  }

  private static int sum(JsonNode counts) {
    return counts.properties().stream().map(Map.Entry::getValue).mapToInt(JsonNode::asInt).sum();
  }
}
