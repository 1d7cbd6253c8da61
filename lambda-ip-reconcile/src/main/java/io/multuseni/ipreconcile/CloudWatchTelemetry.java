// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.base.EmbeddedMetrics;
import io.multuseni.base.Json;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.core.report.ReconcileReport.UnplacedAddress;
import java.io.PrintStream;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A JSON log line per report and CloudWatch embedded metrics, both on standard output, from which
 * Lambda takes them.
 */
final class CloudWatchTelemetry implements Telemetry {
  private final PrintStream log;
  private final EmbeddedMetrics metrics;

  CloudWatchTelemetry(String cluster, PrintStream log) {
    this.log = log;
    this.metrics = new EmbeddedMetrics(cluster);
  }

  @Override
  public void reconciled(ReconcileReport report) {
    log.println(Json.logLine(levelOf(report), messageOf(report), report));
    metrics.begin();
    metrics.count("AddressesAssigned", report.assigned().size());
    metrics.count("AddressesMoved", report.moved().size());
    metrics.count("AddressesReleased", report.released().size());
    metrics.count("AddressesPendingRelease", report.pendingRelease().size());
    metrics.count("AddressesUnplaced", report.unplaced().size());
    metrics.count("AddressesKept", report.kept());
    metrics.count("ReleaseGuardTripped", report.guard() == null ? 0 : 1);
    metrics.count("ReconcileUnfinished", report.unfinished().size());
    metrics.count("ReconcileProblems", report.problems().size());
    metrics.count("Throttles", report.throttled());
    if (report.drift() != null) {
      metrics.count("Drift", report.drift());
    }
    if (report.kind() == ReconcileReport.Kind.PASS) {
      metrics.count("ReconcilePasses", report.drift() == null ? 0 : 1);
      metrics.seconds("ReconcileSeconds", report.millis() / 1000.0);
    }
    metrics.flush();
    report.unplaced().stream()
        .collect(
            Collectors.groupingBy(UnplacedAddress::reason, TreeMap::new, Collectors.counting()))
        .forEach((reason, count) -> {
          metrics.begin("Reason", reason);
          metrics.count("UnplacedByReason", count);
          metrics.flush();
        });
  }

  private static String messageOf(ReconcileReport report) {
    if (report.guard() != null && report.drift() == null) {
      return report.guard().message();
    }
    return "%s: %d assigned, %d moved, %d released, %d pending, %d unplaced, %d kept%s"
        .formatted(
            report.kind() == ReconcileReport.Kind.PASS ? "reconciled" : "watched",
            report.assigned().size(),
            report.moved().size(),
            report.released().size(),
            report.pendingRelease().size(),
            report.unplaced().size(),
            report.kept(),
            report.drift() == null ? "" : ", drift " + report.drift());
  }

  private static String levelOf(ReconcileReport report) {
    if (report.guard() != null) {
      return "ERROR";
    }
    // A watch in which nothing happened compared nothing, and that is well.
    boolean noDrift =
        report.drift() == null ? report.kind() == ReconcileReport.Kind.WATCH : report.drift() == 0;
    boolean quiet = noDrift && report.unfinished().isEmpty() && report.problems().isEmpty();
    return quiet ? "INFO" : "WARN";
  }
}
