// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.infra.Names;
import java.util.ArrayList;
import java.util.List;

/**
 * What the reconcile function may do. EKS' DescribeCluster is not in it: the deployment tells the
 * function where the cluster's API is.
 */
public final class ReconcilePolicy {
  private static final List<String> ASSIGNING =
      List.of("ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses");

  private ReconcilePolicy() {}

  /**
   * The statements.
   *
   * @param config the cluster's configuration
   * @param scope where its resources are
   */
  public static List<Statement> statements(ProvisionerConfig config, AccountScope scope) {
    ClusterPolicy cluster = new ClusterPolicy(config, scope);
    List<Statement> statements = new ArrayList<>();
    // AddressEdge: interfaces, holderOf, subnets, limits.
    statements.add(
        ClusterPolicy.read(
            "ReadEc2",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets"));
    // AddressEdge: assign and unassign, for IPv4 and IPv6.
    statements.add(
        cluster.onlyOurs(
            Statement.allow(
                "AssignOnOurs",
                List.of(
                    "ec2:AssignIpv6Addresses",
                    "ec2:AssignPrivateIpAddresses",
                    "ec2:UnassignIpv6Addresses",
                    "ec2:UnassignPrivateIpAddresses"),
                cluster.anyInterface())));
    statements.add(cluster.readParameters());
    if (config.deployment().vpc().isPresent()) {
      statements.addAll(inVpc(config, scope, cluster));
    }
    return statements;
  }

  /**
   * Lambda makes the function's own network interfaces with the function's role, and needs these
   * actions on everything (Lambda developer guide, giving functions access to a VPC). It sets the
   * key {@code lambda:SourceFunctionArn} on what the function's code calls and not on what it calls
   * itself, so that a Deny by this key takes the actions from the code alone (the same guide).
   */
  private static List<Statement> inVpc(
      ProvisionerConfig config, AccountScope scope, ClusterPolicy cluster) {
    String function =
        scope.arn("lambda", "function:" + new Names(config.cluster()).reconcileFunction());
    return List.of(
        Statement.allow(
            "LambdaInVpc",
            List.of(
                "ec2:AssignPrivateIpAddresses",
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSubnets",
                "ec2:UnassignPrivateIpAddresses"),
            List.of("*")),
        // A version's or an alias' ARN has one more part.
        Statement.deny(
                "NotFromCode",
                List.of("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"),
                List.of("*"))
            .when("ArnLike", "lambda:SourceFunctionArn", List.of(function, function + ":*")),
        // The code assigns on our interfaces, so that all others are denied.
        cluster
            .onlyForeign(Statement.deny("NotFromCodeOnForeign", ASSIGNING, List.of("*")))
            .when("ArnLike", "lambda:SourceFunctionArn", List.of(function, function + ":*")));
  }
}
