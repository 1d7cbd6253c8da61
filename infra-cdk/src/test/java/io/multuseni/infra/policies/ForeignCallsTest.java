// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.config.ProvisionerConfig;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is somebody else's stays so; beside each call that is denied stands one that is allowed. */
class ForeignCallsTest {
  private static final ProvisionerConfig CONFIG = Configs.read(Configs.IN_VPC);
  private static final Map<String, String> OUR_TAG = Map.of("multus-eni/cluster", "core5g");
  private static final IamCall.Resource NEW = networkInterface("*", Map.of());
  private static final IamCall.Resource OURS = networkInterface("eni-0a00000000000000a", OUR_TAG);
  private static final IamCall.Resource OTHER_CLUSTERS =
      networkInterface("eni-0b00000000000000b", Map.of("multus-eni/cluster", "edge"));
  private static final IamCall.Resource UNTAGGED =
      networkInterface("eni-0c00000000000000c", Map.of());
  private static final IamCall.Resource SUBNET = ec2("subnet/" + Configs.SUBNET_N3);
  private static final IamCall.Resource OTHER_SUBNET = ec2("subnet/subnet-0ffffffffffffffff");
  private static final IamCall.Resource SECURITY_GROUP =
      ec2("security-group/" + Configs.SECURITY_GROUP);
  private static final IamCall.Resource OTHER_SECURITY_GROUP =
      ec2("security-group/sg-0ffffffffffffffff");
  private static final IamCall.Resource NODE = instance("upf-a");
  private static final IamCall.Resource MANAGED_NODE = instance("eks-cp-" + Configs.UUID);
  private static final IamCall.Resource OTHER_NODE = instance("web");
  private static final IamCall.Resource NO_NODE =
      new IamCall.Resource(Configs.SCOPE.arn("ec2", "instance/i-0d00000000000000d"), Map.of());
  private static final String FUNCTION =
      Configs.SCOPE.arn("lambda", "function:multus-eni-reconcile-core5g");

  private static IamCall.Resource networkInterface(String id, Map<String, String> tags) {
    return new IamCall.Resource(Configs.SCOPE.arn("ec2", "network-interface/" + id), tags);
  }

  private static IamCall.Resource ec2(String resource) {
    return new IamCall.Resource(Configs.SCOPE.arn("ec2", resource), Map.of());
  }

  private static IamCall.Resource instance(String group) {
    return new IamCall.Resource(
        Configs.SCOPE.arn("ec2", "instance/i-0a00000000000000a"),
        Map.of("aws:autoscaling:groupName", group));
  }

  private static IamCall.Resource group(String name) {
    return new IamCall.Resource(
        Configs.SCOPE.arn(
            "autoscaling", "autoScalingGroup:" + Configs.UUID + ":autoScalingGroupName/" + name),
        Map.of());
  }

  private static IamCall ec2(String action, IamCall.Resource... resources) {
    return IamCall.of("ec2:" + action, resources);
  }

  private static IamCall create(IamCall.Resource subnet, IamCall.Resource securityGroup) {
    return ec2("CreateNetworkInterface", NEW, subnet, securityGroup);
  }

  private static Arguments row(String what, IamCall allowed, IamCall denied) {
    return Arguments.of(what, allowed, denied);
  }

  static Stream<Arguments> attachCalls() {
    IamCall createOurs = create(SUBNET, SECURITY_GROUP).tagging("multus-eni/cluster", "core5g");
    IamCall tagNew =
        ec2("CreateTags", NEW)
            .tagging("multus-eni/cluster", "core5g")
            .with("ec2:CreateAction", "CreateNetworkInterface");
    IamCall tagOurs = ec2("CreateTags", OURS).tagging("multus-eni/network", "n3");
    IamCall complete = IamCall.of("autoscaling:CompleteLifecycleAction", group("upf-a"));
    IamCall mark =
        IamCall.of("autoscaling:CreateOrUpdateTags", group("upf-a"))
            .tagging("multus-eni/abandoned-0", "…");
    return Stream.of(
        row("create without our tag", createOurs, create(SUBNET, SECURITY_GROUP)),
        row(
            "create for another cluster",
            createOurs,
            create(SUBNET, SECURITY_GROUP).tagging("multus-eni/cluster", "edge")),
        row(
            "create with a tag of the VPC CNI's",
            createOurs.tagging("cnf", "upf"),
            createOurs.tagging("node.k8s.amazonaws.com/instance_id", "i-0")),
        row(
            "create in another subnet",
            createOurs,
            create(OTHER_SUBNET, SECURITY_GROUP).tagging("multus-eni/cluster", "core5g")),
        row(
            "create with another security group",
            createOurs,
            create(SUBNET, OTHER_SECURITY_GROUP).tagging("multus-eni/cluster", "core5g")),
        row(
            "create with another security group beside ours",
            createOurs,
            ec2("CreateNetworkInterface", NEW, SUBNET, SECURITY_GROUP, OTHER_SECURITY_GROUP)
                .tagging("multus-eni/cluster", "core5g")),
        row(
            "tag what another call creates",
            tagNew,
            ec2("CreateTags", NEW)
                .tagging("multus-eni/cluster", "core5g")
                .with("ec2:CreateAction", "RunInstances")),
        row(
            "create with another cluster's tag",
            tagNew,
            tagNew.tagging("multus-eni/cluster", "edge")),
        row(
            "attach to a node of another group",
            ec2("AttachNetworkInterface", OURS, NODE),
            ec2("AttachNetworkInterface", OURS, OTHER_NODE)),
        row(
            "attach to an instance of no group",
            ec2("AttachNetworkInterface", OURS, MANAGED_NODE),
            ec2("AttachNetworkInterface", OURS, NO_NODE)),
        row(
            "attach another cluster's interface",
            ec2("AttachNetworkInterface", OURS, NODE),
            ec2("AttachNetworkInterface", OTHER_CLUSTERS, NODE)),
        row(
            "attach an interface without a tag",
            ec2("AttachNetworkInterface", OURS, NODE),
            ec2("AttachNetworkInterface", UNTAGGED, NODE)),
        row(
            "change another cluster's interface",
            ec2("ModifyNetworkInterfaceAttribute", OURS),
            ec2("ModifyNetworkInterfaceAttribute", OTHER_CLUSTERS)),
        row(
            "change an attachment on a node of another group",
            ec2("ModifyNetworkInterfaceAttribute", OURS, NODE),
            ec2("ModifyNetworkInterfaceAttribute", OURS, OTHER_NODE)),
        row(
            "set another security group",
            ec2("ModifyNetworkInterfaceAttribute", OURS, SECURITY_GROUP),
            ec2("ModifyNetworkInterfaceAttribute", OURS, OTHER_SECURITY_GROUP)),
        row(
            "delete another cluster's interface",
            ec2("DeleteNetworkInterface", OURS),
            ec2("DeleteNetworkInterface", OTHER_CLUSTERS)),
        row(
            "delete an interface without a tag",
            ec2("DeleteNetworkInterface", OURS),
            ec2("DeleteNetworkInterface", UNTAGGED)),
        row(
            "tag an instance",
            tagOurs,
            ec2("CreateTags", NODE).tagging("multus-eni/network", "n3")),
        row(
            "tag another cluster's interface",
            tagOurs,
            ec2("CreateTags", OTHER_CLUSTERS).tagging("multus-eni/network", "n3")),
        row(
            "make an interface without a tag ours",
            tagOurs.tagging("multus-eni/cluster", "core5g"),
            ec2("CreateTags", UNTAGGED).tagging("multus-eni/cluster", "core5g")),
        row(
            "give one of ours to another cluster",
            tagOurs.tagging("multus-eni/cluster", "core5g"),
            tagOurs.tagging("multus-eni/cluster", "edge")),
        row("set a tag that others go by", tagOurs, tagOurs.tagging("owner", "finance")),
        row(
            "complete an action of another group",
            complete,
            IamCall.of("autoscaling:CompleteLifecycleAction", group("web"))),
        row(
            "complete an action of a group whose name begins like ours",
            complete,
            IamCall.of("autoscaling:CompleteLifecycleAction", group("upf-ab"))),
        row(
            "complete an action of another managed node group",
            IamCall.of("autoscaling:CompleteLifecycleAction", group("eks-cp-" + Configs.UUID)),
            IamCall.of(
                "autoscaling:CompleteLifecycleAction",
                group("eks-cp-00000000-3333-4444-5555-666677778888"))),
        row(
            "keep an action of another group waiting",
            IamCall.of("autoscaling:RecordLifecycleActionHeartbeat", group("upf-a")),
            IamCall.of("autoscaling:RecordLifecycleActionHeartbeat", group("web"))),
        row(
            "mark another group",
            mark,
            IamCall.of("autoscaling:CreateOrUpdateTags", group("web"))
                .tagging("multus-eni/abandoned-0", "…")),
        row("set another tag of a group", mark, mark.tagging("owner", "finance")),
        row("read another cluster's parameter", parameter("core5g"), parameter("edge")));
  }

  private static IamCall parameter(String cluster) {
    return IamCall.of(
        "ssm:GetParameters",
        new IamCall.Resource(
            Configs.SCOPE.arn("ssm", "parameter/multus-eni/" + cluster + "/config"), Map.of()));
  }

  static Stream<Arguments> reconcileCalls() {
    return Stream.of(
            "AssignPrivateIpAddresses",
            "AssignIpv6Addresses",
            "UnassignPrivateIpAddresses",
            "UnassignIpv6Addresses")
        .flatMap(action ->
            Stream.of(
                row(
                    action + " on another cluster's",
                    ec2(action, OURS),
                    ec2(action, OTHER_CLUSTERS)),
                row(action + " on one without a tag", ec2(action, OURS), ec2(action, UNTAGGED))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attachCalls")
  void theAttachFunctionCanNot(String what, IamCall allowed, IamCall denied) {
    IamEvaluator role =
        IamEvaluator.ofPolicies(SynthesizedRoles.of(CONFIG, Configs.names()).attach());

    assertThat(role.allows(allowed)).as("allowed: " + allowed).isTrue();
    assertThat(role.allows(denied)).as(what + ": " + denied).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attachCalls")
  void theSweepCanNot(String what, IamCall allowed, IamCall denied) {
    IamEvaluator role =
        IamEvaluator.ofPolicies(SynthesizedRoles.of(CONFIG, Configs.names()).sweep());

    assertThat(role.allows(allowed)).as("allowed: " + allowed).isTrue();
    assertThat(role.allows(denied)).as(what + ": " + denied).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("reconcileCalls")
  void theReconcileFunctionCanNot(String what, IamCall allowed, IamCall denied) {
    for (String yaml : List.of(Configs.TWO_GROUPS, Configs.IN_VPC)) {
      IamEvaluator role =
          IamEvaluator.ofPolicies(
              SynthesizedRoles.of(Configs.read(yaml), Configs.names()).reconcile());

      assertThat(role.allows(fromCode(allowed))).as("allowed: " + allowed).isTrue();
      assertThat(role.allows(fromCode(denied))).as(what + ": " + denied).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("lambdasOwnCalls")
  void lambdaMakesInterfacesInTheVpcAndTheCodeDoesNot(IamCall call) {
    IamEvaluator inVpc =
        IamEvaluator.ofPolicies(SynthesizedRoles.of(CONFIG, Configs.names()).reconcile());
    IamEvaluator outside =
        IamEvaluator.ofPolicies(
            SynthesizedRoles.of(Configs.read(Configs.TWO_GROUPS), Configs.names()).reconcile());

    assertThat(inVpc.allows(call)).as("Lambda itself").isTrue();
    assertThat(inVpc.allows(fromCode(call))).as("the code").isFalse();
    assertThat(inVpc.allows(call.with("lambda:SourceFunctionArn", FUNCTION + ":live")))
        .as("the code behind its alias")
        .isFalse();
    assertThat(outside.allows(call)).as("where there is no VPC").isFalse();
  }

  static Stream<IamCall> lambdasOwnCalls() {
    return Stream.of(
        create(OTHER_SUBNET, OTHER_SECURITY_GROUP),
        ec2("DeleteNetworkInterface", UNTAGGED),
        ec2("AssignPrivateIpAddresses", UNTAGGED),
        ec2("UnassignPrivateIpAddresses", UNTAGGED));
  }

  @Test
  void noneMayDetachOrTerminate() {
    Configs.policies(CONFIG)
        .forEach((function, policies) -> {
          IamEvaluator role = IamEvaluator.ofPolicies(policies);
          assertThat(role.allows(ec2("DetachNetworkInterface", OURS, NODE))).as(function).isFalse();
          assertThat(role.allows(ec2("TerminateInstances", NODE))).as(function).isFalse();
          assertThat(role.allows(ec2("DeleteTags", OURS))).as(function).isFalse();
        });
  }

  @Test
  void aWildcardInAGroupsNameStandsForItselfAlone() {
    ProvisionerConfig config = Configs.read(Configs.TWO_GROUPS.replace("[upf-a]", "['upf-*']"));
    IamEvaluator role =
        IamEvaluator.ofPolicies(SynthesizedRoles.of(config, Configs.names()).attach());

    assertThat(role.allows(IamCall.of("autoscaling:CompleteLifecycleAction", group("upf-*"))))
        .isTrue();
    assertThat(role.allows(IamCall.of("autoscaling:CompleteLifecycleAction", group("upf-a"))))
        .isFalse();
    assertThat(role.allows(ec2("AttachNetworkInterface", OURS, instance("upf-*")))).isTrue();
    assertThat(role.allows(ec2("AttachNetworkInterface", OURS, NODE))).isFalse();
  }

  private static IamCall fromCode(IamCall call) {
    return call.with("lambda:SourceFunctionArn", FUNCTION);
  }
}
