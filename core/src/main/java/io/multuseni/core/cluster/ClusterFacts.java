// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

import java.util.Map;

/**
 * What the Kubernetes API said at one time. All maps are by {@code namespace/name}, nodes by name.
 *
 * @param pools IPPools
 * @param slicePools NodeSlicePools
 * @param overlaps OverlappingRangeIPReservations
 * @param pods pods
 * @param nodes nodes
 * @param definitions NetworkAttachmentDefinitions
 */
public record ClusterFacts(
    Map<String, PoolFacts> pools,
    Map<String, SlicePoolFacts> slicePools,
    Map<String, OverlapFacts> overlaps,
    Map<PodRef, PodFacts> pods,
    Map<String, WorkerNode> nodes,
    Map<String, AttachmentDefinition> definitions) {
  /** Nothing was read. */
  public static final ClusterFacts EMPTY =
      new ClusterFacts(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

  /** Copies the maps. */
  public ClusterFacts {
    pools = Map.copyOf(pools);
    slicePools = Map.copyOf(slicePools);
    overlaps = Map.copyOf(overlaps);
    pods = Map.copyOf(pods);
    nodes = Map.copyOf(nodes);
    definitions = Map.copyOf(definitions);
  }
}
