// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.observability;

import io.multuseni.core.report.MetricNames;

/**
 * A CloudWatch metric.
 *
 * @param namespace such as {@code AWS/Lambda}
 * @param name of the metric
 * @param dimension its only dimension
 * @param value of the dimension
 */
public record Metric(String namespace, String name, String dimension, String value) {
  /** One that the functions write for a cluster. */
  static Metric ours(String name, String cluster) {
    return new Metric(MetricNames.NAMESPACE, name, MetricNames.CLUSTER, cluster);
  }

  /** One that Lambda writes for a function, over all its versions. */
  static Metric ofFunction(String name, String function) {
    return new Metric("AWS/Lambda", name, "FunctionName", function);
  }

  /** How many messages wait in a queue. */
  static Metric waitingIn(String queue) {
    return new Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue);
  }
}
