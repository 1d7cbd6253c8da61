// SPDX-License-Identifier: Apache-2.0
package io.multuseni.benchmarks;

import io.multuseni.benchmarks.Fleet.Pod;
import io.multuseni.core.config.Tags;
import io.multuseni.localcloud.LocalCloud;
import io.multuseni.localcloud.Settings;
import io.multuseni.localcloud.ec2.InterfaceView;
import io.multuseni.localcluster.LocalCluster;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * A fleet behind both APIs, on the system's clock. EC2's request limits are off: what is measured
 * is how many calls are made and what they cost the function.
 */
final class FleetServers implements AutoCloseable {
  private static final String WHEREABOUTS = "whereabouts.cni.cncf.io";
  private static final String WHEREABOUTS_VERSION = "v1alpha1";
  private static final String SYSTEM = "kube-system";

  private final Fleet fleet;
  private final LocalCloud cloud;
  private final LocalCluster cluster = LocalCluster.start();
  private final List<String> subnets = new ArrayList<>();
  private final Map<Seat, InterfaceView> interfaces = new HashMap<>();
  private String securityGroup = "";

  private record Seat(int node, int network) {}

  private FleetServers(Fleet fleet) {
    this.fleet = fleet;
    cloud = LocalCloud.start(Settings.defaults().withThrottling(false));
  }

  /**
   * Starts a fleet whose addresses are where they belong.
   *
   * @param fleet the fleet
   */
  static FleetServers settled(Fleet fleet) {
    FleetServers servers = unassigned(fleet);
    Map<Seat, List<String>> addresses = new HashMap<>();
    for (Pod pod : fleet.pods()) {
      addresses
          .computeIfAbsent(new Seat(pod.node(), pod.network()), seat -> new ArrayList<>())
          .add(pod.address().toString());
    }
    addresses.forEach((seat, all) ->
        servers
            .cloud
            .world()
            .assignByHand(
                servers.interfaceIn(seat.node(), seat.network()).id(), all.toArray(String[]::new)));
    return servers;
  }

  /**
   * Starts a fleet whose interfaces have none of their pods' addresses yet.
   *
   * @param fleet the fleet
   */
  static FleetServers unassigned(Fleet fleet) {
    FleetServers servers = new FleetServers(fleet);
    try {
      servers.buildCloud();
      servers.buildCluster();
      return servers;
    } catch (RuntimeException e) {
      servers.close();
      throw e;
    }
  }

  private void buildCloud() {
    String vpc = cloud.world().vpc(Fleet.VPC_CIDR);
    String nodes = cloud.world().subnet(vpc, Fleet.ZONE, Fleet.NODES_CIDR);
    securityGroup = cloud.world().securityGroup(vpc, "multus");
    for (int network = 0; network < fleet.networks(); network++) {
      subnets.add(cloud.world().subnet(vpc, Fleet.ZONE, Fleet.subnetCidr(network)));
    }
    Map<String, Seat> seats = new HashMap<>();
    try (Ec2Client ec2 =
        Ec2Client.builder()
            .endpointOverride(cloud.endpoint())
            .region(Region.US_EAST_1)
            .httpClient(UrlConnectionHttpClient.create())
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("emulator", "none")))
            .build()) {
      for (int node = 0; node < fleet.nodes(); node++) {
        String instance = cloud.world().launchInstance(Fleet.INSTANCE_TYPE, nodes, Map.of());
        cluster.world().raw("", "v1", "nodes", "", FleetObjects.node(node, instance));
        for (int network = 0; network < fleet.networks(); network++) {
          String id = create(ec2, node, network);
          cloud.world().attachByHand(id, instance, network + 1, 0);
          seats.put(id, new Seat(node, network));
        }
      }
    }
    for (InterfaceView one : cloud.world().interfaces()) {
      Seat seat = seats.get(one.id());
      if (seat != null) {
        interfaces.put(seat, one);
      }
    }
  }

  private String create(Ec2Client ec2, int node, int network) {
    return ec2.createNetworkInterface(request ->
            request
                .subnetId(subnets.get(network))
                .groups(securityGroup)
                .privateIpAddress(Fleet.primary(node, network).toString())
                .tagSpecifications(
                    TagSpecification.builder()
                        .resourceType(ResourceType.NETWORK_INTERFACE)
                        .tags(
                            tag(Tags.CLUSTER, Fleet.CLUSTER),
                            tag(Tags.NODE_GROUP, Fleet.NODE_GROUP))
                        .build()))
        .networkInterface()
        .networkInterfaceId();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private void buildCluster() {
    for (int network = 0; network < fleet.networks(); network++) {
      cluster
          .world()
          .definition(Fleet.NAMESPACE, Fleet.networkName(network), Fleet.cniConfig(network));
    }
    List<Pod> pods = fleet.pods();
    fleet.pools().forEach(pool -> putWhereabouts("ippools", FleetObjects.pool(pool, pods)));
    for (Pod pod : pods) {
      putWhereabouts("overlappingrangeipreservations", FleetObjects.overlap(pod));
      put(pod, interfaceIn(pod.node(), pod.network()).macAddress());
    }
  }

  /** Pods that are bound to their node and have no reservation yet. */
  void schedule(Collection<Pod> pods) {
    pods.forEach(pod -> put(pod, ""));
  }

  /** What whereabouts does when a pod's sandbox is made. */
  void reserve(Pod pod) {
    cluster
        .world()
        .reserve(Fleet.poolName(pod.pool()), pod.address().toString(), pod.ref(), "net1");
  }

  private void put(Pod pod, String macAddress) {
    cluster.world().raw("", "v1", "pods", Fleet.NAMESPACE, FleetObjects.pod(pod, macAddress));
  }

  private void putWhereabouts(String plural, String json) {
    cluster.world().raw(WHEREABOUTS, WHEREABOUTS_VERSION, plural, SYSTEM, json);
  }

  private InterfaceView interfaceIn(int node, int network) {
    InterfaceView found = interfaces.get(new Seat(node, network));
    if (found == null) {
      throw new IllegalStateException("node " + node + " has no interface in network " + network);
    }
    return found;
  }

  /** How many secondary addresses the fleet's interfaces have now. */
  int assigned() {
    return cloud.world().interfaces().stream()
        .mapToInt(one -> one.secondaryAddresses().size())
        .sum();
  }

  LocalCloud cloud() {
    return cloud;
  }

  LocalCluster cluster() {
    return cluster;
  }

  /** Calls that change addresses, since the log was last cleared, by action. */
  SortedMap<String, Integer> changes() {
    SortedMap<String, Integer> changes =
        new TreeMap<>((Map<String, Integer>) cloud.calls().counts());
    changes.keySet().removeIf(action -> !action.contains("ssign"));
    return changes;
  }

  /**
   * The configuration of a function for this fleet.
   *
   * @param reconcile its {@code reconcile} part, as YAML in one line
   */
  String yaml(String reconcile) {
    return fleet.yaml(subnets, securityGroup, reconcile);
  }

  @Override
  public void close() {
    cluster.close();
    cloud.close();
  }
}
