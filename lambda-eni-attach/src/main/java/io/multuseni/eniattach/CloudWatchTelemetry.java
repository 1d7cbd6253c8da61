// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.base.EmbeddedMetrics;
import io.multuseni.base.Json;
import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.AttachReport.AttachedInterface;
import io.multuseni.core.report.MetricNames;
import io.multuseni.core.report.SweepReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A JSON log line per report and CloudWatch embedded metrics, both on standard output, from which
 * Lambda takes them.
 */
final class CloudWatchTelemetry implements Telemetry {
  private final Supplier<Optional<String>> cluster;
  private final PrintStream log;
  private final EmbeddedMetrics metrics = new EmbeddedMetrics();

  /**
   * Writes to a log.
   *
   * @param cluster the cluster's name; empty as long as no configuration was read, and then a
   *     report has no metrics
   * @param log where to write to
   */
  CloudWatchTelemetry(Supplier<Optional<String>> cluster, PrintStream log) {
    this.cluster = cluster;
    this.log = log;
  }

  @Override
  public void attached(AttachReport report, Duration sinceEvent) {
    log.println(Json.logLine(levelOf(report), report.message(), report));
    if (report.outcome() != AttachReport.Outcome.IGNORED) {
      cluster.get().ifPresent(name -> measure(name, report, sinceEvent));
    }
  }

  private void measure(String cluster, AttachReport report, Duration sinceEvent) {
    metrics.begin(cluster);
    if (isReady(report)) {
      metrics.seconds(MetricNames.SECONDS_TO_CONTINUE, sinceEvent.toMillis() / 1000.0);
    }
    count(List.of(report));
    metrics.count(MetricNames.THROTTLES, report.throttled());
    metrics.flush();
    countReasons(cluster, List.of(report));
  }

  /** What launches come to, whichever function saw them through. */
  private void count(List<AttachReport> reports) {
    metrics.count(
        MetricNames.NODES_READY, reports.stream().filter(CloudWatchTelemetry::isReady).count());
    metrics.count(MetricNames.ABANDONS, counted(reports, AttachReport.Outcome.ABANDON));
    metrics.count(MetricNames.RETRIES, counted(reports, AttachReport.Outcome.RETRY));
    metrics.count(
        MetricNames.INTERFACES_CREATED,
        reports.stream()
            .flatMap(report -> report.interfaces().stream())
            .filter(AttachedInterface::created)
            .count());
  }

  private void countReasons(String cluster, List<AttachReport> reports) {
    for (AttachReport report : reports) {
      if (report.outcome() == AttachReport.Outcome.ABANDON) {
        metrics.begin(cluster, MetricNames.REASON, String.valueOf(report.reason()));
        metrics.count(MetricNames.ABANDONS_BY_REASON, 1);
        metrics.flush();
      }
    }
  }

  private static long counted(List<AttachReport> reports, AttachReport.Outcome outcome) {
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
    cluster.get().ifPresent(name -> measure(name, report));
  }

  @Override
  public void ranOnOlderConfiguration(String cluster) {
    metrics.begin(cluster);
    metrics.count(MetricNames.CONFIGURATION_STALE, 1);
    metrics.flush();
  }

  private void measure(String cluster, SweepReport report) {
    metrics.begin(cluster);
    metrics.count(
        MetricNames.SWEEP_REPAIRS,
        repairs(report.launches()) + repairs(report.terminations()) + report.deleted().size());
    count(report.launches());
    metrics.count(
        MetricNames.LAUNCHES_HELD,
        report.findings().stream().filter(one -> one.kind().equals("GROUP_HELD")).count());
    metrics.count(MetricNames.FINDINGS, report.findings().size());
    metrics.count(MetricNames.THROTTLES, report.throttled());
    metrics.flush();
    countReasons(cluster, report.launches());
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
