// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.multuseni.core.config.ProvisionerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;

final class IpReconcileStackTest {
  private static final String PRIVATE =
      """
      reconcile: {watch: false, periodSeconds: 7200}
      deployment:
        tracing: true
        reconcile: {reservedConcurrency: none, memoryMb: 2048}
        vpc:
          id: vpc-0a000001
          subnets: [subnet-0b000001, subnet-0b000002, subnet-0b000003]
          securityGroups: [sg-0b000001, sg-0b000002]
          endpoints: true
        subnetZones: {subnet-0b000001: us-east-1a, subnet-0b000003: us-east-1a}
      """;

  @TempDir static Path folder;

  private static Template standard;
  private static Template inVpc;
  private static List<String> findings;
  private static List<String> findingsInVpc;

  @BeforeAll
  static void synthesize() throws BadInput {
    IpReconcileStack stack = stack("standard", Configs.with(""));
    standard = Template.fromStack(stack);
    findings = Cloud.findings(stack);
    IpReconcileStack inside = stack("private", Configs.with(PRIVATE));
    inVpc = Template.fromStack(inside);
    findingsInVpc = Cloud.findings(inside);
  }

  private static IpReconcileStack stack(String name, ProvisionerConfig config) throws BadInput {
    Cloud cloud = Cloud.in(folder.resolve(name));
    return new IpReconcileStack(
        cloud.app(), config, cloud.jar(), OutputFolder.of(cloud.app(), config.cluster()));
  }

  @Test
  void runsTwoAtATimeWithTimeToWatch() {
    standard.hasResourceProperties(
        "AWS::Lambda::Function",
        Map.of(
            "FunctionName",
            "multus-eni-reconcile-core5g",
            "Handler",
            "io.multuseni.ipreconcile.IpReconcileHandler",
            "Runtime",
            "java25",
            "Architectures",
            List.of("arm64"),
            "Timeout",
            120,
            "ReservedConcurrentExecutions",
            2,
            "SnapStart",
            Map.of("ApplyOn", "PublishedVersions"),
            "Environment",
            Map.of(
                "Variables",
                Map.of(
                    "MULTUS_ENI_CONFIG_PARAMETER", "/multus-eni/core5g/config",
                    "MULTUS_ENI_DEPLOYED_PARAMETER", "/multus-eni/core5g/deployed")),
            "VpcConfig",
            Match.absent()));
  }

  @Test
  void runsOnceAPeriodWhereNothingWatches() {
    inVpc.hasResourceProperties(
        "AWS::Lambda::Function",
        Map.of("Timeout", 900, "MemorySize", 2048, "ReservedConcurrentExecutions", Match.absent()));
    inVpc.hasResourceProperties("AWS::Events::Rule", Map.of("ScheduleExpression", "rate(2 hours)"));
  }

  @Test
  void schedulesTheAliasWithoutRetriesOrDeadLetters() {
    String alias = only(standard, "AWS::Lambda::Alias");

    standard.resourceCountIs("AWS::Events::Rule", 1);
    standard.resourceCountIs("AWS::SQS::Queue", 0);
    standard.hasResourceProperties(
        "AWS::Events::Rule",
        Map.of(
            "ScheduleExpression",
            "rate(1 minute)",
            "State",
            "ENABLED",
            "Targets",
            List.of(
                Map.of(
                    "Id",
                    Match.anyValue(),
                    "Arn",
                    Map.of("Ref", alias),
                    "RetryPolicy",
                    Map.of("MaximumRetryAttempts", 0, "MaximumEventAgeInSeconds", 60),
                    "DeadLetterConfig",
                    Match.absent()))));
    standard.hasResourceProperties(
        "AWS::Lambda::EventInvokeConfig",
        Map.of(
            "Qualifier",
            "live",
            "MaximumRetryAttempts",
            0,
            "MaximumEventAgeInSeconds",
            60,
            "DestinationConfig",
            Match.absent()));
    standard.hasResourceProperties(
        "AWS::Lambda::Permission",
        Map.of(
            "Action",
            "lambda:InvokeFunction",
            "Principal",
            "events.amazonaws.com",
            "FunctionName",
            Map.of("Ref", alias),
            "SourceArn",
            Map.of("Fn::GetAtt", List.of(only(standard, "AWS::Events::Rule"), "Arn"))));
    assertThat(resource(standard, "AWS::Events::Rule").path("DependsOn"))
        .extracting(JsonNode::asText)
        .containsExactly("AccessEntry");
  }

  @Test
  void makesTheRoleAMemberOfTheManifestsGroup() {
    standard.hasResourceProperties(
        "AWS::EKS::AccessEntry",
        Map.of(
            "ClusterName",
            "core5g",
            "Type",
            "STANDARD",
            "KubernetesGroups",
            List.of("multus-eni-reconcile"),
            "PrincipalArn",
            Map.of("Fn::GetAtt", List.of(only(standard, "AWS::IAM::Role"), "Arn")),
            "AccessPolicies",
            Match.absent()));
  }

  @Test
  void writesTheManifestAndSaysWhere() {
    Path file = folder.resolve("standard/cdk.out/multus-eni/core5g/rbac.yaml");

    assertThat(file).content().isEqualTo(RbacManifest.text());
    standard.hasOutput("Manifest", Map.of("Value", "multus-eni/core5g/rbac.yaml"));
  }

  @Test
  void mayDoWhatItIsGivenAndLog() {
    JsonNode role = resource(standard, "AWS::IAM::Role").path("Properties");

    assertThat(role.has("ManagedPolicyArns")).isFalse();
    assertThat(role.path("Policies").toString())
        .contains("ec2:DescribeSubnets", "logs:PutLogEvents")
        .doesNotContain("xray");
    standard.resourceCountIs("AWS::IAM::Policy", 0);
  }

  @Test
  void tracesWithTheRolesOnlyPolicy() {
    inVpc.hasResourceProperties(
        "AWS::Lambda::Function", Map.of("TracingConfig", Map.of("Mode", "Active")));
    inVpc.resourceCountIs("AWS::IAM::Policy", 0);
    assertThat(resource(inVpc, "AWS::IAM::Role").at("/Properties/Policies").toString())
        .contains("xray:PutTraceSegments");
    standard.hasResourceProperties(
        "AWS::Lambda::Function", Map.of("TracingConfig", Match.absent()));
  }

  @Test
  void standsInTheConfiguredSubnetsWithoutALookUp() {
    inVpc.hasResourceProperties(
        "AWS::Lambda::Function",
        Map.of(
            "VpcConfig",
            Map.of(
                "SubnetIds",
                List.of("subnet-0b000001", "subnet-0b000002", "subnet-0b000003"),
                "SecurityGroupIds",
                List.of("sg-0b000001", "sg-0b000002"))));
    assertThat(resource(inVpc, "AWS::IAM::Role").path("Properties").has("ManagedPolicyArns"))
        .isFalse();
  }

  @Test
  void reachesWhatItCallsByOneEndpointPerZone() {
    Map<String, Map<String, Object>> endpoints = inVpc.findResources("AWS::EC2::VPCEndpoint");

    assertThat(endpoints).hasSize(2);
    for (String service : List.of(".ec2", ".ssm")) {
      inVpc.hasResourceProperties(
          "AWS::EC2::VPCEndpoint",
          Map.of(
              "ServiceName",
              Map.of(
                  "Fn::Join",
                  List.of("", List.of("com.amazonaws.", Map.of("Ref", "AWS::Region"), service))),
              "VpcEndpointType",
              "Interface",
              "PrivateDnsEnabled",
              true,
              "VpcId",
              "vpc-0a000001",
              "SubnetIds",
              List.of("subnet-0b000001", "subnet-0b000002"),
              "SecurityGroupIds",
              List.of(
                  Map.of(
                      "Fn::GetAtt", List.of(only(inVpc, "AWS::EC2::SecurityGroup"), "GroupId")))));
    }
    assertThat(resource(inVpc, "AWS::Events::Rule").path("DependsOn"))
        .extracting(JsonNode::asText)
        .containsAll(endpoints.keySet());
  }

  @Test
  void keepsNobodyOfTheVpcFromTheServicesByItsEndpoints() {
    inVpc.hasResourceProperties(
        "AWS::EC2::SecurityGroup",
        Map.of(
            "VpcId",
            "vpc-0a000001",
            "SecurityGroupIngress",
            List.of(https("CidrIp", "0.0.0.0/0"), https("CidrIpv6", "::/0"))));
  }

  @Test
  void needsNoVpcIdWhereOthersMakeTheEndpoints() throws BadInput {
    Template template =
        Template.fromStack(
            stack(
                "no-endpoints",
                Configs.with(
                    """
                    deployment: {vpc: {subnets: [subnet-0b000001], securityGroups: [sg-0b000001]}}
                    """)));

    template.hasResourceProperties(
        "AWS::Lambda::Function",
        Map.of(
            "VpcConfig",
            Map.of(
                "SubnetIds",
                List.of("subnet-0b000001"),
                "SecurityGroupIds",
                List.of("sg-0b000001"))));
    template.resourceCountIs("AWS::EC2::VPCEndpoint", 0);
    template.resourceCountIs("AWS::EC2::SecurityGroup", 0);
  }

  @Test
  void hasNoFindingOfCdkNag() {
    assertThat(findings).isEmpty();
    assertThat(findingsInVpc).isEmpty();
  }

  private static Map<String, Object> https(String key, String everyone) {
    return Map.of(
        "IpProtocol",
        "tcp",
        "FromPort",
        443,
        "ToPort",
        443,
        key,
        everyone,
        "Description",
        Match.anyValue());
  }

  private static String only(Template template, String type) {
    Set<String> ids = template.findResources(type).keySet();
    assertThat(ids).hasSize(1);
    return ids.iterator().next();
  }

  private static JsonNode resource(Template template, String type) {
    return new ObjectMapper()
        .<JsonNode>valueToTree(template.findResources(type))
        .path(only(template, type));
  }
}
