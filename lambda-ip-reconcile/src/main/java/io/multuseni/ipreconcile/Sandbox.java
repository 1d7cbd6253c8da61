// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.aws.AwsClients;
import io.multuseni.base.Environment;
import io.multuseni.base.Time;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.kube.KubeClients;

/**
 * What the function keeps between invocations.
 *
 * @param config the configuration
 * @param aws clients and caches for AWS
 * @param kubernetes clients for the Kubernetes API
 * @param time the clock
 * @param telemetry where reports go
 * @param dryRun whether nothing may be changed
 */
public record Sandbox(
    ProvisionerConfig config,
    AwsClients aws,
    KubeClients kubernetes,
    Time time,
    Telemetry telemetry,
    boolean dryRun) {
  /**
   * As Lambda runs it: configuration and endpoints from the environment.
   *
   * @throws IllegalStateException where the configuration is missing or wrong
   */
  @SuppressWarnings("SystemOut") // Standard output is the function's log.
  static Sandbox fromEnvironment() {
    ProvisionerConfig config = Environment.config();
    Time time = Time.system();
    return new Sandbox(
        config,
        AwsClients.standard(time),
        KubeClients.eks(config.cluster(), config.apiServer(), time),
        time,
        new CloudWatchTelemetry(config.cluster(), System.out),
        false);
  }
}
