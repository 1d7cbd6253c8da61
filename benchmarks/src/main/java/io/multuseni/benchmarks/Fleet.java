// SPDX-License-Identifier: Apache-2.0
package io.multuseni.benchmarks;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.ip.IpAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A cluster by its numbers; everything else follows, the same each time. Each node has one network
 * interface per network, each pod one address in one network, in turn. A network has a subnet of
 * /18 with four pools of /20, as an IPPool is one object and etcd takes 1.5 MiB.
 *
 * @param nodes 1 to 1,000
 * @param networks 1 or 2
 * @param podsPerInterface 0 to 10 with 1,000 nodes; never more than 49 on one interface, nor 14,000
 *     in one network
 */
record Fleet(int nodes, int networks, int podsPerInterface) {
  static final String CLUSTER = "core5g";
  static final String NODE_GROUP = "upf";
  static final String ZONE = "us-east-1a";
  static final String NAMESPACE = "upf";

  /** 50 addresses per interface, the primary one included. */
  static final String INSTANCE_TYPE = "m5.16xlarge";

  static final String VPC_CIDR = "10.0.0.0/16";
  static final String NODES_CIDR = "10.0.0.0/20";

  private static final int POOLS_PER_NETWORK = 4;
  private static final int POOL_SIZE = 4096;

  /** Below it are the primary addresses of a pool's range. */
  private static final int FIRST_OF_POOL = 512;

  private static final int PRIMARIES_FROM = 10;
  private static final IpAddress FIRST_SUBNET = IpAddress.of("10.0.64.0");

  /** Refuses what the subnets can't hold. */
  Fleet {
    if (nodes < 1 || nodes > 1000 || networks < 1 || networks > 2) {
      throw new IllegalArgumentException("1 to 1,000 nodes with 1 or 2 networks");
    }
    if (podsPerInterface < 0 || podsPerInterface > 49 || nodes * podsPerInterface > 14_000) {
      throw new IllegalArgumentException("more pods than addresses: " + podsPerInterface);
    }
  }

  /** 1,000 nodes, 2,000 interfaces, 20,000 pods. */
  static final Fleet LARGE = new Fleet(1000, 2, 10);

  /**
   * A pod with its reservation.
   *
   * @param number from 0, over all pods
   * @param node number of its node
   * @param network number of its network
   * @param address its address
   * @param pool number of the pool that it is from
   */
  record Pod(int number, int node, int network, IpAddress address, int pool) {
    String name() {
      return "upf-dp-%05d".formatted(number);
    }

    String ref() {
      return NAMESPACE + "/" + name();
    }

    /** As whereabouts has it: of a sandbox, 64 hexadecimal digits. */
    String containerId() {
      return "%064x".formatted(BigInteger.valueOf(number + 1L).pow(14));
    }
  }

  /** All pods. */
  List<Pod> pods() {
    return IntStream.range(0, nodes * networks * podsPerInterface).mapToObj(this::pod).toList();
  }

  private Pod pod(int number) {
    int perNode = networks * podsPerInterface;
    int node = number / perNode;
    int network = number % perNode % networks;
    return pod(number, node, network, node * podsPerInterface + number % perNode / networks);
  }

  /**
   * Further pods of the first network, round the nodes, beside those of the fleet.
   *
   * @param count so many
   */
  List<Pod> furtherPods(int count) {
    int taken = nodes * podsPerInterface;
    return IntStream.range(0, count)
        .mapToObj(i -> pod(nodes * networks * podsPerInterface + i, i % nodes, 0, taken + i))
        .toList();
  }

  private static Pod pod(int number, int node, int network, int indexInNetwork) {
    int part = indexInNetwork % POOLS_PER_NETWORK;
    int pool = network * POOLS_PER_NETWORK + part;
    return new Pod(
        number,
        node,
        network,
        plus(pool * POOL_SIZE + FIRST_OF_POOL + indexInNetwork / POOLS_PER_NETWORK),
        pool);
  }

  /** Numbers of the pools, from 0. */
  IntStream pools() {
    return IntStream.range(0, networks * POOLS_PER_NETWORK);
  }

  /** The range of a pool. */
  static String range(int pool) {
    return plus(pool * POOL_SIZE) + "/20";
  }

  /** The object name of a pool, as whereabouts makes it. */
  static String poolName(int pool) {
    return range(pool).replace('/', '-');
  }

  /** The key of a pod's address in its pool: the offset. */
  static String key(Pod pod) {
    return pod.address().number().subtract(plus(pod.pool() * POOL_SIZE).number()).toString();
  }

  static String nodeName(int node) {
    return "node-%04d".formatted(node);
  }

  static String networkName(int network) {
    return network == 0 ? "n3" : "n6";
  }

  static String subnetCidr(int network) {
    return plus(network * POOLS_PER_NETWORK * POOL_SIZE) + "/18";
  }

  /** The primary address of a node's interface: in a pool's range, below what pods get. */
  static IpAddress primary(int node, int network) {
    int pool = network * POOLS_PER_NETWORK + node % POOLS_PER_NETWORK;
    return plus(pool * POOL_SIZE + PRIMARIES_FROM + node / POOLS_PER_NETWORK);
  }

  private static IpAddress plus(int offset) {
    return FIRST_SUBNET.plus(BigInteger.valueOf(offset)).orElseThrow();
  }

  /** {@code spec.config} of a network's attachment definition. */
  static String cniConfig(int network) {
    List<String> ranges = new ArrayList<>();
    for (int part = 0; part < POOLS_PER_NETWORK; part++) {
      int pool = network * POOLS_PER_NETWORK + part;
      ranges.add(
          "{\"range\":\"%s\",\"range_start\":\"%s\"}"
              .formatted(range(pool), plus(pool * POOL_SIZE + FIRST_OF_POOL)));
    }
    return "{\"cniVersion\":\"0.3.1\",\"type\":\"ipvlan\",\"mode\":\"l2\",\"master\":\"eth%d\",\"ipam\":{\"type\":\"whereabouts\",\"ipRanges\":[%s]}}"
        .formatted(network + 1, String.join(",", ranges));
  }

  /**
   * The function's configuration.
   *
   * @param subnets id of each network's subnet
   * @param securityGroup id of the security group of all
   * @param reconcile the {@code reconcile} part, as YAML in one line
   */
  String yaml(List<String> subnets, String securityGroup, String reconcile) {
    StringBuilder yaml =
        new StringBuilder(
            """
            cluster: {name: %s}
            reconcile: %s
            nodeGroups:
              - name: %s
                autoScalingGroups: [upf-a]
                networks:
            """
                .formatted(CLUSTER, reconcile, NODE_GROUP));
    for (int network = 0; network < networks; network++) {
      yaml.append(
          "      - {name: %s, subnets: [%s], securityGroups: [%s]}\n"
              .formatted(networkName(network), subnets.get(network), securityGroup));
    }
    return yaml.toString();
  }

  /** A configuration that is known to be right. */
  static ProvisionerConfig config(String yaml) {
    try {
      return ConfigReader.readYaml(yaml);
    } catch (ConfigException e) {
      throw new IllegalStateException("the fleet's configuration is wrong:\n" + yaml, e);
    }
  }
}
