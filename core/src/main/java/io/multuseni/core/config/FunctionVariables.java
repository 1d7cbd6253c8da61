// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

/** Environment variables of the functions, which the deployment sets and the functions read. */
public final class FunctionVariables {
  /** Holds the configuration itself, as JSON, for a function that was set up by hand. */
  public static final String CONFIG = "MULTUS_ENI_CONFIG";

  /** Names the SSM parameter that holds the configuration. */
  public static final String CONFIG_PARAMETER = "MULTUS_ENI_CONFIG_PARAMETER";

  /** Names the SSM parameter that holds what only the deployment knows; may be missing. */
  public static final String DEPLOYED_PARAMETER = "MULTUS_ENI_DEPLOYED_PARAMETER";

  private FunctionVariables() {}
}
