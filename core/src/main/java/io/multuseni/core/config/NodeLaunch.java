// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import java.util.List;
import java.util.OptionalInt;

/**
 * A self-managed Auto Scaling group of AL2023 nodes that the deployment makes.
 *
 * @param instanceType such as {@code m5.xlarge}
 * @param kubernetesVersion of the nodes' image, such as {@code 1.33}
 * @param subnets where the nodes' primary interfaces are; at least one
 * @param securityGroups of the primary interfaces; at least one, the cluster's own among them
 * @param serviceCidr the cluster's block of service addresses
 * @param minSize fewest nodes, 0 or more
 * @param maxSize most nodes, 1 to 1,000
 * @param desiredSize how many nodes each deployment asks for, {@code minSize} to {@code maxSize};
 *     empty where that is left to whatever scales the group
 * @param volumeGib size of the root volume in GiB, 20 to 16,384
 */
public record NodeLaunch(
    String instanceType,
    String kubernetesVersion,
    List<String> subnets,
    List<String> securityGroups,
    String serviceCidr,
    int minSize,
    int maxSize,
    OptionalInt desiredSize,
    int volumeGib) {
  /** Default size of the root volume: the image takes 20 GiB, and container images come on top. */
  public static final int VOLUME_DEFAULT = 80;

  /** Copies the lists. */
  public NodeLaunch {
    subnets = List.copyOf(subnets);
    securityGroups = List.copyOf(securityGroups);
  }
}
