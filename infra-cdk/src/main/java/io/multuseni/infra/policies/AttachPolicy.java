// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import io.multuseni.core.attach.LoopBreaker;
import io.multuseni.core.config.Network;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.Tags;
import io.multuseni.infra.GroupNames;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the attach function may do. Where an action has several resource types (service
 * authorization reference of EC2), each of them needs a statement that allows it.
 */
public final class AttachPolicy {
  private static final String CLUSTER_IN_REQUEST = "aws:RequestTag/" + Tags.CLUSTER;
  private static final String TAG_KEYS = "aws:TagKeys";

  private AttachPolicy() {}

  /**
   * The statements.
   *
   * @param config the cluster's configuration
   * @param scope where its resources are
   * @param groups the Auto Scaling groups of its node groups
   */
  public static List<Statement> statements(
      ProvisionerConfig config, AccountScope scope, GroupNames groups) {
    ClusterPolicy cluster = new ClusterPolicy(config, scope);
    List<String> names =
        config.nodeGroups().stream()
            .map(groups::of)
            .flatMap(List::stream)
            .map(PolicyText::literal)
            .distinct()
            .toList();
    List<String> groupArns =
        names.stream()
            .map(
                name -> scope.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/" + name))
            .toList();
    List<String> tagKeys = tagKeys(config);
    return List.of(
        // Ec2Edge: nodeFacts, instances, limits, subnets, interfaces, usedAddresses.
        ClusterPolicy.read(
            "ReadEc2",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeInstances",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets"),
        // CreateSteps: an interface is ours from its first moment, or there is none.
        Statement.allow("CreateOurs", List.of("ec2:CreateNetworkInterface"), cluster.anyInterface())
            .when("StringEquals", CLUSTER_IN_REQUEST, List.of(config.cluster()))
            .when("ForAllValues:StringLike", TAG_KEYS, tagKeys),
        Statement.allow(
            "CreateThere",
            List.of("ec2:CreateNetworkInterface"),
            cluster.subnetsAndSecurityGroups()),
        // The tags in a create are a CreateTags of their own to IAM.
        Statement.allow("TagWhileCreating", List.of("ec2:CreateTags"), cluster.anyInterface())
            .when("StringEquals", "ec2:CreateAction", List.of("CreateNetworkInterface"))
            .when("StringEquals", CLUSTER_IN_REQUEST, List.of(config.cluster())),
        // AttachSteps puts lost tags back, SweepFlow marks orphans. Neither makes a foreign one
        // ours,
        // nor one of ours another cluster's.
        cluster
            .onlyOurs(Statement.allow("TagOurs", List.of("ec2:CreateTags"), cluster.anyInterface()))
            .when("StringEqualsIfExists", CLUSTER_IN_REQUEST, List.of(config.cluster()))
            .when("ForAllValues:StringLike", TAG_KEYS, tagKeys)
            .when("Null", TAG_KEYS, List.of("false")),
        // AttachSteps attaches, sets and takes back; SweepFlow deletes. Nothing detaches: EC2
        // deletes
        // an interface with its instance.
        cluster.onlyOurs(
            Statement.allow(
                "ChangeOurs",
                List.of(
                    "ec2:AttachNetworkInterface",
                    "ec2:DeleteNetworkInterface",
                    "ec2:ModifyNetworkInterfaceAttribute"),
                cluster.anyInterface())),
        // An attachment's DeleteOnTermination concerns the instance too.
        Statement.allow(
                "ChangeNodes",
                List.of("ec2:AttachNetworkInterface", "ec2:ModifyNetworkInterfaceAttribute"),
                List.of(scope.arn("ec2", "instance/*")))
            .when("StringEquals", "aws:ResourceTag/aws:autoscaling:groupName", names),
        Statement.allow(
            "SetSecurityGroups",
            List.of("ec2:ModifyNetworkInterfaceAttribute"),
            cluster.securityGroups()),
        // CompletionSteps, and SweepFlow's heartbeats.
        Statement.allow(
            "AnswerHooks",
            List.of(
                "autoscaling:CompleteLifecycleAction",
                "autoscaling:RecordLifecycleActionHeartbeat"),
            groupArns),
        // CompletionSteps: the loop breaker's marks.
        ClusterPolicy.read("ReadMarks", "autoscaling:DescribeTags"),
        Statement.allow("LeaveMarks", List.of("autoscaling:CreateOrUpdateTags"), groupArns)
            .when("ForAllValues:StringEquals", TAG_KEYS, LoopBreaker.keys())
            .when("Null", TAG_KEYS, List.of("false")),
        cluster.readParameters());
  }

  /** Every key that our interfaces carry. */
  private static List<String> tagKeys(ProvisionerConfig config) {
    return Stream.concat(
            Stream.of(Tags.PREFIX + "*", Tags.NO_MANAGE, Tags.NO_MANAGE_PLAIN),
            config.nodeGroups().stream()
                .map(NodeGroup::networks)
                .flatMap(List::stream)
                .map(Network::tags)
                .flatMap(tags -> tags.keySet().stream())
                .distinct()
                .sorted()
                .map(PolicyText::literal))
        .toList();
  }
}
