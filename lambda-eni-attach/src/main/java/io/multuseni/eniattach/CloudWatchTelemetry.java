// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.base.Json;
import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.AttachReport.AttachedInterface;
import io.multuseni.core.report.SweepReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import software.amazon.lambda.powertools.metrics.Metrics;
import software.amazon.lambda.powertools.metrics.MetricsFactory;
import software.amazon.lambda.powertools.metrics.model.DimensionSet;
import software.amazon.lambda.powertools.metrics.model.MetricUnit;

/**
 * A JSON log line per report and CloudWatch embedded metrics, both on standard output, from which
 * Lambda takes them. Namespace {@code multus-eni}, dimension {@code Cluster}.
 */
final class CloudWatchTelemetry implements Telemetry {
  private static final String NAMESPACE = "multus-eni";

  private final String cluster;
  private final PrintStream log;
  private final Metrics metrics;

  CloudWatchTelemetry(String cluster, PrintStream log) {
    this.cluster = cluster;
    this.log = log;
    this.metrics = MetricsFactory.getMetricsInstance();
    metrics.setNamespace(NAMESPACE);
  }

  @Override
  public void attached(AttachReport report, Duration sinceEvent) {
    log.println(Json.logLine(levelOf(report), report.message(), report));
    if (report.outcome() == AttachReport.Outcome.IGNORED) {
      return;
    }
    dimensions(DimensionSet.of("Cluster", cluster));
    if (isReady(report)) {
      metrics.addMetric("SecondsToContinue", sinceEvent.toMillis() / 1000.0, MetricUnit.SECONDS);
    }
    count(List.of(report));
    metrics.addMetric("Throttles", report.throttled(), MetricUnit.COUNT);
    metrics.flush();
    countReasons(List.of(report));
  }

  /**
   * The library adds log group and service as further dimensions, and an alarm that names only the
   * cluster would never see a value then.
   */
  private void dimensions(DimensionSet only) {
    metrics.clearDefaultDimensions();
    metrics.addDimension(only);
  }

  /** What launches come to, whichever function saw them through. */
  private void count(List<AttachReport> reports) {
    metrics.addMetric(
        "NodesReady",
        (double) reports.stream().filter(CloudWatchTelemetry::isReady).count(),
        MetricUnit.COUNT);
    metrics.addMetric("Abandons", counted(reports, AttachReport.Outcome.ABANDON), MetricUnit.COUNT);
    metrics.addMetric("Retries", counted(reports, AttachReport.Outcome.RETRY), MetricUnit.COUNT);
    metrics.addMetric(
        "InterfacesCreated",
        (double)
            reports.stream()
                .flatMap(report -> report.interfaces().stream())
                .filter(AttachedInterface::created)
                .count(),
        MetricUnit.COUNT);
  }

  private void countReasons(List<AttachReport> reports) {
    for (AttachReport report : reports) {
      if (report.outcome() == AttachReport.Outcome.ABANDON) {
        dimensions(DimensionSet.of("Cluster", cluster, "Reason", String.valueOf(report.reason())));
        metrics.addMetric("AbandonsByReason", 1, MetricUnit.COUNT);
        metrics.flush();
      }
    }
  }

  private static double counted(List<AttachReport> reports, AttachReport.Outcome outcome) {
    return reports.stream().filter(report -> report.outcome() == outcome).count();
  }

  private static boolean isReady(AttachReport report) {
    // A repeated event finds its node ready; it was counted when it became so.
    return report.outcome() == AttachReport.Outcome.CONTINUE
        && !report.interfaces().isEmpty()
        && (report.completed()
            || report.interfaces().stream().anyMatch(AttachedInterface::created));
  }

  @Override
  public void swept(SweepReport report) {
    String message =
        "swept: %d heartbeat(s), %d launch(es), %d interface(s) deleted, %d finding(s), %d unfinished"
            .formatted(
                report.heartbeats().size(),
                report.launches().size(),
                report.deleted().size(),
                report.findings().size(),
                report.unfinished().size());
    log.println(Json.logLine(levelOf(report), message, report));
    dimensions(DimensionSet.of("Cluster", cluster));
    metrics.addMetric(
        "SweepRepairs",
        (double) repairs(report.launches())
            + repairs(report.terminations())
            + report.deleted().size(),
        MetricUnit.COUNT);
    count(report.launches());
    metrics.addMetric(
        "LaunchesHeld",
        (double) report.findings().stream().filter(one -> one.kind().equals("GROUP_HELD")).count(),
        MetricUnit.COUNT);
    metrics.addMetric("Findings", report.findings().size(), MetricUnit.COUNT);
    metrics.addMetric("Throttles", report.throttled(), MetricUnit.COUNT);
    metrics.flush();
    countReasons(report.launches());
  }

  private static long repairs(List<AttachReport> reports) {
    return reports.stream().filter(report -> report.completed() || isReady(report)).count();
  }

  private static String levelOf(SweepReport report) {
    if (counted(report.launches(), AttachReport.Outcome.ABANDON) > 0) {
      return "ERROR";
    }
    boolean quiet =
        report.findings().isEmpty()
            && report.unfinished().isEmpty()
            && counted(report.launches(), AttachReport.Outcome.RETRY) == 0;
    return quiet ? "INFO" : "WARN";
  }

  private static String levelOf(AttachReport report) {
    return switch (report.outcome()) {
      case CONTINUE, IGNORED -> "INFO";
      case RETRY -> "WARN";
      case ABANDON -> "ERROR";
    };
  }
}
