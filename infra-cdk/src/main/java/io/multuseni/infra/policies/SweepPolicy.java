// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.infra.GroupNames;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the sweep function may do: see launches through as the attach function does, and read all.
 */
public final class SweepPolicy {
  private SweepPolicy() {}

  /**
   * The statements.
   *
   * @param config the cluster's configuration
   * @param scope where its resources are
   * @param groups the Auto Scaling groups of its node groups
   */
  public static List<Statement> statements(
      ProvisionerConfig config, AccountScope scope, GroupNames groups) {
    return Stream.concat(
            AttachPolicy.statements(config, scope, groups).stream(),
            Stream.of(
                // AutoScalingEdge.claims.
                ClusterPolicy.read(
                    "ReadGroups",
                    "autoscaling:DescribeAutoScalingGroups",
                    "autoscaling:DescribeLifecycleHooks",
                    "autoscaling:DescribeWarmPool")))
        .toList();
  }
}
