// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.multuseni.cli.DemoResult.Launch;
import io.multuseni.cli.DemoResult.Totals;
import io.multuseni.core.report.AttachReport.AttachedInterface;
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

  /** For people: a table per node, then the totals; what is wrong goes to standard error. */
  void people(DemoResult result) {
    ReportPrinter reports = new ReportPrinter(terminal);
    for (Launch launch : result.launches()) {
      reports.launch(launch.report(), launch.seconds());
      terminal.out().println();
    }
    totals(result);
    complain(result.problems());
    terminal.out().flush();
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
