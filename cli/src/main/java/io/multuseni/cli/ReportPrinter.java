// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.AttachReport.AttachedInterface;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.core.report.SweepReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints reports of the functions for people. */
final class ReportPrinter {
  private final Terminal terminal;

  ReportPrinter(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * A node: a heading with the outcome, the reason where it isn't CONTINUE, a table of its slots.
   *
   * @param seconds from the event to the completed action, where that is known
   */
  void launch(AttachReport report, OptionalDouble seconds) {
    List<String> heading = new ArrayList<>();
    heading.add(terminal.strong(orDash(report.instanceId())));
    if (report.availabilityZone() != null) {
      heading.add(report.availabilityZone());
    }
    heading.add(outcome(report.outcome()));
    seconds.ifPresent(value -> heading.add(Terminal.seconds(value)));
    terminal.out().println(String.join("  ", heading));
    if (report.outcome() != AttachReport.Outcome.CONTINUE || report.dryRun()) {
      String reason = report.reason() == null ? "" : report.reason() + ": ";
      terminal.out().println("  " + reason + report.message());
    }
    if (!report.interfaces().isEmpty()) {
      table(report.interfaces());
    }
  }

  /** A node as {@code replay} shows it: with the calls that it took. */
  void replayed(AttachReport report) {
    launch(report, OptionalDouble.empty());
    if (report.outcome() == AttachReport.Outcome.CONTINUE && !report.dryRun()) {
      terminal.out().println("  " + report.message());
    }
    calls(report.apiCalls(), report.throttled(), report.millis());
    terminal.out().flush();
  }

  /** A sweep. */
  void swept(SweepReport report) {
    terminal.out().println(terminal.strong("sweep") + (report.dryRun() ? "  dry run" : ""));
    list("heartbeats", report.heartbeats());
    list("marked as unused", report.marked());
    list("deleted", report.deleted());
    list(
        "findings",
        report.findings().stream()
            .map(one -> "%s %s: %s".formatted(one.kind(), one.resource(), one.message()))
            .toList());
    list("unfinished", report.unfinished());
    for (AttachReport launch : report.launches()) {
      launch(launch, OptionalDouble.empty());
    }
    for (AttachReport termination : report.terminations()) {
      launch(termination, OptionalDouble.empty());
    }
    calls(report.apiCalls(), report.throttled(), report.millis());
    terminal.out().flush();
  }

  /** A reconciliation. */
  void reconciled(ReconcileReport report) {
    terminal
        .out()
        .println(
            terminal.strong("reconciliation of " + report.cluster())
                + (report.dryRun() ? "  dry run, nothing changed" : ""));
    table(
        "assigned",
        List.of("address", "pod", "node", "instance", "interface", "index"),
        report.assigned(),
        one ->
            List.of(
                one.address(),
                one.podRef(),
                one.node(),
                one.instanceId(),
                one.networkInterfaceId(),
                Integer.toString(one.deviceIndex())));
    table(
        "moved",
        List.of("address", "pod", "node", "instance", "from", "interface", "index"),
        report.moved(),
        one ->
            List.of(
                one.address(),
                one.podRef(),
                one.node(),
                one.instanceId(),
                one.fromNetworkInterfaceId(),
                one.networkInterfaceId(),
                Integer.toString(one.deviceIndex())));
    List<String> ofRelease = List.of("address", "interface", "reason");
    table("released", ofRelease, report.released(), ReportPrinter::cells);
    table("pending release", ofRelease, report.pendingRelease(), ReportPrinter::cells);
    table(
        "unplaced",
        List.of("address", "pod", "reason", "message"),
        report.unplaced(),
        one -> List.of(one.address(), one.podRef(), one.reason(), one.message()));
    terminal.out().println("  kept: " + report.kept());
    Integer drift = report.drift();
    String told = drift == null ? "unknown" : drift.toString();
    terminal
        .out()
        .println("  drift: " + (told.equals("0") ? terminal.good(told) : terminal.bad(told)));
    ReconcileReport.Guard guard = report.guard();
    terminal
        .out()
        .println(
            "  guard: "
                + (guard == null ? "none" : terminal.bad(guard.kind()) + ": " + guard.message()));
    list("problems", report.problems());
    list("unfinished", report.unfinished());
    calls(report.apiCalls(), report.throttled(), report.millis());
    terminal.out().println("  " + counted("Kubernetes requests", report.kubernetesCalls()));
    terminal.out().flush();
  }

  private static List<String> cells(ReconcileReport.Released one) {
    return List.of(one.address(), one.networkInterfaceId(), one.reason());
  }

  private <T> void table(
      String name, List<String> columns, List<T> items, Function<T, List<String>> cells) {
    if (items.isEmpty()) {
      list(name, List.of());
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(columns);
    items.forEach(item -> rows.add(cells.apply(item)));
    List<String> lines = Table.lines(rows);
    terminal.out().println("  " + name + ":");
    terminal.out().println("    " + terminal.faint(lines.getFirst()));
    lines.stream().skip(1).forEach(line -> terminal.out().println("    " + line));
  }

  private void list(String name, List<String> items) {
    if (items.isEmpty()) {
      terminal.out().println("  " + name + ": none");
      return;
    }
    terminal.out().println("  " + name + ":");
    items.forEach(item -> terminal.out().println("    " + item));
  }

  private void calls(Map<String, Integer> byAction, int throttled, long millis) {
    terminal
        .out()
        .println(
            "  %s; %d throttled; %d ms"
                .formatted(counted("API calls", byAction), throttled, millis));
  }

  private static String counted(String what, Map<String, Integer> byAction) {
    int all = byAction.values().stream().mapToInt(Integer::intValue).sum();
    return byAction.entrySet().stream()
        .map(one -> one.getKey() + " " + one.getValue())
        .collect(Collectors.joining(", ", all + " " + what + (all == 0 ? "" : ": "), ""));
  }

  private void table(List<AttachedInterface> interfaces) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "card/index",
            "network",
            "interface",
            "subnet",
            "address",
            "MAC",
            "pciBusID (predicted)",
            "name (predicted)"));
    for (AttachedInterface one : interfaces) {
      rows.add(
          List.of(
              one.networkCardIndex() + "/" + one.deviceIndex(),
              one.network(),
              orDash(one.networkInterfaceId()),
              orDash(one.subnetId()),
              orDash(one.privateIpAddress()),
              orDash(one.macAddress()),
              orDash(one.pciBusId()),
              orDash(one.interfaceName())));
    }
    List<String> lines = Table.lines(rows);
    terminal.out().println("  " + terminal.faint(lines.getFirst()));
    lines.stream().skip(1).forEach(line -> terminal.out().println("  " + line));
  }

  private String outcome(AttachReport.Outcome outcome) {
    return switch (outcome) {
      case CONTINUE -> terminal.good(outcome.name());
      case IGNORED -> outcome.name();
      case ABANDON, RETRY -> terminal.bad(outcome.name());
    };
  }

  private static String orDash(@Nullable String text) {
    return text == null ? "-" : text;
  }
}
