// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.base.EmbeddedMetrics;
import io.multuseni.base.Json;
import io.multuseni.core.report.MetricNames;
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
  private final EmbeddedMetrics metrics = new EmbeddedMetrics();

  CloudWatchTelemetry(PrintStream log) {
    this.log = log;
  }

  @Override
  public void reconciled(ReconcileReport report) {
    log.println(Json.logLine(levelOf(report), messageOf(report), report));
    // Without a configuration there is no cluster yet to count for.
    if (!report.cluster().isEmpty()) {
      measure(report);
    }
  }

  @Override
  public void ranOnOlderConfiguration(String cluster) {
    metrics.begin(cluster);
    metrics.count(MetricNames.CONFIGURATION_STALE, 1);
    metrics.flush();
  }

  private void measure(ReconcileReport report) {
    metrics.begin(report.cluster());
    metrics.count(MetricNames.ADDRESSES_ASSIGNED, report.assigned().size());
    metrics.count(MetricNames.ADDRESSES_MOVED, report.moved().size());
    metrics.count(MetricNames.ADDRESSES_RELEASED, report.released().size());
    metrics.count(MetricNames.ADDRESSES_PENDING_RELEASE, report.pendingRelease().size());
    metrics.count(MetricNames.ADDRESSES_UNPLACED, report.unplaced().size());
    metrics.count(MetricNames.ADDRESSES_KEPT, report.kept());
    metrics.count(MetricNames.RELEASE_GUARD_TRIPPED, report.guard() == null ? 0 : 1);
    metrics.count(MetricNames.RECONCILE_UNFINISHED, report.unfinished().size());
    metrics.count(MetricNames.RECONCILE_PROBLEMS, report.problems().size());
    metrics.count(MetricNames.THROTTLES, report.throttled());
    if (report.drift() != null) {
      metrics.count(MetricNames.DRIFT, report.drift());
    }
    if (report.kind() == ReconcileReport.Kind.PASS) {
      metrics.count(MetricNames.RECONCILE_PASSES, report.drift() == null ? 0 : 1);
      metrics.seconds(MetricNames.RECONCILE_SECONDS, report.millis() / 1000.0);
    }
    metrics.flush();
    report.unplaced().stream()
        .collect(
            Collectors.groupingBy(UnplacedAddress::reason, TreeMap::new, Collectors.counting()))
        .forEach((reason, count) -> {
          metrics.begin(report.cluster(), MetricNames.REASON, reason);
          metrics.count(MetricNames.UNPLACED_BY_REASON, count);
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
