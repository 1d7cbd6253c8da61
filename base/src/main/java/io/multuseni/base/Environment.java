// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigProblem;
import io.multuseni.core.config.FunctionVariables;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a function's environment variables say of its configuration. */
public final class Environment {
  private Environment() {}

  /** Where the configuration is. */
  public sealed interface Place {}

  /**
   * In the environment.
   *
   * @param json the configuration
   */
  public record Inline(String json) implements Place {}

  /**
   * In parameters.
   *
   * @param config name of the configuration's
   * @param deployed name of the one with what only the deployment knows
   */
  public record Parameters(String config, Optional<String> deployed) implements Place {}

  /**
   * Reads the environment.
   *
   * @param variables gives a variable's value, null where there is none
   * @throws ConfigException it names no configuration, or two
   */
  public static Place place(Function<String, @Nullable String> variables) throws ConfigException {
    Optional<String> inline = variable(FunctionVariables.CONFIG, variables);
    Optional<String> parameter = variable(FunctionVariables.CONFIG_PARAMETER, variables);
    if (inline.isPresent() == parameter.isPresent()) {
      throw new ConfigException(
          List.of(
              new ConfigProblem(
                  FunctionVariables.CONFIG_PARAMETER + ", " + FunctionVariables.CONFIG,
                  inline.isPresent() ? "both are set" : "neither is set",
                  "deploy the stack again, or set one of these environment variables by hand")));
    }
    return inline.isPresent()
        ? new Inline(inline.get())
        : new Parameters(
            parameter.orElseThrow(), variable(FunctionVariables.DEPLOYED_PARAMETER, variables));
  }

  private static Optional<String> variable(
      String name, Function<String, @Nullable String> variables) {
    return Optional.ofNullable(variables.apply(name)).filter(value -> !value.isBlank());
  }
}
