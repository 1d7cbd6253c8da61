// SPDX-License-Identifier: Apache-2.0
package io.multuseni.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.multuseni.benchmarks.Fleet.Pod;
import io.multuseni.localcloud.Call;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long it takes from a reservation to the call that assigns its address, while the function
 * watches: one reservation after the other, each in a pool of thousands.
 */
final class ReactionFigures {
  private static final String ASSIGN = "AssignPrivateIpAddresses";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private ReactionFigures() {}

  /**
   * Prints the figures.
   *
   * @param args number of nodes (1,000), number of reservations (200), heap (160m)
   */
  @SuppressWarnings("SystemOut")
  public static void main(String... args) {
    int nodes = args.length > 0 ? Integer.parseInt(args[0]) : Fleet.LARGE.nodes();
    int reservations = args.length > 1 ? Integer.parseInt(args[1]) : 200;
    String heap = args.length > 2 ? args[2] : "160m";
    run(new Fleet(nodes, 2, Fleet.LARGE.podsPerInterface()), reservations, heap, System.out);
  }

  /**
   * One reservation.
   *
   * @param fromBegin from before it was written to the call's arrival
   * @param fromWritten from when it had been written to the call's arrival
   */
  record Reaction(Duration fromBegin, Duration fromWritten) {}

  /**
   * Measures.
   *
   * @param fleet the fleet
   * @param reservations how many, one after the other
   * @param heap the function's heap, as the JVM takes it
   * @param out where the table goes
   * @return one for each reservation
   */
  static List<Reaction> run(Fleet fleet, int reservations, String heap, PrintStream out) {
    try (FleetServers servers = FleetServers.settled(fleet)) {
      List<Pod> pods = fleet.furtherPods(reservations);
      servers.schedule(pods);
      // Longer than the measurement, so that one run sees all of it.
      String reconcile = "{watch: true, periodSeconds: 300}";
      try (FunctionJvm function = FunctionJvm.start(servers, reconcile, heap, 1)) {
        JsonNode pass =
            function
                .next()
                .orElseThrow(() -> new IllegalStateException("the function ended before its pass"));
        List<Reaction> reactions = new ArrayList<>();
        for (Pod pod : pods) {
          reactions.add(reaction(servers, pod));
        }
        print(fleet, reactions, out);
        out.printf(
            Locale.ROOT,
            "  memory after the pass: heap at most %.0f MiB, RSS at most %.0f MB%n",
            pass.path("heapMib").asDouble(),
            pass.path("rssMb").asDouble());
        return reactions;
      }
    }
  }

  private static Reaction reaction(FleetServers servers, Pod pod) {
    servers.cloud().calls().clear();
    Instant begin = Instant.now();
    servers.reserve(pod);
    Instant written = Instant.now();
    Instant end = written.plus(PATIENCE);
    while (Instant.now().isBefore(end)) {
      Optional<Call> call =
          servers.cloud().calls().of(ASSIGN).stream()
              .filter(one -> one.params().containsValue(pod.address().toString()))
              .findFirst();
      if (call.isPresent()) {
        Instant arrived = call.get().at();
        return new Reaction(Duration.between(begin, arrived), Duration.between(written, arrived));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    throw new IllegalStateException(
        "%s of %s was not assigned within %s".formatted(pod.address(), pod.ref(), PATIENCE));
  }

  private static void print(Fleet fleet, List<Reaction> reactions, PrintStream out) {
    out.printf(
        "%d nodes, %d pods: %d reservations one after the other%n",
        fleet.nodes(), fleet.pods().size(), reactions.size());
    row("from before the write", reactions.stream().map(Reaction::fromBegin).toList(), out);
    row("from the end of the write", reactions.stream().map(Reaction::fromWritten).toList(), out);
  }

  private static void row(String what, List<Duration> durations, PrintStream out) {
    List<Duration> sorted = new ArrayList<>(durations);
    Collections.sort(sorted);
    out.printf(
        Locale.ROOT,
        "  %s: median %.1f ms, p90 %.1f ms, p99 %.1f ms, most %.1f ms%n",
        what,
        millis(sorted, 0.5),
        millis(sorted, 0.9),
        millis(sorted, 0.99),
        millis(sorted, 1));
  }

  private static double millis(List<Duration> sorted, double part) {
    int index = Math.max(0, (int) Math.ceil(part * sorted.size()) - 1);
    return sorted.get(index).toNanos() / 1e6;
  }
}
