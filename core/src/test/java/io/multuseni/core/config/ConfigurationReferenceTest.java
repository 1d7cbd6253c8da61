// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/configuration.md shows is what the reader does. */
class ConfigurationReferenceTest {
  private static final Path REFERENCE = Path.of("..", "docs", "configuration.md");

  @Test
  void theExampleIsValid() throws IOException, ConfigException {
    assertThat(ConfigReader.readYaml(block("yaml", 0)).nodeGroups()).hasSize(2);
  }

  @Test
  void theExampleOfADeploymentIsValid() throws IOException, ConfigException {
    ProvisionerConfig config = ConfigReader.readYaml(block("yaml", 1));

    assertThat(config.deployment()).isNotEqualTo(Deployment.DEFAULTS);
    assertThat(config.nodeGroups().getFirst().setup().launch()).isPresent();
  }

  @Test
  void theBrokenExampleHasExactlyTheOutputShown() throws IOException {
    String broken = block("yaml", 2);

    ConfigException exception =
        catchThrowableOfType(ConfigException.class, () -> ConfigReader.readYaml(broken));

    assertThat(exception).hasMessage(block("text", 0).stripTrailing());
  }

  @Test
  void theJsonExampleIsWhatTheWriterMakesOfTheShortestYaml() throws IOException, ConfigException {
    assertThat(ConfigWriter.toJson(ConfigReader.readYaml(block("yaml", 3))))
        .isEqualTo(block("json", 0).stripTrailing());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("objects")
  void everyKeyHasItsRowInTheTableOfItsObject(String heading, List<String> keys)
      throws IOException {
    String section = section(heading);

    assertThat(keys)
        .allSatisfy(
            key -> assertThat(section).containsPattern("(?m)^\\| `" + Pattern.quote(key) + "[`.]"));
  }

  static Stream<Arguments> objects() {
    return Stream.of(
        arguments("## Top level", ConfigValidator.ROOT_KEYS),
        arguments(
            "## Top level", ConfigValidator.CLUSTER_KEYS.stream().map("cluster."::concat).toList()),
        arguments("## Node groups", ConfigValidator.GROUP_KEYS),
        arguments("### The boot gate", NodeSetupValidator.GATE_KEYS),
        arguments("### A group that the deployment makes", NodeSetupValidator.LAUNCH_KEYS),
        arguments("## Networks", ConfigValidator.NETWORK_KEYS),
        arguments("## Reconciliation", ReconciliationValidator.KEYS),
        arguments("## Deployment", DeploymentValidator.KEYS),
        arguments("### Functions", DeploymentValidator.FUNCTION_KEYS),
        arguments("### In a VPC", DeploymentValidator.VPC_KEYS));
  }

  /** From the heading to the next one. */
  private static String section(String heading) throws IOException {
    String text = Files.readString(REFERENCE);
    int start = text.indexOf("\n" + heading + "\n");
    assertThat(start).as("heading %s", heading).isNotNegative();
    int end = text.indexOf("\n#", start + 1 + heading.length());
    return text.substring(start, end < 0 ? text.length() : end);
  }

  private static String block(String language, int index) throws IOException {
    return Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
        .matcher(Files.readString(REFERENCE))
        .results()
        .map(found -> found.group(1))
        .skip(index)
        .findFirst()
        .orElseThrow();
  }
}
