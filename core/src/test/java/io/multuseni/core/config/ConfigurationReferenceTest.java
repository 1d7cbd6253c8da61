// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/configuration.md shows is what the reader does. */
class ConfigurationReferenceTest {
  private static final Path REFERENCE = Path.of("..", "docs", "configuration.md");

  @Test
  void theExampleIsValid() throws IOException, ConfigException {
    assertThat(ConfigReader.readYaml(block("yaml", 0)).nodeGroups()).hasSize(2);
  }

  @Test
  void theBrokenExampleHasExactlyTheOutputShown() throws IOException {
    String broken = block("yaml", 1);

    ConfigException exception =
        catchThrowableOfType(ConfigException.class, () -> ConfigReader.readYaml(broken));

    assertThat(exception).hasMessage(block("text", 0).stripTrailing());
  }

  @Test
  void theJsonExampleIsWhatTheWriterMakesOfTheShortestYaml() throws IOException, ConfigException {
    assertThat(ConfigWriter.toJson(ConfigReader.readYaml(block("yaml", 2))))
        .isEqualTo(block("json", 0).stripTrailing());
  }

  @Test
  void everyKeyHasItsRow() throws IOException {
    String text = Files.readString(REFERENCE);

    assertThat(
            Stream.of(
                    ConfigValidator.ROOT_KEYS,
                    ConfigValidator.CLUSTER_KEYS.stream().map("cluster."::concat).toList(),
                    ReconciliationValidator.KEYS,
                    ConfigValidator.GROUP_KEYS,
                    ConfigValidator.NETWORK_KEYS)
                .flatMap(List::stream))
        .allSatisfy(
            key -> assertThat(text).containsPattern("(?m)^\\| `" + Pattern.quote(key) + "[`.]"));
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
