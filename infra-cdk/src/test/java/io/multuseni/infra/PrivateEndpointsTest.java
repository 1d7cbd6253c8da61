// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PrivateEndpointsTest {
  private static final List<String> SUBNETS = List.of("subnet-1", "subnet-2", "subnet-3");

  @Test
  void takesTheFirstSubnetOfEachZone() {
    assertThat(
            PrivateEndpoints.onePerZone(
                SUBNETS, Map.of("subnet-1", "a", "subnet-2", "a", "subnet-3", "b")))
        .containsExactly("subnet-1", "subnet-3");
  }

  @Test
  void takesEverySubnetWhoseZoneNobodyTold() {
    assertThat(PrivateEndpoints.onePerZone(SUBNETS, Map.of())).isEqualTo(SUBNETS);
    assertThat(PrivateEndpoints.onePerZone(SUBNETS, Map.of("subnet-2", "a"))).isEqualTo(SUBNETS);
  }
}
