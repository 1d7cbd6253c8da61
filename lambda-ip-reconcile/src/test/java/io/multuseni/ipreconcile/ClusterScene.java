// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.aws.AwsClients;
import io.multuseni.aws.pacing.RetrySettings;
import io.multuseni.base.Deadline;
import io.multuseni.base.Time;
import io.multuseni.callrecorder.CallRecorder;
import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.Tags;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.kube.KubeClients;
import io.multuseni.localcloud.LocalCloud;
import io.multuseni.localcloud.Settings;
import io.multuseni.localcloud.ec2.InterfaceView;
import io.multuseni.localcloud.time.VirtualClock;
import io.multuseni.localcluster.ClusterWorld;
import io.multuseni.localcluster.LocalCluster;
import io.multuseni.localcluster.PodSpec;
import io.multuseni.localcluster.StatusEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * A VPC with a cluster in it: nodes with network interfaces of ours, pods with reservations, and
 * the reconcile function beside them. The test says what is there, reconciles, and looks at the
 * VPC.
 */
final class ClusterScene implements AutoCloseable {
  static final String CLUSTER = "core5g";
  static final String ZONE_A = "us-east-1a";

  /** Holds 15 IPv4 and 15 IPv6 addresses per interface. */
  static final String M5_XLARGE = "m5.xlarge";

  /** Holds 6 of each. */
  static final String T3_MEDIUM = "t3.medium";

  /** Few and short, since the SDK waits by the wall clock. */
  static final RetrySettings QUICK_RETRIES =
      new RetrySettings(3, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(2));

  final VirtualClock clock = VirtualClock.startingAt(Instant.parse("2026-11-25T00:00:00Z"));
  final LocalCloud cloud;
  final LocalCluster cluster = LocalCluster.start();
  final ClusterWorld kubernetes = cluster.world();
  final String nodesSubnet;

  /** 10.0.30.0/24 and fd00:30::/64. */
  final String n3;

  /** 10.0.60.0/24 and fd00:60::/64. */
  final String n6;

  final Time time =
      new Time() {
        @Override
        public Instant now() {
          return clock.now();
        }

        @Override
        public void pause(Duration duration) {
          clock.sleep(duration);
        }
      };

  private final String securityGroup;
  private final Ec2Client ec2;
  private final Map<String, String> instances = new HashMap<>();
  private final List<AwsClients> openedAws = new CopyOnWriteArrayList<>();
  private final List<KubeClients> openedKube = new CopyOnWriteArrayList<>();
  private int primaries;
  private String reconcileYaml = "{watch: false}";

  ClusterScene() {
    this(settings -> settings);
  }

  ClusterScene(UnaryOperator<Settings> change) {
    cloud =
        LocalCloud.start(change.apply(Settings.defaults().withClock(clock).withThrottling(false)));
    String vpc = cloud.world().vpc("10.0.0.0/16");
    nodesSubnet = cloud.world().subnet(vpc, ZONE_A, "10.0.0.0/24");
    n3 = cloud.world().subnet(vpc, ZONE_A, "10.0.30.0/24", "fd00:30::/64");
    n6 = cloud.world().subnet(vpc, ZONE_A, "10.0.60.0/24", "fd00:60::/64");
    securityGroup = cloud.world().securityGroup(vpc, "multus");
    // Names nothing, so that MAC addresses and subnets decide.
    kubernetes.definition("ns", "n3", "{\"type\": \"ipvlan\"}");
    ec2 =
        Ec2Client.builder()
            .endpointOverride(cloud.endpoint())
            .region(Region.US_EAST_1)
            .httpClient(UrlConnectionHttpClient.create())
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
            .build();
  }

  /**
   * A node in the cluster and its instance, with one interface of ours per subnet, from index 1.
   */
  List<String> node(String name, String instanceType, String... subnets) {
    String instance = cloud.world().launchInstance(instanceType, nodesSubnet, Map.of());
    instances.put(name, instance);
    kubernetes.node(name, instance, ZONE_A, instanceType);
    List<String> interfaces = new CopyOnWriteArrayList<>();
    for (int i = 0; i < subnets.length; i++) {
      // Low, so that no pool's range has it.
      String primary = (subnets[i].equals(n3) ? "10.0.30." : "10.0.60.") + (10 + primaries++);
      String id = networkInterface(subnets[i], CLUSTER, primary);
      cloud.world().attachByHand(id, instance, i + 1, 0);
      interfaces.add(id);
    }
    return interfaces;
  }

  /** An interface in a subnet, tagged for a cluster, with that primary address. */
  String networkInterface(String subnet, String ofCluster, String primaryAddress) {
    return ec2.createNetworkInterface(request ->
            request
                .subnetId(subnet)
                .groups(securityGroup)
                .privateIpAddress(primaryAddress)
                .tagSpecifications(
                    TagSpecification.builder()
                        .resourceType(ResourceType.NETWORK_INTERFACE)
                        .tags(tag(Tags.CLUSTER, ofCluster), tag(Tags.NODE_GROUP, "upf"))
                        .build()))
        .networkInterface()
        .networkInterfaceId();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  /** The instance behind a node. */
  String instance(String node) {
    String instance = instances.get(node);
    if (instance == null) {
      throw new AssertionError("no such node: " + node);
    }
    return instance;
  }

  /** A pool of whereabouts whose reservations are pods of namespace ns. */
  void pool(String name, String range) {
    kubernetes.pool(name, range);
  }

  /** A running pod in namespace ns with a reservation and the network-status that goes with it. */
  void pod(String name, String node, String pool, String address) {
    kubernetes.reserve(pool, address, "ns/" + name, "net1");
    kubernetes.pod(running(name, node, address));
  }

  /** A running pod that shows addresses on net1. */
  static PodSpec running(String name, String node, String... addresses) {
    return PodSpec.of("ns", name)
        .onNode(node)
        .phase("Running")
        .networks("ns/n3")
        .status(StatusEntry.of("ns/n3", "net1", addresses));
  }

  /** Sets the {@code reconcile} part of the configuration, as YAML in one line. */
  ClusterScene reconciling(String yaml) {
    reconcileYaml = yaml;
    return this;
  }

  /** The configuration as text. */
  String yaml() {
    return """
    cluster: {name: %s}
    reconcile: %s
    nodeGroups:
      - name: upf
        autoScalingGroups: [upf-a]
        networks:
          - {name: n3, subnets: [%s], securityGroups: [%s]}
          - {name: n6, subnets: [%s], securityGroups: [%s]}
    """
        .formatted(CLUSTER, reconcileYaml, n3, securityGroup, n6, securityGroup);
  }

  /** The configuration; what is called from now on is recorded as called under it. */
  ProvisionerConfig config() {
    try {
      ProvisionerConfig config = ConfigReader.readYaml(yaml());
      CallRecorder.record(cloud, config);
      return config;
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  /** A new sandbox: new clients, empty caches, no memory. */
  ReconcileFlow flow() {
    return flow(false);
  }

  ReconcileFlow flow(boolean dryRun) {
    AwsClients aws = AwsClients.emulator(cloud.endpoint(), QUICK_RETRIES, time);
    KubeClients kube = KubeClients.at(cluster.endpoint(), time);
    openedAws.add(aws);
    openedKube.add(kube);
    return new ReconcileFlow(config(), aws, kube, time, dryRun);
  }

  /** One pass of a new sandbox with two minutes. */
  ReconcileReport reconcile() {
    return reconcile(flow());
  }

  ReconcileReport reconcile(ReconcileFlow flow) {
    return flow.pass(Deadline.in(time, Duration.ofMinutes(2)));
  }

  /** The secondary addresses, IPv6 ones included, of each interface that has some. */
  SortedMap<String, NavigableSet<String>> addresses() {
    SortedMap<String, NavigableSet<String>> found = new TreeMap<>();
    for (InterfaceView one : cloud.world().interfaces()) {
      NavigableSet<String> all = new TreeSet<>(one.secondaryAddresses());
      all.addAll(one.ipv6Addresses());
      one.primaryIpv6Address().ifPresent(all::remove);
      if (!all.isEmpty()) {
        found.put(one.id(), all);
      }
    }
    return found;
  }

  /** The secondary addresses of one interface. */
  NavigableSet<String> addressesOf(String networkInterfaceId) {
    return addresses().getOrDefault(networkInterfaceId, new TreeSet<>());
  }

  /** Calls that change addresses, since the log was last cleared, by action. */
  SortedMap<String, Integer> changes() {
    SortedMap<String, Integer> changes =
        new TreeMap<>((Map<String, Integer>) cloud.calls().counts());
    changes.keySet().removeIf(action -> !action.contains("ssign"));
    return changes;
  }

  @Override
  public void close() {
    openedAws.forEach(AwsClients::close);
    openedKube.forEach(KubeClients::close);
    ec2.close();
    cluster.close();
    CallRecorder.forget(cloud);
    cloud.close();
  }
}
