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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The cluster as it was read, with the changes that a watch has told since. */
final class ClusterView {
  private final BlockingQueue<ClusterChange> arrived = new LinkedBlockingQueue<>();

  /** Taken off the queue by who waited, and not yet applied. */
  private final List<ClusterChange> early = new ArrayList<>();

  /** As it was told last; what hasn't changed since is told again as it is, without a copy. */
  private ClusterFacts told;

  private final Map<String, PoolFacts> pools;
  private final Map<String, OverlapFacts> overlaps;
  private final Map<PodRef, PodFacts> pods;
  private final Map<String, WorkerNode> nodes;

  private boolean poolsChanged;
  private boolean overlapsChanged;
  private boolean podsChanged;
  private boolean nodesChanged;

  /** Begins with what was read. */
  ClusterView(ClusterFacts base) {
    told = base;
    pools = new HashMap<>(base.pools());
    overlaps = new HashMap<>(base.overlaps());
    pods = new HashMap<>(base.pods());
    nodes = new HashMap<>(base.nodes());
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
   * @param pods the pods that they touch
   * @param more whether they touch more than can be told by pods
   * @param lost the resources whose watch has ended, with the cause
   */
  record Applied(Set<PodRef> pods, boolean more, List<String> lost) {
    /** Whether anything matters to addresses. */
    boolean isAny() {
      return more || !pods.isEmpty();
    }
  }

  /** Applies what has arrived. */
  Applied apply() {
    List<ClusterChange> all = new ArrayList<>(early);
    early.clear();
    arrived.drainTo(all);
    Set<PodRef> touched = new HashSet<>();
    boolean more = false;
    List<String> lost = new ArrayList<>();
    for (ClusterChange change : all) {
      // Kubelets touch pods and nodes all the time; most of it says nothing about addresses.
      switch (change) {
        case ClusterChange.PoolChanged(var key, var pool) -> {
          PoolFacts before = pools.get(key);
          if (put(pools, key, pool)) {
            poolsChanged = true;
            more |= touchedBy(before, pool, touched);
          }
        }
        case ClusterChange.OverlapChanged(var key, var overlap) -> {
          if (put(overlaps, key, overlap)) {
            overlapsChanged = true;
            overlap.flatMap(one -> PodRef.parse(one.podRef())).ifPresent(touched::add);
            more |= overlap.isEmpty();
          }
        }
        case ClusterChange.PodChanged(var ref, var pod) -> {
          if (put(pods, ref, pod)) {
            podsChanged = true;
            touched.add(ref);
          }
        }
        case ClusterChange.NodeChanged(var name, var node) -> {
          if (put(nodes, name, node)) {
            nodesChanged = true;
            more = true;
          }
        }
        case ClusterChange.Lost(var resource, var why) -> lost.add(resource + ": " + why);
      }
    }
    return new Applied(touched, more, lost);
  }

  /**
   * Finds the pods of the allocations that are new or other ones.
   *
   * @return whether something else has changed: the range, or an allocation that is gone
   */
  private static boolean touchedBy(
      @Nullable PoolFacts before, Optional<PoolFacts> now, Set<PodRef> touched) {
    if (before == null || now.isEmpty() || !before.range().equals(now.get().range())) {
      return true;
    }
    Map<String, PoolFacts.Allocation> old = before.allocations();
    Map<String, PoolFacts.Allocation> allocations = now.get().allocations();
    allocations.forEach((key, allocation) -> {
      if (!allocation.equals(old.get(key))) {
        PodRef.parse(allocation.podRef()).ifPresent(touched::add);
      }
    });
    return !allocations.keySet().containsAll(old.keySet());
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
