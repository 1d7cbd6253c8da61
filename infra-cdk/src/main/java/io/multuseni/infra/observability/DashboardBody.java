// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.observability;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.multuseni.core.report.MetricNames;
import java.util.List;

/**
 * A dashboard as CloudWatch takes it (CloudWatch user guide, dashboard body structure and syntax):
 * launches above, addresses below them, the functions at the bottom.
 */
public final class DashboardBody {
  private static final int WIDTH = 8;
  private static final int HEIGHT = 6;
  private static final int COLUMNS = 3;
  private static final int ALARMS_HEIGHT = 3;
  private static final int MINUTE = 60;

  private final Watched watched;
  private final String region;
  private final ArrayNode widgets = JsonNodeFactory.instance.arrayNode();
  private int graphs;

  private DashboardBody(Watched watched, String region) {
    this.watched = watched;
    this.region = region;
  }

  /**
   * Writes it.
   *
   * @param watched what is shown
   * @param region of the metrics, or a token for it
   * @param alarms ARNs of the alarms, or tokens for them
   */
  public static String of(Watched watched, String region, List<String> alarms) {
    DashboardBody body = new DashboardBody(watched, region);
    body.alarms(alarms);
    body.launches();
    body.addresses();
    body.functions();
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.set("widgets", body.widgets);
    return root.toString();
  }

  private void alarms(List<String> arns) {
    ObjectNode properties =
        widget("alarm", 0, 0, COLUMNS * WIDTH, ALARMS_HEIGHT)
            .put("title", "Alarms of " + watched.cluster());
    ArrayNode alarms = properties.putArray("alarms");
    arns.forEach(alarms::add);
  }

  private void launches() {
    Graph ready = graph("Nodes ready per minute", "Sum");
    ready.ours(MetricNames.NODES_READY);
    Graph seconds = graph("Seconds from launch event to CONTINUE", "p50");
    seconds.ours(MetricNames.SECONDS_TO_CONTINUE, "p50");
    seconds.ours(MetricNames.SECONDS_TO_CONTINUE, "p99");
    graph("ABANDONs by reason", "Sum").byReason(MetricNames.ABANDONS_BY_REASON, "Sum");
    Graph repeated = graph("Launches once more, held, repaired", "Sum");
    repeated.ours(MetricNames.RETRIES);
    repeated.ours(MetricNames.LAUNCHES_HELD, "Maximum");
    repeated.ours(MetricNames.SWEEP_REPAIRS);
    repeated.ours(MetricNames.FINDINGS, "Maximum");
    Graph waiting = graph("Events in dead-letter queues", "Maximum");
    watched.deadLetters().forEach(queue -> waiting.metric(Metric.waitingIn(queue)));
    graph("Calls that AWS throttled", "Sum").ours(MetricNames.THROTTLES);
  }

  private void addresses() {
    Graph changes = graph("Addresses assigned, moved, released", "Sum");
    changes.ours(MetricNames.ADDRESSES_ASSIGNED);
    changes.ours(MetricNames.ADDRESSES_MOVED);
    changes.ours(MetricNames.ADDRESSES_RELEASED);
    Graph unplaced = graph("Reservations that could not be served", "Maximum");
    unplaced.ours(MetricNames.ADDRESSES_UNPLACED);
    unplaced.byReason(MetricNames.UNPLACED_BY_REASON, "Maximum");
    Graph drift = graph("Drift", "Maximum");
    drift.ours(MetricNames.DRIFT);
    drift.ours(MetricNames.RECONCILE_UNFINISHED);
    drift.ours(MetricNames.ADDRESSES_PENDING_RELEASE);
    drift.ours(MetricNames.RELEASE_GUARD_TRIPPED, "Sum");
    graph("Passes per minute", "Sum").ours(MetricNames.RECONCILE_PASSES);
    Graph passSeconds = graph("Seconds of a pass", "p50");
    passSeconds.ours(MetricNames.RECONCILE_SECONDS, "p50");
    passSeconds.ours(MetricNames.RECONCILE_SECONDS, "p99");
    Graph kept = graph("Addresses that were in their place", "Maximum");
    kept.ours(MetricNames.ADDRESSES_KEPT);
  }

  private void functions() {
    perFunction("Runs at a time", "ConcurrentExecutions", "Maximum");
    perFunction("Errors", "Errors", "Sum");
    perFunction("Duration in milliseconds, p99", "Duration", "p99");
    perFunction("Runs that Lambda throttled", "Throttles", "Sum");
  }

  private void perFunction(String title, String name, String statistic) {
    Graph graph = graph(title, statistic);
    watched.functions().forEach(function -> graph.metric(Metric.ofFunction(name, function)));
  }

  /** One more graph, beside the last or below it; a value per minute. */
  private Graph graph(String title, String statistic) {
    ObjectNode properties =
        widget(
            "metric",
            WIDTH * (graphs % COLUMNS),
            ALARMS_HEIGHT + HEIGHT * (graphs / COLUMNS),
            WIDTH,
            HEIGHT);
    graphs++;
    properties
        .put("title", title)
        .put("view", "timeSeries")
        .put("stacked", false)
        .put("region", region)
        .put("period", MINUTE)
        .put("stat", statistic);
    properties.putObject("yAxis").putObject("left").put("min", 0);
    return new Graph(watched.cluster(), properties.putArray("metrics"));
  }

  private ObjectNode widget(String type, int x, int y, int width, int height) {
    return widgets
        .addObject()
        .put("type", type)
        .put("x", x)
        .put("y", y)
        .put("width", width)
        .put("height", height)
        .putObject("properties");
  }

  /** Lines of a graph. */
  private record Graph(String cluster, ArrayNode lines) {
    void ours(String name) {
      metric(Metric.ours(name, cluster));
    }

    void ours(String name, String statistic) {
      line(Metric.ours(name, cluster))
          .addObject()
          .put("stat", statistic)
          .put("label", statistic.startsWith("p") ? statistic : name);
    }

    void metric(Metric metric) {
      line(metric);
    }

    /** A line for each reason that has occurred: nobody lists them beforehand. */
    void byReason(String name, String statistic) {
      String search =
          "SEARCH('{\"%s\",%s,%s} MetricName=\"%s\" %s=\"%s\"', '%s', %d)"
              .formatted(
                  MetricNames.NAMESPACE,
                  MetricNames.CLUSTER,
                  MetricNames.REASON,
                  name,
                  MetricNames.CLUSTER,
                  cluster,
                  statistic,
                  MINUTE);
      lines
          .addArray()
          .addObject()
          .put("expression", search)
          .put("label", "${PROP('Dim." + MetricNames.REASON + "')}");
    }

    private ArrayNode line(Metric metric) {
      return lines
          .addArray()
          .add(metric.namespace())
          .add(metric.name())
          .add(metric.dimension())
          .add(metric.value());
    }
  }
}
