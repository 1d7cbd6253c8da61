// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.cluster.OverlapFacts;
import io.multuseni.core.cluster.PodFacts;
import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.cluster.PoolFacts;
import io.multuseni.core.cluster.PoolFacts.Allocation;
import io.multuseni.core.cluster.WorkerNode;
import io.multuseni.core.ip.IpAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * ◆ What decides about the addresses of a few pods: their reservations and everybody else's of the
 * same addresses, the pods behind them, and the interfaces of their nodes and of whoever has the
 * addresses. A decision over it says of these pods what one over everything would say, in a
 * hundredth of the time. It says nothing of what is stale: everybody else's reservations are
 * missing.
 *
 * @param cluster the part of the cluster
 * @param vpc the part of the VPC
 */
public record ClusterPart(ClusterFacts cluster, VpcFacts vpc) {
  /**
   * Takes the part around some pods.
   *
   * @param pods the pods, existing or not
   * @param cluster the whole cluster
   * @param vpc the whole VPC
   */
  public static ClusterPart around(Set<PodRef> pods, ClusterFacts cluster, VpcFacts vpc) {
    Set<String> names = new HashSet<>();
    pods.forEach(pod -> names.add(pod.toString()));
    Set<IpAddress> addresses = new HashSet<>();
    for (PodRef ref : pods) {
      PodFacts pod = cluster.pods().get(ref);
      if (pod != null) {
        pod.attachments().forEach(one -> addresses.addAll(one.addresses()));
      }
    }
    Map<String, PoolRange> ranges = new HashMap<>();
    Map<String, Map<String, Allocation>> allocations = new HashMap<>();
    for (PoolFacts pool : cluster.pools().values()) {
      PoolRange.parse(pool.range())
          .ifPresent(range -> {
            Map<String, Allocation> theirs = new HashMap<>();
            ranges.put(pool.key(), range);
            allocations.put(pool.key(), theirs);
            pool.allocations()
                .forEach((key, allocation) -> {
                  if (names.contains(allocation.podRef())) {
                    theirs.put(key, allocation);
                    range.addressAt(key).ifPresent(addresses::add);
                  }
                });
          });
    }
    Map<String, OverlapFacts> overlaps = new HashMap<>();
    for (OverlapFacts overlap : cluster.overlaps().values()) {
      if (names.contains(overlap.podRef())) {
        overlaps.put(overlap.key(), overlap);
        addresses.addAll(ReservationReader.addressesIn(overlap.name()));
      }
    }
    Set<String> endings = new HashSet<>();
    addresses.forEach(address -> endings.add(address.toString().replace(':', '-')));
    for (OverlapFacts overlap : cluster.overlaps().values()) {
      // There may be many; only a name that ends so is worth a closer look.
      if (endings.stream().anyMatch(overlap.name()::endsWith)) {
        overlaps.put(overlap.key(), overlap);
      }
    }
    // The others' further reservations tell whether theirs of these addresses are superseded.
    Set<String> others = new HashSet<>();
    ranges.forEach((key, range) -> {
      PoolFacts pool = cluster.pools().get(key);
      if (pool != null) {
        at(addresses, pool, range).values().forEach(allocation -> others.add(allocation.podRef()));
      }
    });
    overlaps.values().forEach(overlap -> others.add(overlap.podRef()));
    others.removeAll(names);
    Map<String, PoolFacts> pools = new HashMap<>();
    ranges.forEach((key, range) -> {
      PoolFacts pool = cluster.pools().get(key);
      if (pool != null) {
        Map<String, Allocation> kept = allocations.getOrDefault(key, new HashMap<>());
        kept.putAll(at(addresses, pool, range));
        if (!others.isEmpty()) {
          pool.allocations()
              .forEach((offset, allocation) -> {
                if (others.contains(allocation.podRef())) {
                  kept.put(offset, allocation);
                }
              });
        }
        pools.put(key, new PoolFacts(pool.namespace(), pool.name(), pool.range(), kept));
      }
    });
    Map<PodRef, PodFacts> behind = new HashMap<>();
    pods.forEach(ref -> putPod(behind, ref, cluster));
    for (PoolFacts pool : pools.values()) {
      for (Allocation allocation : pool.allocations().values()) {
        PodRef.parse(allocation.podRef()).ifPresent(ref -> putPod(behind, ref, cluster));
      }
    }
    for (OverlapFacts overlap : overlaps.values()) {
      PodRef.parse(overlap.podRef()).ifPresent(ref -> putPod(behind, ref, cluster));
    }
    for (PodFacts pod : cluster.pods().values()) {
      if (pod.attachments().stream()
          .anyMatch(one -> !Collections.disjoint(addresses, one.addresses()))) {
        behind.put(pod.ref(), pod);
      }
    }
    ClusterFacts part =
        new ClusterFacts(
            pools, cluster.slicePools(), overlaps, behind, cluster.nodes(), cluster.definitions());
    return new ClusterPart(part, only(vpc, instancesOf(behind, cluster), addresses));
  }

  /** Whoever's allocations of the addresses, as far as whereabouts wrote their keys. */
  private static Map<String, Allocation> at(
      Set<IpAddress> addresses, PoolFacts pool, PoolRange range) {
    Map<String, Allocation> found = new HashMap<>();
    for (IpAddress address : addresses) {
      if (range.block().contains(address)) {
        String key = range.keyOf(address);
        Allocation allocation = pool.allocations().get(key);
        if (allocation != null) {
          found.put(key, allocation);
        }
      }
    }
    return found;
  }

  private static void putPod(Map<PodRef, PodFacts> behind, PodRef ref, ClusterFacts cluster) {
    PodFacts pod = cluster.pods().get(ref);
    if (pod != null) {
      behind.put(ref, pod);
    }
  }

  private static Set<String> instancesOf(Map<PodRef, PodFacts> pods, ClusterFacts cluster) {
    Set<String> instances = new HashSet<>();
    for (PodFacts pod : pods.values()) {
      pod.nodeName()
          .ifPresent(name -> {
            WorkerNode node = cluster.nodes().get(name);
            if (node != null) {
              node.instanceId().ifPresent(instances::add);
            }
          });
    }
    return instances;
  }

  private static VpcFacts only(VpcFacts vpc, Set<String> instances, Set<IpAddress> addresses) {
    SortedMap<String, MultusInterface> interfaces = new TreeMap<>();
    vpc.interfaces()
        .forEach((id, one) -> {
          boolean ofTheirNodes =
              one.place().filter(place -> instances.contains(place.instanceId())).isPresent();
          if (ofTheirNodes
              || !Collections.disjoint(addresses, one.secondary())
              || !Collections.disjoint(addresses, one.primary())) {
            interfaces.put(id, one);
          }
        });
    return vpc.withInterfaces(interfaces);
  }
}
