// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What only the deployment knows, and nobody should copy into a file. {@link
 * ConfigReader#readDeployed} reads it.
 *
 * @param apiServer where the cluster's Kubernetes API is
 * @param autoScalingGroups name of an EKS managed node group to the name of its Auto Scaling group
 */
public record DeployedFacts(ApiServer apiServer, SortedMap<String, String> autoScalingGroups) {
  /** Nothing is known. */
  public static final DeployedFacts NONE = new DeployedFacts(ApiServer.UNKNOWN, new TreeMap<>());

  /** Copies the map. */
  public DeployedFacts {
    autoScalingGroups = Collections.unmodifiableSortedMap(new TreeMap<>(autoScalingGroups));
  }
}
