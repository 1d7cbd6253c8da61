// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceTypesTest {
  /** Written out row by row, so that the pattern in the code can't agree with itself. */
  @ParameterizedTest
  @CsvSource({
    "c5.large, 3, 10",
    "c5.xlarge, 4, 15",
    "c5.2xlarge, 4, 15",
    "c5.4xlarge, 8, 30",
    "c5.9xlarge, 8, 30",
    "c5.12xlarge, 8, 30",
    "c5.18xlarge, 15, 50",
    "c5.24xlarge, 15, 50",
    "c5.metal, 15, 50",
    "c5n.9xlarge, 8, 30",
    "c5n.18xlarge, 15, 50",
    "c5n.metal, 15, 50",
    "m5.8xlarge, 8, 30",
    "m5n.12xlarge, 8, 30",
    "r5.16xlarge, 15, 50",
    "m5.metal, 15, 50",
    "c6i.32xlarge, 15, 50",
    "m6i.large, 3, 10",
    "c6in.24xlarge, 15, 50",
    "m7i.48xlarge, 15, 50",
    "m7i.metal-24xl, 15, 50",
    "c8i.large, 3, 20",
    "c8i.xlarge, 4, 30",
    "c8i.4xlarge, 8, 50",
    "c8i.8xlarge, 10, 50",
    "c8i.12xlarge, 12, 50",
    "c8i.16xlarge, 16, 64",
    "c8i.32xlarge, 24, 64",
    "t3.small, 3, 4",
    "t3.medium, 3, 6",
    "t3.large, 3, 12",
    "t3.xlarge, 4, 15"
  })
  void holdsTheLimitsOfItsSources(String name, int interfaces, int addresses) {
    InstanceTypeInfo type = InstanceTypes.find(name).orElseThrow();

    assertThat(type.interfacesPerCard()).containsExactly(interfaces);
    assertThat(type.maximumNetworkInterfaces()).isEqualTo(interfaces);
    assertThat(type.ipv4PerInterface()).isEqualTo(addresses);
    assertThat(type.ipv6PerInterface()).isEqualTo(addresses);
    assertThat(type.bareMetal()).isEqualTo(name.contains("metal"));
  }

  @ParameterizedTest
  @CsvSource({"c6in.32xlarge", "c6in.metal"})
  void knowsTypesWithTwoCards(String name) {
    InstanceTypeInfo type = InstanceTypes.find(name).orElseThrow();

    assertThat(type.interfacesPerCard()).containsExactly(8, 8);
    assertThat(type.maximumNetworkInterfaces()).isEqualTo(16);
    assertThat(type.ipv4PerInterface()).isEqualTo(50);
  }

  @Test
  void inventsNoSizes() {
    assertThat(InstanceTypes.all())
        .extracting(InstanceTypeInfo::name)
        .doesNotContain("c5.8xlarge", "c5n.12xlarge", "m7i.32xlarge", "m7i.metal", "c8i.2xlarge");
  }
}
