// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfigWriterTest {
  @Test
  void defaultsAreLeftOut() throws ConfigException {
    ProvisionerConfig config =
        ConfigReader.readYaml(
            """
            cluster: {name: core5g}
            sweep: {graceSeconds: 900}
            reconcile:
              sources: [whereabouts]
              maxReleaseFraction: 0.5
              releaseGraceSeconds: 60
              watch: true
              periodSeconds: 60
              managedRanges: []
            nodeGroups:
              - name: upf
                eksManagedNodegroup: upf
                lifecycleHook: create
                heartbeatTimeout: 1800
                giveUpAfter: 840
                onRepeatedFailure: hold
                backfill: false
                nodeOs: al2023
                networks:
                  - name: n3
                    subnets: [subnet-0a300001]
                    securityGroups: [sg-0a300001]
                    sourceDestCheck: false
                    ipv6: auto
                    primaryAddress: any
                    networkCardIndex: 0
                    tags: {}
            """);

    assertThat(ConfigWriter.toJson(config))
        .isEqualTo(
            "{\"cluster\":{\"name\":\"core5g\"},\"nodeGroups\":[{\"name\":\"upf\","
                + "\"eksManagedNodegroup\":\"upf\",\"networks\":[{\"name\":\"n3\","
                + "\"subnets\":[\"subnet-0a300001\"],\"securityGroups\":[\"sg-0a300001\"]}]}]}");
  }

  @Test
  void whatDiffersFromADefaultIsWritten() throws ConfigException {
    ProvisionerConfig config =
        ConfigReader.readYaml(
            """
            cluster: {name: core5g, endpoint: "https://k.example:6443"}
            reconcile:
              sources: [whereabouts, network-status]
              maxReleaseFraction: 1
              releaseGraceSeconds: 0
              watch: false
              periodSeconds: 86400
              managedRanges: [10.0.4.0/24, "2001:DB8:0::/64"]
            nodeGroups:
              - name: upf
                autoScalingGroups: [upf]
                networks:
                  - {name: n3, subnets: [subnet-0a300001], securityGroups: [sg-0a300001]}
            """);

    assertThat(ConfigWriter.toJson(config))
        .startsWith(
            "{\"cluster\":{\"name\":\"core5g\",\"endpoint\":\"https://k.example:6443\"},"
                + "\"reconcile\":{\"sources\":[\"network-status\",\"whereabouts\"],"
                + "\"maxReleaseFraction\":1.0,\"releaseGraceSeconds\":0,\"watch\":false,"
                + "\"periodSeconds\":86400,"
                + "\"managedRanges\":[\"10.0.4.0/24\",\"2001:db8::/64\"]},\"nodeGroups\":[");
  }

  @Test
  void threeGroupsOfSixNetworksInTwoZonesFitIntoTheEnvironment() throws ConfigException {
    String networks =
        IntStream.range(0, 6)
            .mapToObj(i ->
                """
                      - name: n%1$d
                        subnets: [subnet-0a3000000000%1$d000a, subnet-0a3000000000%1$d000b]
                        securityGroups: [sg-0a3000000000%1$d0000]
                """
                    .formatted(i))
            .collect(Collectors.joining());
    String groups =
        IntStream.range(0, 3)
            .mapToObj(
                i -> "  - name: g%d\n    autoScalingGroups: [g%d]\n    networks:\n".formatted(i, i))
            .map(head -> head + networks)
            .collect(Collectors.joining());
    ProvisionerConfig config =
        ConfigReader.readYaml("cluster: {name: core5g}\nnodeGroups:\n" + groups);

    // All variables of a Lambda function share 4 KB.
    assertThat(ConfigWriter.toJson(config).getBytes(UTF_8)).hasSizeLessThan(3_000);
  }
}
