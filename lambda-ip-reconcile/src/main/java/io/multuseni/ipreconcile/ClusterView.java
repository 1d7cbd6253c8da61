// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.cluster.OverlapFacts;
import io.multuseni.core.cluster.PodFacts;
import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.cluster.PoolFacts;
import io.multuseni.core.cluster.WorkerNode;
import io.multuseni.kube.ClusterChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The cluster as it was read, with the changes that a watch has told since. */
final class ClusterView {
  private final BlockingQueue<ClusterChange> arrived = new LinkedBlockingQueue<>();

  /** Taken off the queue by who waited, and not yet applied. */
  private final List<ClusterChange> early = new ArrayList<>();

  /** As it was told last; what hasn't changed since is told again as it is, without a copy. */
  private ClusterFacts told;

  private Map<String, PoolFacts> pools = Map.of();
  private Map<String, OverlapFacts> overlaps = Map.of();
  private Map<PodRef, PodFacts> pods = Map.of();
  private Map<String, WorkerNode> nodes = Map.of();

  private boolean poolsChanged;
  private boolean overlapsChanged;
  private boolean podsChanged;
  private boolean nodesChanged;

  ClusterView(ClusterFacts base) {
    this.told = base;
    restart(base);
  }

  /** Begins anew with what was read. */
  void restart(ClusterFacts facts) {
    told = facts;
    poolsChanged = false;
    overlapsChanged = false;
    podsChanged = false;
    nodesChanged = false;
    pools = new HashMap<>(facts.pools());
    overlaps = new HashMap<>(facts.overlaps());
    pods = new HashMap<>(facts.pods());
    nodes = new HashMap<>(facts.nodes());
  }

  /** Takes a change from any thread; it counts from the next {@link #apply}. */
  void tell(ClusterChange change) {
    arrived.add(change);
  }

  /**
   * Waits for a change.
   *
   * @return whether there is one
   */
  boolean await(Duration most) {
    try {
      ClusterChange first = arrived.poll(most.toNanos(), TimeUnit.NANOSECONDS);
      if (first == null) {
        return false;
      }
      early.add(first);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while watching", e);
    }
  }

  /**
   * What the arrived changes came to.
   *
   * @param changes how many of them matter to addresses
   * @param lost the resources whose watch has ended, with the cause
   */
  record Applied(int changes, List<String> lost) {}

  /** Applies what has arrived. */
  Applied apply() {
    List<ClusterChange> all = new ArrayList<>(early);
    early.clear();
    arrived.drainTo(all);
    int changes = 0;
    List<String> lost = new ArrayList<>();
    for (ClusterChange change : all) {
      boolean changed =
          switch (change) {
            case ClusterChange.PoolChanged(var key, var pool) -> {
              boolean differs = put(pools, key, pool);
              poolsChanged |= differs;
              yield differs;
            }
            case ClusterChange.OverlapChanged(var key, var overlap) -> {
              boolean differs = put(overlaps, key, overlap);
              overlapsChanged |= differs;
              yield differs;
            }
            case ClusterChange.PodChanged(var ref, var pod) -> {
              boolean differs = put(pods, ref, pod);
              podsChanged |= differs;
              yield differs;
            }
            case ClusterChange.NodeChanged(var name, var node) -> {
              boolean differs = put(nodes, name, node);
              nodesChanged |= differs;
              yield differs;
            }
            case ClusterChange.Lost(var resource, var why) -> {
              lost.add(resource + ": " + why);
              yield false;
            }
          };
      // Kubelets touch pods and nodes all the time; most of it says nothing about addresses.
      changes += changed ? 1 : 0;
    }
    return new Applied(changes, lost);
  }

  private static <K, V> boolean put(Map<K, V> map, K key, Optional<V> value) {
    V before = value.isPresent() ? map.put(key, value.get()) : map.remove(key);
    return !Objects.equals(before, value.orElse(null));
  }

  /** The cluster as it is known now. */
  ClusterFacts facts() {
    told =
        new ClusterFacts(
            poolsChanged ? pools : told.pools(),
            told.slicePools(),
            overlapsChanged ? overlaps : told.overlaps(),
            podsChanged ? pods : told.pods(),
            nodesChanged ? nodes : told.nodes(),
            told.definitions());
    poolsChanged = false;
    overlapsChanged = false;
    podsChanged = false;
    nodesChanged = false;
    return told;
  }
}
