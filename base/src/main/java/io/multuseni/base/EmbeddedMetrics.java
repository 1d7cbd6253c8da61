// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

import io.multuseni.core.report.MetricNames;
import software.amazon.lambda.powertools.metrics.Metrics;
import software.amazon.lambda.powertools.metrics.model.DimensionSet;
import software.amazon.lambda.powertools.metrics.model.MetricUnit;
import software.amazon.lambda.powertools.metrics.provider.EmfMetricsProvider;

/**
 * CloudWatch embedded metrics on standard output, from which Lambda takes them. Namespace {@code
 * multus-eni}, dimension {@code Cluster} and at most one more.
 */
public final class EmbeddedMetrics {
  private final Metrics metrics;

  /** Of no cluster yet. */
  public EmbeddedMetrics() {
    // Not by MetricsFactory: before a snapshot that would load every class of Powertools, and fail
    // with the init where one can't be linked, as its aspects can't without AspectJ.
    this.metrics = new EmfMetricsProvider().getMetricsInstance();
    metrics.setNamespace(MetricNames.NAMESPACE);
  }

  /** Begins a group of metrics of a cluster. */
  public void begin(String cluster) {
    begin(DimensionSet.of(MetricNames.CLUSTER, cluster));
  }

  /** Begins a group with a further dimension. */
  public void begin(String cluster, String dimension, String value) {
    begin(DimensionSet.of(MetricNames.CLUSTER, cluster, dimension, value));
  }

  /**
   * The library adds log group and service as further dimensions, and an alarm that names only the
   * cluster would never see a value then.
   */
  private void begin(DimensionSet only) {
    metrics.clearDefaultDimensions();
    metrics.addDimension(only);
  }

  /** Adds a number of things. */
  public void count(String name, long value) {
    metrics.addMetric(name, (double) value, MetricUnit.COUNT);
  }

  /** Adds a time in seconds. */
  public void seconds(String name, double value) {
    metrics.addMetric(name, value, MetricUnit.SECONDS);
  }

  /** Ends the group. */
  public void flush() {
    metrics.flush();
  }
}
