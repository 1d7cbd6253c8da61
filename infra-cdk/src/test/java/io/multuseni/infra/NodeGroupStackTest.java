// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ProvisionerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;

final class NodeGroupStackTest {
  @TempDir static Path folder;

  private static NodeGroupStack stack;
  private static Template template;

  @BeforeAll
  static void synthesize() throws BadInput {
    stack = stack("first", config("upf", "m5.xlarge", "10.100.0.0/16", "", network("n3")));
    template = Template.fromStack(stack);
  }

  @Test
  void theFirstInstanceOfAGroupHasTheHookAlready() {
    template.hasResourceProperties(
        "AWS::AutoScaling::AutoScalingGroup",
        Map.of(
            "AutoScalingGroupName", "core5g-upf",
            "MinSize", "1",
            "MaxSize", "3",
            "VPCZoneIdentifier", List.of("subnet-0a100001"),
            "LifecycleHookSpecificationList",
                List.of(
                    Map.of(
                        "LifecycleHookName", "multus-eni-launch",
                        "LifecycleTransition", "autoscaling:EC2_INSTANCE_LAUNCHING",
                        "DefaultResult", "ABANDON",
                        "HeartbeatTimeout", 1800))));
    template.resourceCountIs("AWS::AutoScaling::LifecycleHook", 0);
  }

  @Test
  void aTerminationHookComesWithItWhereWanted() throws BadInput {
    Template both =
        Template.fromStack(
            stack(
                "terminate",
                config(
                    "upf",
                    "m5.xlarge",
                    "10.100.0.0/16",
                    "deployment: {terminateHook: true}\n",
                    network("n3"))));

    assertThat(
            resource(both, "AWS::AutoScaling::AutoScalingGroup")
                .at("/Properties/LifecycleHookSpecificationList")
                .findValuesAsText("LifecycleHookName"))
        .containsExactly("multus-eni-launch", "multus-eni-terminate");
  }

  @Test
  void theAttachStackLeavesTheGroupsHooksToTheGroup() throws BadInput {
    Cloud cloud = Cloud.in(folder.resolve("attach"));
    EniAttachStack attach =
        new EniAttachStack(
            cloud.app(),
            config("upf", "m5.xlarge", "10.100.0.0/16", "", network("n3")),
            cloud.jar(),
            "");

    Template.fromStack(attach).resourceCountIs("AWS::AutoScaling::LifecycleHook", 0);
  }

  @Test
  void aSizeIsAskedForOnlyWhereTheFileDoes() throws BadInput {
    assertThat(
            resource(template, "AWS::AutoScaling::AutoScalingGroup")
                .path("Properties")
                .has("DesiredCapacity"))
        .isFalse();
    Template sized =
        Template.fromStack(
            stack(
                "sized",
                config("upf", "m5.xlarge", "10.100.0.0/16, desiredSize: 2", "", network("n3"))));
    sized.hasResourceProperties(
        "AWS::AutoScaling::AutoScalingGroup", Map.of("DesiredCapacity", "2"));
  }

  @Test
  void instancesTakeImdsTokensAndEncryptTheirVolume() {
    template.hasResourceProperties(
        "AWS::EC2::LaunchTemplate",
        Map.of(
            "LaunchTemplateData",
            Match.objectLike(
                Map.of(
                    "InstanceType", "m5.xlarge",
                    "SecurityGroupIds", List.of("sg-0a100001"),
                    "MetadataOptions",
                        Map.of("HttpTokens", "required", "HttpPutResponseHopLimit", 1),
                    "BlockDeviceMappings",
                        List.of(
                            Map.of(
                                "DeviceName",
                                "/dev/xvda",
                                "Ebs",
                                Map.of(
                                    "Encrypted",
                                    true,
                                    "VolumeType",
                                    "gp3",
                                    "VolumeSize",
                                    80,
                                    "DeleteOnTermination",
                                    true)))))));
  }

  @ParameterizedTest
  @CsvSource({
    "m5.xlarge, x86_64",
    "g4dn.xlarge, x86_64",
    "p5.48xlarge, x86_64",
    "c6in.8xlarge, x86_64",
    "m6g.large, arm64",
    "c7gn.4xlarge, arm64",
    "im4gn.large, arm64",
    "t4g.large, arm64",
    "a1.large, arm64"
  })
  void theImageFitsProcessorAndVersion(String instanceType, String processor) throws BadInput {
    Template one =
        Template.fromStack(
            stack(
                "image-" + instanceType,
                config("upf", instanceType, "10.100.0.0/16", "", network("n3"))));

    assertThat(
            resource(one, "AWS::EC2::LaunchTemplate")
                .at("/Properties/LaunchTemplateData/ImageId")
                .asText())
        .isEqualTo(
            "{{resolve:ssm:/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/"
                + processor
                + "/standard/recommended/image_id}}");
  }

  @Test
  void userDataHasTheGateAndTheWayIntoTheCluster() {
    String text =
        text(
            resource(template, "AWS::EC2::LaunchTemplate")
                .at("/Properties/LaunchTemplateData/UserData/Fn::Base64"));

    assertThat(text)
        .startsWith("MIME-Version: 1.0")
        .contains(
            "text/cloud-boothook",
            "multus-eni-boot-gate",
            "application/node.eks.aws",
            "name: \"core5g\"",
            "apiServerEndpoint: \"<cluster.endpoint>\"",
            "certificateAuthority: \"<cluster.certificateAuthority.data>\"",
            "cidr: \"10.100.0.0/16\"");
  }

  @Test
  void nodesJoinByAnAccessEntryThatIsThereBeforeThem() {
    template.hasResourceProperties(
        "AWS::EKS::AccessEntry",
        Map.of(
            "ClusterName",
            "core5g",
            "Type",
            "EC2_LINUX",
            "PrincipalArn",
            Map.of("Fn::GetAtt", List.of(Match.stringLikeRegexp("Role"), "Arn"))));
    assertThat(resource(template, "AWS::AutoScaling::AutoScalingGroup").path("DependsOn"))
        .extracting(JsonNode::asText)
        .anySatisfy(id -> assertThat(id).contains("AccessEntry"))
        .anySatisfy(id -> assertThat(id).contains("Policy"));
  }

  @Test
  void theRoleHasWhatANodeNeedsAndNoMore() throws BadInput {
    assertThat(actions(template))
        .containsExactlyInAnyOrder(
            "ec2:DescribeInstances",
            "ec2:DescribeInstanceTypes",
            "eks:DescribeCluster",
            "eks-auth:AssumeRoleForPodIdentity");
    Template ipv6 =
        Template.fromStack(
            stack("ipv6", config("upf", "m5.xlarge", "\"fd00:ec2::/108\"", "", network("n3"))));
    assertThat(actions(ipv6)).contains("ec2:AssignIpv6Addresses");
  }

  @Test
  void tagsReachTheInstances() {
    template.hasResourceProperties(
        "AWS::AutoScaling::AutoScalingGroup",
        Map.of(
            "Tags",
            Match.arrayWith(
                List.of(
                    Map.of(
                        "Key", "kubernetes.io/cluster/core5g",
                        "Value", "owned",
                        "PropagateAtLaunch", true)))));
  }

  @Test
  void aGroupKeepsItsLogicalIdsWhenItsNodeGroupGetsAnotherName() throws BadInput {
    Template renamed =
        Template.fromStack(
            stack("renamed", config("other", "m5.xlarge", "10.100.0.0/16", "", network("n3"))));

    for (String type :
        List.of(
            "AWS::AutoScaling::AutoScalingGroup",
            "AWS::EC2::LaunchTemplate",
            "AWS::EKS::AccessEntry")) {
      assertThat(renamed.findResources(type).keySet())
          .isEqualTo(template.findResources(type).keySet());
    }
  }

  @Test
  void userDataThatEc2WouldNotTakeIsRefused() {
    String networks =
        IntStream.range(0, 69)
            .mapToObj(i ->
                "      - {name: n%s, subnets: [subnet-0a300001], securityGroups: [sg-0a300001], networkCardIndex: %d}\n"
                    .formatted("x".repeat(50) + i, i / 23))
            .collect(Collectors.joining());

    assertThatThrownBy(
            () -> stack("long", config("upf", "m5.xlarge", "10.100.0.0/16", "", networks)))
        .isInstanceOf(BadInput.class)
        .hasMessageContainingAll("node group upf", "16384");
  }

  @Test
  void cdkNagFindsNothingThatIsNotMeant() {
    assertThat(Cloud.findings(stack)).isEmpty();
  }

  private static List<String> actions(Template template) {
    return template.findResources("AWS::IAM::Policy").entrySet().stream()
        .filter(policy -> !policy.getKey().startsWith("Eks"))
        .<JsonNode>map(policy -> new ObjectMapper().valueToTree(policy.getValue()))
        .flatMap(policy ->
            StreamSupport.stream(
                policy.at("/Properties/PolicyDocument/Statement").spliterator(), false))
        .map(statement -> statement.path("Action"))
        .flatMap(action ->
            action.isArray()
                ? StreamSupport.stream(action.spliterator(), false)
                : List.of(action).stream())
        .map(JsonNode::asText)
        .toList();
  }

  /** The text of a Fn::Join, with attributes in angle brackets. */
  private static String text(JsonNode node) {
    if (node.isTextual()) {
      return node.asText();
    }
    if (node.has("Fn::GetAtt")) {
      return "<" + node.path("Fn::GetAtt").path(1).asText() + ">";
    }
    return StreamSupport.stream(node.at("/Fn::Join/1").spliterator(), false)
        .map(NodeGroupStackTest::text)
        .collect(Collectors.joining());
  }

  private static String network(String name) {
    return "      - {name: %s, subnets: [subnet-0a300001], securityGroups: [sg-0a300001]}\n"
        .formatted(name);
  }

  private static ProvisionerConfig config(
      String group, String instanceType, String serviceCidr, String top, String networks) {
    try {
      return ConfigReader.readYaml(
          """
          cluster: {name: core5g}
          %snodeGroups:
            - name: %s
              autoScalingGroups: [core5g-upf]
              launch: {instanceType: %s, kubernetesVersion: "1.33", subnets: [subnet-0a100001], securityGroups: [sg-0a100001], minSize: 1, maxSize: 3, serviceCidr: %s}
              networks:
          %s\
          """
              .formatted(top, group, instanceType, serviceCidr, networks));
    } catch (ConfigException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  private static NodeGroupStack stack(String name, ProvisionerConfig config) throws BadInput {
    return new NodeGroupStack(Cloud.in(folder.resolve(name)).app(), config, "");
  }

  private static JsonNode resource(Template template, String type) {
    Map<String, Map<String, Object>> all = template.findResources(type);
    Set<String> ids = all.keySet();
    assertThat(ids).hasSize(1);
    return new ObjectMapper().valueToTree(all.get(ids.iterator().next()));
  }
}
