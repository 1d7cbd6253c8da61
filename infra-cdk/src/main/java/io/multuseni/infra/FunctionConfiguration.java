// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.core.config.ConfigWriter;
import io.multuseni.core.config.ProvisionerConfig;
import java.util.Map;
import software.amazon.awscdk.services.ssm.ParameterTier;
import software.amazon.awscdk.services.ssm.StringParameter;
import software.constructs.Construct;

/**
 * The functions' configuration in SSM parameters, which they read after a start or a restore.
 * Neither their environment nor their snapshot holds it: all environment variables share 4 KB, and
 * CloudFormation publishes no new version where only a value changes that it works out itself.
 */
public final class FunctionConfiguration extends Construct {
  /**
   * Characters of a standard parameter; an advanced one, which costs a little, holds twice that.
   */
  private static final int STANDARD_MAX = 4096;

  private final Map<String, String> environment;

  /**
   * Makes the parameters.
   *
   * @param scope the stack
   * @param config the configuration
   * @param deployed JSON of what only the deployment knows, with tokens
   */
  public FunctionConfiguration(Construct scope, ProvisionerConfig config, String deployed) {
    super(scope, "Configuration");
    Names names = new Names(config.cluster());
    parameter(
        "Config",
        names.configParameter(),
        "multus-eni: configuration for " + config.cluster(),
        ConfigWriter.toJson(config.forFunctions()));
    parameter(
        "Deployed",
        names.deployedParameter(),
        "multus-eni: what only the deployment of " + config.cluster() + " knows",
        deployed);
    environment = environment(names);
  }

  /** What tells a function where its configuration is. */
  public static Map<String, String> environment(Names names) {
    return Map.of(
        "MULTUS_ENI_CONFIG_PARAMETER", names.configParameter(),
        "MULTUS_ENI_DEPLOYED_PARAMETER", names.deployedParameter());
  }

  /** What tells these functions where their configuration is. */
  public Map<String, String> environment() {
    return environment;
  }

  private void parameter(String id, String name, String description, String value) {
    StringParameter.Builder.create(this, id)
        .parameterName(name)
        .description(description)
        .stringValue(value)
        .tier(value.length() > STANDARD_MAX ? ParameterTier.ADVANCED : ParameterTier.STANDARD)
        .build();
  }
}
