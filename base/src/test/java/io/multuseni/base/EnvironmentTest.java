// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multuseni.core.config.ConfigException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  @Test
  void namesTheParameters() throws ConfigException {
    assertThat(
            place(
                Map.of("MULTUS_ENI_CONFIG_PARAMETER", "/c", "MULTUS_ENI_DEPLOYED_PARAMETER", "/d")))
        .isEqualTo(new Environment.Parameters("/c", Optional.of("/d")));
    assertThat(
            place(
                Map.of(
                    "MULTUS_ENI_CONFIG_PARAMETER",
                    "/c",
                    "MULTUS_ENI_DEPLOYED_PARAMETER",
                    "",
                    "MULTUS_ENI_CONFIG",
                    " ")))
        .isEqualTo(new Environment.Parameters("/c", Optional.empty()));
  }

  @Test
  void mayHoldTheConfigurationItself() throws ConfigException {
    assertThat(place(Map.of("MULTUS_ENI_CONFIG", "{}"))).isEqualTo(new Environment.Inline("{}"));
  }

  @Test
  void refusesNoneAndBoth() {
    assertThatThrownBy(() -> place(Map.of("MULTUS_ENI_DEPLOYED_PARAMETER", "/d")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "MULTUS_ENI_CONFIG_PARAMETER, MULTUS_ENI_CONFIG: neither is set; deploy the stack again");
    assertThatThrownBy(
            () -> place(Map.of("MULTUS_ENI_CONFIG_PARAMETER", "/c", "MULTUS_ENI_CONFIG", "{}")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("both are set");
  }

  private static Environment.Place place(Map<String, String> variables) throws ConfigException {
    return Environment.place(variables::get);
  }
}
