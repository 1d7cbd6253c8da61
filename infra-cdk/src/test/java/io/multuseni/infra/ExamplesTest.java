// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.ZoneCoverage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExamplesTest {
  private static final Path EXAMPLES = Path.of("examples");

  @ParameterizedTest
  @MethodSource("examples")
  void isValidAndHasNothingToWarnOf(String example) throws IOException, ConfigException {
    ProvisionerConfig config = ConfigReader.readYaml(Files.readString(EXAMPLES.resolve(example)));

    assertThat(ZoneCoverage.gaps(config)).isEmpty();
    assertThat(Files.readString(EXAMPLES.resolve("README.md")))
        .contains("[" + example + "](" + example + ")");
  }

  @Test
  void thereIsOneForEachWayToDeploy() throws IOException {
    assertThat(examples())
        .containsExactly(
            "ipv6.yaml",
            "managed-node-group.yaml",
            "multi-zone.yaml",
            "private-cluster.yaml",
            "self-managed-quick-start.yaml",
            "single-zone.yaml");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 60})
  void aConfigurationOfAnySizeCanBeMade(int nodeGroups) throws ConfigException {
    assertThat(ConfigReader.readYaml(ManyNodeGroups.yaml(nodeGroups)).nodeGroups())
        .hasSize(nodeGroups);
  }

  /** File names, sorted. */
  static List<String> examples() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .sorted()
          .toList();
    }
  }
}
