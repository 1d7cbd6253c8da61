// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigText;
import io.multuseni.core.config.ConfigWriter;
import io.multuseni.core.config.FunctionVariables;
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
  private final Map<String, String> environment;

  /**
   * Makes the parameters.
   *
   * @param scope the stack
   * @param config the configuration
   * @param deployed JSON of what only the deployment knows, with tokens
   * @throws BadInput where the configuration is too long for a parameter
   */
  public FunctionConfiguration(Construct scope, ProvisionerConfig config, String deployed)
      throws BadInput {
    super(scope, "Configuration");
    Names names = new Names(config.cluster());
    parameter(
        "Config",
        names.configParameter(),
        "multus-eni: configuration for " + config.cluster(),
        text(config));
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
        FunctionVariables.CONFIG_PARAMETER, names.configParameter(),
        FunctionVariables.DEPLOYED_PARAMETER, names.deployedParameter());
  }

  /** What tells these functions where their configuration is. */
  public Map<String, String> environment() {
    return environment;
  }

  private static String text(ProvisionerConfig config) throws BadInput {
    try {
      return ConfigText.encode(ConfigWriter.toJson(config.forFunctions()));
    } catch (ConfigException e) {
      throw new BadInput(e.problems().getFirst().toString());
    }
  }

  private void parameter(String id, String name, String description, String value) {
    StringParameter.Builder.create(this, id)
        .parameterName(name)
        .description(description)
        .stringValue(value)
        // A standard parameter holds 4 KB, an advanced one, which costs a little, 8 KB and never
        // becomes a standard one again; this takes the one that fits (Systems Manager user guide).
        .tier(ParameterTier.INTELLIGENT_TIERING)
        .build();
  }
}
