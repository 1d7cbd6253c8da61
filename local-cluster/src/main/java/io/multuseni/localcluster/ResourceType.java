// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import java.util.List;

/**
 * A type of object that this API serves.
 *
 * @param group API group, empty for the core group
 * @param version for example {@code v1alpha1}
 * @param plural its name in paths
 * @param kind its name in objects; a list of it is {@code kind + "List"}
 * @param namespaced whether its objects live in namespaces
 */
record ResourceType(String group, String version, String plural, String kind, boolean namespaced) {
  private static final String WHEREABOUTS = "whereabouts.cni.cncf.io";

  static final ResourceType PODS = new ResourceType("", "v1", "pods", "Pod", true);
  static final ResourceType NODES = new ResourceType("", "v1", "nodes", "Node", false);
  static final ResourceType DEFINITIONS =
      new ResourceType(
          "k8s.cni.cncf.io",
          "v1",
          "network-attachment-definitions",
          "NetworkAttachmentDefinition",
          true);
  static final ResourceType POOLS =
      new ResourceType(WHEREABOUTS, "v1alpha1", "ippools", "IPPool", true);
  static final ResourceType SLICE_POOLS =
      new ResourceType(WHEREABOUTS, "v1alpha1", "nodeslicepools", "NodeSlicePool", true);
  static final ResourceType OVERLAPS =
      new ResourceType(
          WHEREABOUTS,
          "v1alpha1",
          "overlappingrangeipreservations",
          "OverlappingRangeIPReservation",
          true);

  /** What a cluster serves from its start. */
  static final List<ResourceType> BUILT_IN =
      List.of(PODS, NODES, DEFINITIONS, POOLS, SLICE_POOLS, OVERLAPS);

  /** The value of {@code apiVersion} in its objects. */
  String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** Its name with its group, as messages have it: {@code ippools.whereabouts.cni.cncf.io}. */
  String qualified() {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
