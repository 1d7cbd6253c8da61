// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ZoneCoverageTest {
  private static final String ZONES =
      """
      deployment:
        subnetZones:
          subnet-0a10000a: us-east-1a
          subnet-0a10000b: us-east-1b
          subnet-0a30000a: us-east-1a
          subnet-0a30000b: us-east-1b
          subnet-0a60000a: us-east-1a
      """;
  private static final String GROUP =
      """
      cluster: {name: core5g}
      nodeGroups:
        - name: upf
          autoScalingGroups: [upf]
          zones: [us-east-1b, us-east-1a]
          networks:
            - {name: n3, subnets: [subnet-0a30000a, subnet-0a30000b], securityGroups: [sg-0a300001]}
            - {name: n6, subnets: [subnet-0a60000a], securityGroups: [sg-0a300001]}
      """;
  private static final String LAUNCH =
      """
          launch:
            instanceType: m5.xlarge
            kubernetesVersion: "1.33"
            subnets: [subnet-0a10000b, subnet-0a10000c]
            securityGroups: [sg-0a100001]
            serviceCidr: 10.100.0.0/16
            maxSize: 3
      """;

  @Test
  void tellsTheNetworkThatLacksASubnetInAZone() throws ConfigException {
    assertThat(gaps(ZONES + GROUP))
        .singleElement()
        .hasToString(
            "nodeGroups[0].networks[1].subnets: no subnet of network 'n6' is in us-east-1b, where"
                + " node group 'upf' may have nodes; they would be refused; add a subnet of that"
                + " zone, or take the zone from the group");
  }

  @Test
  void takesTheZonesOfAGroupThatIsLaunchedFromItsSubnets() throws ConfigException {
    String launched = GROUP.replace("    zones: [us-east-1b, us-east-1a]\n", LAUNCH);

    assertThat(gaps(ZONES + launched))
        .extracting(ConfigProblem::path)
        .containsExactly("nodeGroups[0].networks[1].subnets");
  }

  @Test
  void believesTheZonesThatAreToldMoreThanTheSubnets() throws ConfigException {
    String launched = GROUP.replace("[us-east-1b, us-east-1a]\n", "[us-east-1a]\n" + LAUNCH);

    assertThat(gaps(ZONES + launched)).isEmpty();
  }

  @Test
  void saysNothingWhereAZoneIsNotTold() throws ConfigException {
    assertThat(gaps(GROUP)).isEmpty();
    assertThat(gaps(ZONES + GROUP.replace("    zones: [us-east-1b, us-east-1a]\n", ""))).isEmpty();
    assertThat(
            gaps(ZONES + GROUP.replace("[subnet-0a60000a]", "[subnet-0a60000a, subnet-0a60000b]")))
        .isEmpty();
  }

  @Test
  void tellsEachZoneOfEachNetworkOfEachGroup() throws ConfigException {
    String second =
        """
          - name: smf
            eksManagedNodegroup: smf
            zones: [us-east-1c, us-east-1d]
            networks:
              - {name: n4, subnets: [subnet-0a30000a], securityGroups: [sg-0a300001]}
        """;

    assertThat(gaps(ZONES + GROUP + second))
        .extracting(gap -> gap.path() + " " + gap.problem().replaceAll(".* is in (\\S+),.*", "$1"))
        .containsExactly(
            "nodeGroups[0].networks[1].subnets us-east-1b",
            "nodeGroups[1].networks[0].subnets us-east-1c",
            "nodeGroups[1].networks[0].subnets us-east-1d");
  }

  private static List<ConfigProblem> gaps(String yaml) throws ConfigException {
    return ZoneCoverage.gaps(ConfigReader.readYaml(yaml));
  }
}
