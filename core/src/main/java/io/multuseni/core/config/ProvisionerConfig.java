// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The whole configuration of one cluster, valid by construction of {@link ConfigReader}.
 *
 * @param cluster name of the EKS cluster; the value of the tag that marks what is ours
 * @param apiServer where its Kubernetes API is
 * @param sweepGrace how old an {@code available} network interface of ours must be before the sweep
 *     may delete it
 * @param reconciliation how secondary addresses follow reservations
 * @param deployment how the functions are deployed
 * @param nodeGroups the node groups, at least one
 */
public record ProvisionerConfig(
    String cluster,
    ApiServer apiServer,
    Duration sweepGrace,
    Reconciliation reconciliation,
    Deployment deployment,
    List<NodeGroup> nodeGroups) {
  /** Copies the list. */
  public ProvisionerConfig {
    nodeGroups = List.copyOf(nodeGroups);
  }

  /** Deployed by default. */
  public ProvisionerConfig(
      String cluster,
      ApiServer apiServer,
      Duration sweepGrace,
      Reconciliation reconciliation,
      List<NodeGroup> nodeGroups) {
    this(cluster, apiServer, sweepGrace, reconciliation, Deployment.DEFAULTS, nodeGroups);
  }

  /** With default reconciliation, and the API server left to EKS. */
  public ProvisionerConfig(String cluster, Duration sweepGrace, List<NodeGroup> nodeGroups) {
    this(cluster, ApiServer.UNKNOWN, sweepGrace, Reconciliation.DEFAULTS, nodeGroups);
  }

  /** What the functions need of it: all but how they and nodes are deployed. */
  public ProvisionerConfig forFunctions() {
    return new ProvisionerConfig(
        cluster,
        apiServer,
        sweepGrace,
        reconciliation,
        Deployment.DEFAULTS,
        nodeGroups.stream().map(NodeGroup::forFunctions).toList());
  }

  /**
   * The same, with what only the deployment knows. What the configuration itself says of the API
   * server stays.
   */
  public ProvisionerConfig with(DeployedFacts deployed) {
    return new ProvisionerConfig(
        cluster,
        new ApiServer(
            apiServer.endpoint().or(deployed.apiServer()::endpoint),
            apiServer.certificateAuthority().or(deployed.apiServer()::certificateAuthority)),
        sweepGrace,
        reconciliation,
        deployment,
        nodeGroups.stream().map(group -> group.with(deployed)).toList());
  }

  /** The node group that claims an Auto Scaling group; never more than one does. */
  public Optional<NodeGroup> claimantOf(String autoScalingGroup) {
    return nodeGroups.stream().filter(group -> group.claims(autoScalingGroup)).findFirst();
  }
}
