// SPDX-License-Identifier: Apache-2.0
package io.multuseni.benchmarks;

import io.multuseni.benchmarks.Fleet.Pod;
import io.multuseni.core.address.MultusInterface;
import io.multuseni.core.address.SubnetRange;
import io.multuseni.core.address.VpcFacts;
import io.multuseni.core.cluster.AttachmentDefinition;
import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.cluster.OverlapFacts;
import io.multuseni.core.cluster.PodFacts;
import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.cluster.PoolFacts;
import io.multuseni.core.cluster.WorkerNode;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.ip.AddressBlock;
import io.multuseni.core.ip.IpAddress;
import io.multuseni.core.node.InstanceLimits;
import io.multuseni.core.slot.Slot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A fleet as records, as if both APIs had been read.
 *
 * @param config the configuration
 * @param cluster what the Kubernetes API said
 * @param vpc what EC2 said
 */
record FleetFacts(ProvisionerConfig config, ClusterFacts cluster, VpcFacts vpc) {
  private static final String SECURITY_GROUP = "sg-0123456789abcdef0";

  /**
   * Reads a fleet.
   *
   * @param fleet the fleet
   * @param driftPercent 0 to 100: that part of the addresses is not where it belongs, half of it on
   *     no interface, half on that of the next node
   */
  static FleetFacts of(Fleet fleet, int driftPercent) {
    List<String> subnets =
        IntStream.range(0, fleet.networks()).mapToObj(FleetFacts::subnetId).toList();
    return new FleetFacts(
        Fleet.config(fleet.yaml(subnets, SECURITY_GROUP, "{watch: false}")),
        cluster(fleet),
        vpc(fleet, driftPercent));
  }

  private static ClusterFacts cluster(Fleet fleet) {
    List<Pod> all = fleet.pods();
    Map<String, Map<String, PoolFacts.Allocation>> allocations = new HashMap<>();
    Map<String, OverlapFacts> overlaps = new HashMap<>();
    Map<PodRef, PodFacts> pods = new HashMap<>();
    for (Pod pod : all) {
      allocations
          .computeIfAbsent(Fleet.poolName(pod.pool()), name -> new HashMap<>())
          .put(Fleet.key(pod), new PoolFacts.Allocation(pod.ref(), Optional.of("net1")));
      OverlapFacts overlap =
          new OverlapFacts("kube-system", pod.address().toString(), pod.ref(), Optional.of("net1"));
      overlaps.put(overlap.key(), overlap);
      PodRef ref = new PodRef(Fleet.NAMESPACE, pod.name());
      pods.put(
          ref,
          PodFacts.read(
              ref,
              PodFacts.Phase.RUNNING,
              Optional.of(Fleet.nodeName(pod.node())),
              Optional.of(Fleet.NAMESPACE + "/" + Fleet.networkName(pod.network()) + "@net1"),
              Optional.of(
                  FleetObjects.networkStatus(pod, macAddress(pod.node(), pod.network()))
                      .toString())));
    }
    Map<String, PoolFacts> pools = new HashMap<>();
    fleet
        .pools()
        .forEach(number -> {
          PoolFacts pool =
              new PoolFacts(
                  "kube-system",
                  Fleet.poolName(number),
                  Fleet.range(number),
                  allocations.getOrDefault(Fleet.poolName(number), Map.of()));
          pools.put(pool.key(), pool);
        });
    Map<String, WorkerNode> nodes = new HashMap<>();
    for (int node = 0; node < fleet.nodes(); node++) {
      nodes.put(
          Fleet.nodeName(node),
          new WorkerNode(
              Fleet.nodeName(node),
              Optional.of(instanceId(node)),
              Optional.of(Fleet.INSTANCE_TYPE)));
    }
    Map<String, AttachmentDefinition> definitions = new HashMap<>();
    for (int network = 0; network < fleet.networks(); network++) {
      AttachmentDefinition definition =
          AttachmentDefinition.read(
              Fleet.NAMESPACE, Fleet.networkName(network), Optional.of(Fleet.cniConfig(network)));
      definitions.put(definition.key(), definition);
    }
    return new ClusterFacts(pools, Map.of(), overlaps, pods, nodes, definitions);
  }

  private static VpcFacts vpc(Fleet fleet, int driftPercent) {
    Map<String, TreeSet<IpAddress>> secondary = new HashMap<>();
    for (Pod pod : fleet.pods()) {
      boolean drifted = pod.number() % 100 < driftPercent;
      // Each hundred has drifted ones, and each second hundred lost its own altogether.
      boolean lost = drifted && pod.number() / 100 % 2 == 0;
      int node = drifted ? (pod.node() + 1) % fleet.nodes() : pod.node();
      if (!lost) {
        secondary
            .computeIfAbsent(interfaceId(node, pod.network()), id -> new TreeSet<>())
            .add(pod.address());
      }
    }
    SortedMap<String, MultusInterface> interfaces = new TreeMap<>();
    Map<String, SubnetRange> subnets = new HashMap<>();
    for (int network = 0; network < fleet.networks(); network++) {
      subnets.put(
          subnetId(network),
          new SubnetRange(subnetId(network), List.of(AddressBlock.of(Fleet.subnetCidr(network)))));
      for (int node = 0; node < fleet.nodes(); node++) {
        String id = interfaceId(node, network);
        interfaces.put(
            id,
            new MultusInterface(
                id,
                subnetId(network),
                macAddress(node, network),
                Fleet.NODE_GROUP,
                Optional.of(new MultusInterface.Place(instanceId(node), new Slot(0, network + 1))),
                new TreeSet<>(List.of(Fleet.primary(node, network))),
                secondary.getOrDefault(id, new TreeSet<>())));
      }
    }
    InstanceLimits limits =
        new InstanceLimits(Fleet.INSTANCE_TYPE, new TreeMap<>(Map.of(0, 15)), 50, 50);
    return new VpcFacts(interfaces, subnets, Map.of(Fleet.INSTANCE_TYPE, limits));
  }

  private static String subnetId(int network) {
    return "subnet-%017x".formatted(network + 1);
  }

  private static String instanceId(int node) {
    return "i-%017x".formatted(node + 1);
  }

  private static String interfaceId(int node, int network) {
    return "eni-%017x".formatted(node * 2 + network + 1);
  }

  private static String macAddress(int node, int network) {
    return "0a:00:00:%02x:%02x:%02x".formatted(node / 256, node % 256, network + 1);
  }
}
