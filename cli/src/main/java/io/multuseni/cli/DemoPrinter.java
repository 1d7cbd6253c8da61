// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.multuseni.cli.DemoResult.Launch;
import io.multuseni.cli.DemoResult.Totals;
import io.multuseni.core.report.AttachReport.AttachedInterface;
import io.multuseni.core.report.ReconcileReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints what a demonstration came to. */
final class DemoPrinter {
  private final Terminal terminal;

  DemoPrinter(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * For people: a table per node, the totals, a table per reconciliation; what is wrong goes to
   * standard error.
   */
  void people(DemoResult result) {
    ReportPrinter reports = new ReportPrinter(terminal);
    for (Launch launch : result.launches()) {
      reports.launch(launch.report(), launch.seconds());
      terminal.out().println();
    }
    totals(result);
    reconciliations(result);
    complain(result.problems());
    terminal.out().flush();
  }

  private void reconciliations(DemoResult result) {
    terminal.out().println();
    terminal.out().println(terminal.strong("Reconciliation"));
    if (result.reconciliations().isEmpty()) {
      terminal.out().println("  skipped, since not all launches are right");
      return;
    }
    terminal
        .out()
        .println("  releaseGraceSeconds is 0 here, so that nobody waits; the default is 60");
    int run = 0;
    for (DemoResult.Reconciled one : result.reconciliations()) {
      ReconcileReport report = one.report();
      terminal.out().println();
      terminal.out().println("  " + one.story());
      terminal
          .out()
          .println(
              "  run %d: %d assigned, %d moved, %d released; %s"
                  .formatted(
                      ++run,
                      report.assigned().size(),
                      report.moved().size(),
                      report.released().size(),
                      Terminal.seconds(report.millis() / 1000.0)));
      seats(one.seats());
    }
  }

  private void seats(List<DemoResult.Seat> seats) {
    if (seats.isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("pod", "address", "node", "interface", "index", "routable"));
    for (DemoResult.Seat seat : seats) {
      rows.add(
          List.of(
              seat.pod(),
              seat.address(),
              seat.node(),
              seat.networkInterfaceId(),
              Integer.toString(seat.deviceIndex()),
              seat.routable() ? "yes" : "no"));
    }
    List<String> lines = Table.lines(rows);
    terminal.out().println("    " + terminal.faint(lines.getFirst()));
    lines.stream().skip(1).forEach(line -> terminal.out().println("    " + line));
  }

  private void totals(DemoResult result) {
    Totals totals = result.totals();
    long continued =
        result.launches().stream()
            .filter(one -> one.report().outcome().name().equals("CONTINUE"))
            .count();
    int calls = totals.apiCalls().values().stream().mapToInt(Integer::intValue).sum();
    terminal.out().println(terminal.strong("Totals"));
    line("nodes", "%d of %d CONTINUE".formatted(continued, result.launches().size()));
    line("API calls", Integer.toString(calls));
    int widest = totals.apiCalls().keySet().stream().mapToInt(String::length).max().orElse(0);
    totals
        .apiCalls()
        .forEach((action, count) ->
            terminal
                .out()
                .println(String.format(Locale.ROOT, "    %-" + widest + "s %5d", action, count)));
    line("throttled", Integer.toString(totals.throttled()));
    line("time", Terminal.seconds(totals.seconds()));
    line("critical path", Terminal.seconds(totals.criticalPathSeconds()) + " for one node");
  }

  private void line(String name, String value) {
    terminal.out().println(String.format(Locale.ROOT, "  %-14s %s", name, value));
  }

  /** For programs: one JSON object on standard output. */
  void json(DemoResult result) {
    ObjectNode root = JsonOut.object();
    ArrayNode launches = root.putArray("launches");
    result.launches().forEach(launch -> launches.add(tree(launch)));
    ArrayNode reconciliations = root.putArray("reconciliations");
    result.reconciliations().forEach(run -> reconciliations.add(JsonOut.tree(run.report())));
    ObjectNode totals = root.putObject("totals");
    ObjectNode calls = totals.putObject("apiCalls");
    result.totals().apiCalls().forEach(calls::put);
    totals.put("throttled", result.totals().throttled());
    totals.put("seconds", result.totals().seconds());
    totals.put("criticalPathSeconds", result.totals().criticalPathSeconds());
    terminal.out().println(JsonOut.text(root));
    terminal.out().flush();
    complain(result.problems());
  }

  /** The report, with what only the demonstration knows: the time, and the tags in the cloud. */
  private static ObjectNode tree(Launch launch) {
    ObjectNode tree = JsonOut.tree(launch.report());
    launch.seconds().ifPresent(seconds -> tree.put("seconds", seconds));
    ArrayNode interfaces = tree.withArray("interfaces");
    List<AttachedInterface> reported = launch.report().interfaces();
    for (int i = 0; i < reported.size(); i++) {
      String id = String.valueOf(reported.get(i).networkInterfaceId());
      ObjectNode tags = ((ObjectNode) interfaces.get(i)).putObject("tags");
      sorted(launch.tags().getOrDefault(id, Map.of())).forEach(tags::put);
    }
    return tree;
  }

  private static Map<String, String> sorted(Map<String, String> tags) {
    return tags.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, java.util.LinkedHashMap::new));
  }

  private void complain(List<String> problems) {
    if (!problems.isEmpty()) {
      terminal.err().println(terminal.bad("The goal is not reached:"));
      problems.forEach(problem -> terminal.err().println("  " + problem));
    }
  }
}
