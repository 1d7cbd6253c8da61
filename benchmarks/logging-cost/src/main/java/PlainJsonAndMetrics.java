// SPDX-License-Identifier: Apache-2.0
import software.amazon.lambda.powertools.metrics.Metrics;
import software.amazon.lambda.powertools.metrics.MetricsFactory;
import software.amazon.lambda.powertools.metrics.model.MetricUnit;

/** The same line, and one metric through Powertools. */
public class PlainJsonAndMetrics {
  public static void main(String[] args) throws Exception {
    PlainJson.main(args);
    Metrics metrics = MetricsFactory.getMetricsInstance();
    metrics.setNamespace("multus-eni");
    metrics.addMetric("NodesReady", 1, MetricUnit.COUNT);
    metrics.flush();
  }
}
