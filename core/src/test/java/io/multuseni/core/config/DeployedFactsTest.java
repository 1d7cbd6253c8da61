// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DeployedFactsTest {
  private static final String EKS_GROUP = "eks-upf-9ac2ef25-7a1b-4b1e-8a3f-0d3d8c5f1e2a";
  private static final String OTHER_EKS_GROUP = "eks-upf-00000000-7a1b-4b1e-8a3f-0d3d8c5f1e2a";
  private static final String CERTIFICATE =
      Base64.getEncoder().encodeToString("-----BEGIN CERTIFICATE-----\n".getBytes(US_ASCII));

  @Test
  void mayKnowNothing() throws ConfigException {
    ProvisionerConfig config = config("");

    assertThat(ConfigReader.readDeployed("{}")).isEqualTo(DeployedFacts.NONE);
    assertThat(config.with(DeployedFacts.NONE)).isEqualTo(config);
  }

  @Test
  void tellsWhereTheApiServerIs() throws ConfigException {
    DeployedFacts deployed =
        ConfigReader.readDeployed(
            "{\"endpoint\": \"https://api.example\", \"certificateAuthority\": \"%s\"}"
                .formatted(CERTIFICATE));

    assertThat(config("").with(deployed).apiServer())
        .isEqualTo(new ApiServer(Optional.of("https://api.example"), Optional.of(CERTIFICATE)));
  }

  @Test
  void leavesWhatTheFileSaysOfTheApiServer() throws ConfigException {
    DeployedFacts deployed =
        ConfigReader.readDeployed(
            "{\"endpoint\": \"https://api.example\", \"certificateAuthority\": \"%s\"}"
                .formatted(CERTIFICATE));

    assertThat(config(", endpoint: 'https://proxy.example'").with(deployed).apiServer())
        .isEqualTo(new ApiServer(Optional.of("https://proxy.example"), Optional.of(CERTIFICATE)));
  }

  @Test
  void admitsOnlyTheKnownGroupOfAManagedNodegroup() throws ConfigException {
    ProvisionerConfig before = config("");

    ProvisionerConfig config =
        before.with(
            ConfigReader.readDeployed(
                "{\"autoScalingGroups\": {\"upf\": \"%s\", \"unused\": \"x\"}}"
                    .formatted(EKS_GROUP)));

    assertThat(before.claimantOf(OTHER_EKS_GROUP)).as("by its form").isPresent();
    assertThat(config.claimantOf(EKS_GROUP)).map(NodeGroup::name).contains("upf");
    assertThat(config.claimantOf(OTHER_EKS_GROUP)).isEmpty();
    assertThat(config.claimantOf(EKS_GROUP.replace("upf", "smf")))
        .as("not known: by its form still")
        .map(NodeGroup::name)
        .contains("smf");
    assertThat(config.claimantOf("amf-a")).map(NodeGroup::name).contains("amf");
    assertThat(config.nodeGroups().get(2)).isEqualTo(before.nodeGroups().get(2));
  }

  @Test
  void forgetsAGroupThatIsNotKnownAnyMore() throws ConfigException {
    DeployedFacts deployed =
        new DeployedFacts(ApiServer.UNKNOWN, new TreeMap<>(Map.of("upf", EKS_GROUP)));

    assertThat(config("").with(deployed).with(DeployedFacts.NONE)).isEqualTo(config(""));
  }

  @Test
  void isNeverWrittenIntoAConfiguration() throws ConfigException {
    DeployedFacts deployed =
        new DeployedFacts(ApiServer.UNKNOWN, new TreeMap<>(Map.of("upf", EKS_GROUP)));

    assertThat(ConfigWriter.toJson(config("").with(deployed)))
        .isEqualTo(ConfigWriter.toJson(config("")));
  }

  @Test
  void tellsEveryProblemAtOnce() {
    List<ConfigProblem> problems =
        problems(
            """
            {"endpoint": "http://api.example", "certificateAuthority": "x", "autoscalingGroups": {},
             "autoScalingGroups": {"a b": "x", "upf": 7, "smf": "a:b"}, "cluster": 1}
            """);

    assertThat(problems)
        .extracting(ConfigProblem::path)
        .containsExactlyInAnyOrder(
            "autoscalingGroups",
            "cluster",
            "autoScalingGroups['a b']",
            "autoScalingGroups.smf",
            "autoScalingGroups.upf",
            "certificateAuthority",
            "endpoint");
    assertThat(problems)
        .extracting(ConfigProblem::toString)
        .contains(
            "autoscalingGroups: unknown key; did you mean 'autoScalingGroups'?",
            "autoScalingGroups.upf: the number 7 where text belongs; put it in quotes");
  }

  @Test
  void isAnObject() {
    assertThat(problems("[]"))
        .singleElement()
        .extracting(ConfigProblem::toString)
        .isEqualTo(
            "(top level): a list where an object with the keys endpoint, certificateAuthority,"
                + " autoScalingGroups belongs; write an object with the keys endpoint,"
                + " certificateAuthority, autoScalingGroups");
    assertThat(problems("{\"autoScalingGroups\": []}"))
        .extracting(ConfigProblem::path)
        .containsExactly("autoScalingGroups");
    assertThat(problems("")).hasSize(1);
    assertThat(problems("{\"endpoint\"")).hasSize(1);
  }

  private static List<ConfigProblem> problems(String text) {
    return catchThrowableOfType(ConfigException.class, () -> ConfigReader.readDeployed(text))
        .problems();
  }

  private static ProvisionerConfig config(String ofCluster) throws ConfigException {
    return ConfigReader.readYaml(
        """
        cluster: {name: core5g%s}
        nodeGroups:
          - name: upf
            eksManagedNodegroup: upf
            networks: [{name: n3, subnets: [subnet-00000001], securityGroups: [sg-00000001]}]
          - name: smf
            eksManagedNodegroup: smf
            networks: [{name: n3, subnets: [subnet-00000001], securityGroups: [sg-00000001]}]
          - name: amf
            autoScalingGroups: [amf-a]
            networks: [{name: n3, subnets: [subnet-00000001], securityGroups: [sg-00000001]}]
        """
            .formatted(ofCluster));
  }
}
