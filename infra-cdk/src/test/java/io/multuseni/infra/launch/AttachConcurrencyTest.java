// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.TimeChain;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttachConcurrencyTest {
  @ParameterizedTest
  @CsvSource({"1, 50", "2, 25", "3, 16", "4, 12", "23, 2"})
  void runsThatBeginAtOnceDrainTheBucketOnceAtTheMost(int networks, int runs)
      throws ConfigException {
    assertThat(reserved("", networks)).contains(runs);
    assertThat(runs * networks).isLessThanOrEqualTo(50);
  }

  @Test
  void whatIsConfiguredGoesFirst() throws ConfigException {
    assertThat(reserved("deployment: {attach: {reservedConcurrency: 7}}\n", 2)).contains(7);
  }

  @Test
  void youngAccountsReserveNothing() throws ConfigException {
    assertThat(reserved("deployment: {attach: {reservedConcurrency: none}}\n", 2)).isEmpty();
  }

  @Test
  void anEventIsOverBeforeTheHookIs() {
    assertThat(EventTimes.IN_RULE.plus(EventTimes.IN_QUEUE).plus(TimeChain.FUNCTION_TIMEOUT))
        .isEqualTo(TimeChain.LATEST_END)
        .isLessThan(TimeChain.HEARTBEAT_DEFAULT);
  }

  private static Optional<Integer> reserved(String top, int networks) throws ConfigException {
    return AttachConcurrency.of(
        ConfigReader.readYaml(
            "cluster: {name: core5g}\n"
                + top
                + "nodeGroups:\n  - name: a\n    autoScalingGroups: [a]\n    networks:\n"
                + IntStream.range(0, networks)
                    .mapToObj(i ->
                        "      - {name: n%d, subnets: [subnet-0a300001], securityGroups: [sg-0a300001]}\n"
                            .formatted(i))
                    .collect(Collectors.joining())));
  }
}
