// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import io.multuseni.core.config.Network;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.Tags;
import io.multuseni.infra.Names;
import java.util.List;
import java.util.function.Function;

/** What the policies of one cluster's functions have in common: its resources, and reading. */
final class ClusterPolicy {
  private static final String CLUSTER_OF_RESOURCE = "aws:ResourceTag/" + Tags.CLUSTER;

  private final ProvisionerConfig config;
  private final AccountScope scope;

  ClusterPolicy(ProvisionerConfig config, AccountScope scope) {
    this.config = config;
    this.scope = scope;
  }

  /** Every network interface; what makes one ours is a tag, so that a condition has to follow. */
  List<String> anyInterface() {
    return List.of(scope.arn("ec2", "network-interface/*"));
  }

  /** The subnets and security groups that the configuration names, each once. */
  List<String> subnetsAndSecurityGroups() {
    return List.of(subnets(), securityGroups()).stream().flatMap(List::stream).toList();
  }

  /** The security groups that the configuration names, each once. */
  List<String> securityGroups() {
    return ofNetworks(Network::securityGroups, "security-group/");
  }

  private List<String> subnets() {
    return ofNetworks(Network::subnets, "subnet/");
  }

  private List<String> ofNetworks(Function<Network, List<String>> ids, String type) {
    return config.nodeGroups().stream()
        .map(NodeGroup::networks)
        .flatMap(List::stream)
        .map(ids)
        .flatMap(List::stream)
        .distinct()
        .sorted()
        .map(id -> scope.arn("ec2", type + id))
        .toList();
  }

  /** Only where the resource carries our cluster's tag. */
  Statement onlyOurs(Statement statement) {
    return statement.when("StringEquals", CLUSTER_OF_RESOURCE, List.of(config.cluster()));
  }

  /** Only where the resource doesn't carry our cluster's tag: another value, or no tag at all. */
  Statement onlyForeign(Statement statement) {
    return statement.when("StringNotEquals", CLUSTER_OF_RESOURCE, List.of(config.cluster()));
  }

  /** The function's configuration (ParameterEdge: GetParameters with both names). */
  Statement readParameters() {
    Names names = new Names(config.cluster());
    return Statement.allow(
        "ReadConfiguration",
        List.of("ssm:GetParameters"),
        List.of(
            scope.arn("ssm", "parameter" + names.configParameter()),
            scope.arn("ssm", "parameter" + names.deployedParameter())));
  }

  /** Reading, which EC2 and Auto Scaling allow on everything or not at all. */
  static Statement read(String sid, String... actions) {
    return Statement.allow(sid, List.of(actions), List.of("*"));
  }
}
