// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.aws.AwsClients;
import io.multuseni.base.Json;
import io.multuseni.base.Time;
import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
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
  /** Name of the environment variable that holds the configuration as JSON. */
  public static final String CONFIG_VARIABLE = "MULTUS_ENI_CONFIG";

  /**
   * As Lambda runs it: configuration and endpoints from the environment.
   *
   * @throws IllegalStateException where the configuration is missing or wrong; all problems in one
   *     message
   */
  @SuppressWarnings("SystemOut") // Standard output is the function's log.
  static Sandbox fromEnvironment() {
    String json = System.getenv(CONFIG_VARIABLE);
    if (json == null || json.isBlank()) {
      throw new IllegalStateException(
          "environment variable " + CONFIG_VARIABLE + " is empty; deploy the stack again");
    }
    try {
      ProvisionerConfig config = ConfigReader.readJson(json);
      Time time = Time.system();
      return new Sandbox(
          config,
          AwsClients.standard(time),
          time,
          new CloudWatchTelemetry(config.cluster(), System.out),
          false);
    } catch (ConfigException e) {
      System.out.println(Json.logLine("ERROR", "the configuration can't be used", e.problems()));
      throw new IllegalStateException(CONFIG_VARIABLE + ": " + e.getMessage(), e);
    }
  }
}
