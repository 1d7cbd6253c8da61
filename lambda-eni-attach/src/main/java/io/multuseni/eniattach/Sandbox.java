// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.aws.AwsClients;
import io.multuseni.base.Environment;
import io.multuseni.base.Time;
import io.multuseni.core.config.ProvisionerConfig;

/**
 * What a function keeps between invocations.
 *
 * @param config the configuration
 * @param clients clients and caches
 * @param time the clock
 * @param telemetry where reports go
 * @param dryRun whether nothing may be changed
 */
public record Sandbox(
    ProvisionerConfig config, AwsClients clients, Time time, Telemetry telemetry, boolean dryRun) {
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
        time,
        new CloudWatchTelemetry(config.cluster(), System.out),
        false);
  }
}
