// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ProvisionerConfig;

/** What a function takes from its environment variables. */
public final class Environment {
  /** Name of the environment variable that holds the configuration as JSON. */
  public static final String CONFIG_VARIABLE = "MULTUS_ENI_CONFIG";

  private Environment() {}

  /**
   * The configuration.
   *
   * @throws IllegalStateException where it is missing or wrong; all problems in one message, and in
   *     the log
   */
  @SuppressWarnings("SystemOut") // Standard output is the function's log.
  public static ProvisionerConfig config() {
    String json = System.getenv(CONFIG_VARIABLE);
    if (json == null || json.isBlank()) {
      throw new IllegalStateException(
          "environment variable " + CONFIG_VARIABLE + " is empty; deploy the stack again");
    }
    try {
      return ConfigReader.readJson(json);
    } catch (ConfigException e) {
      System.out.println(Json.logLine("ERROR", "the configuration can't be used", e.problems()));
      throw new IllegalStateException(CONFIG_VARIABLE + ": " + e.getMessage(), e);
    }
  }
}
