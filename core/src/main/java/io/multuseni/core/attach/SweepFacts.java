// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.node.GroupFacts;
import io.multuseni.core.node.InstanceSummary;
import io.multuseni.core.node.InterfaceFacts;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a sweep has read.
 *
 * @param now the time of the sweep
 * @param claims every node group with the Auto Scaling groups found for it
 * @param ours every network interface that carries the cluster's tag
 * @param instances the instances that members and tags name and that EC2 knows, by id
 * @param heartbeats when this sandbox recorded the last heartbeat for an instance; may be empty,
 *     which costs a heartbeat too many and nothing else
 * @param waitingSince since when this sandbox has seen an instance wait; may be empty
 */
public record SweepFacts(
    Instant now,
    List<Claim> claims,
    List<InterfaceFacts> ours,
    Map<String, InstanceSummary> instances,
    Map<String, Instant> heartbeats,
    Map<String, Instant> waitingSince) {
  /** Copies the collections. */
  public SweepFacts {
    claims = List.copyOf(claims);
    ours = List.copyOf(ours);
    instances = Map.copyOf(instances);
    heartbeats = Map.copyOf(heartbeats);
    waitingSince = Map.copyOf(waitingSince);
  }

  /**
   * A node group and what was found of it.
   *
   * @param nodeGroup the node group
   * @param found its Auto Scaling groups
   * @param missing names that the configuration gives and Auto Scaling doesn't know
   */
  public record Claim(NodeGroup nodeGroup, List<GroupFacts> found, List<String> missing) {
    /** Copies the lists. */
    public Claim {
      found = List.copyOf(found);
      missing = List.copyOf(missing);
    }
  }
}
