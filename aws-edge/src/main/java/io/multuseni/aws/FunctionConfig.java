// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.base.Deadline;
import io.multuseni.base.Environment;
import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigProblem;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ConfigText;
import io.multuseni.core.config.DeployedFacts;
import io.multuseni.core.config.FunctionVariables;
import io.multuseni.core.config.ProvisionerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a function's configuration from where its environment says it is. Problems are told with
 * the variable or parameter in which they are.
 */
public final class FunctionConfig implements CachedConfig.Reader {
  private final Function<String, @Nullable String> environment;
  private final AwsClients clients;

  /**
   * Reads nothing yet, the environment included.
   *
   * @param environment gives a variable's value, null where there is none
   * @param clients reach the parameters
   */
  public FunctionConfig(Function<String, @Nullable String> environment, AwsClients clients) {
    this.environment = environment;
    this.clients = clients;
  }

  @Override
  public ProvisionerConfig read(Deadline deadline, CallCounter counter) throws ConfigException {
    return switch (Environment.place(environment)) {
      case Environment.Inline(String json) ->
          in(FunctionVariables.CONFIG, () -> ConfigReader.readJson(json));
      case Environment.Parameters(String config, Optional<String> deployed) ->
          fromParameters(config, deployed, deadline, counter);
    };
  }

  private ProvisionerConfig fromParameters(
      String config, Optional<String> deployed, Deadline deadline, CallCounter counter)
      throws ConfigException {
    List<String> names = new ArrayList<>(List.of(config));
    deployed.filter(name -> !name.equals(config)).ifPresent(names::add);
    SortedMap<String, String> texts = clients.parameters(counter, deadline).read(names);
    ProvisionerConfig read =
        in(config, () -> ConfigReader.readJson(ConfigText.decode(textOf(config, texts))));
    if (deployed.isEmpty()) {
      return read;
    }
    DeployedFacts facts =
        in(deployed.get(), () -> ConfigReader.readDeployed(textOf(deployed.get(), texts)));
    return read.with(facts);
  }

  /** A parameter that wasn't named in the answer is as good as an empty one. */
  private static String textOf(String name, SortedMap<String, String> texts) {
    return Optional.ofNullable(texts.get(name)).orElse("");
  }

  private interface Reading<T> {
    T get() throws ConfigException;
  }

  private static <T> T in(String where, Reading<T> reading) throws ConfigException {
    try {
      return reading.get();
    } catch (ConfigException e) {
      List<ConfigProblem> placed = new ArrayList<>();
      for (ConfigProblem one : e.problems()) {
        placed.add(new ConfigProblem(where + ": " + one.path(), one.problem(), one.remedy()));
      }
      throw new ConfigException(placed);
    }
  }
}
