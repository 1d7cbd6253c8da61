// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.address.Step.Assign;
import io.multuseni.core.address.Step.Release;
import io.multuseni.core.address.Step.TakeOver;
import io.multuseni.core.cluster.AttachmentDefinition;
import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.cluster.OverlapFacts;
import io.multuseni.core.cluster.PodFacts;
import io.multuseni.core.cluster.PodFacts.Phase;
import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.cluster.PoolFacts;
import io.multuseni.core.cluster.PoolFacts.Allocation;
import io.multuseni.core.cluster.SlicePoolFacts;
import io.multuseni.core.cluster.WorkerNode;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeGroup.AutoScalingGroups;
import io.multuseni.core.config.NodeGroup.CreateHook;
import io.multuseni.core.config.NodeGroup.NodeOs;
import io.multuseni.core.config.NodeGroup.OnRepeatedFailure;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.Reconciliation;
import io.multuseni.core.config.Reconciliation.Source;
import io.multuseni.core.ip.AddressBlock;
import io.multuseni.core.ip.IpAddress;
import io.multuseni.core.node.InstanceLimits;
import io.multuseni.core.slot.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A cluster and its VPC in the making, and what is decided about them. What a test doesn't name has
 * an ordinary value: nodes are m5.xlarge (15 addresses of each family per interface) of a node
 * group with Amazon Linux 2023.
 */
final class Scene {
  static final String TYPE = "m5.xlarge";

  private final Map<String, PoolFacts> pools = new HashMap<>();
  private final Map<String, SlicePoolFacts> slicePools = new HashMap<>();
  private final Map<String, OverlapFacts> overlaps = new HashMap<>();
  private final Map<PodRef, Pod> pods = new HashMap<>();
  private final Map<String, WorkerNode> nodes = new HashMap<>();
  private final Map<String, AttachmentDefinition> definitions = new HashMap<>();
  private final SortedMap<String, MultusInterface> interfaces = new TreeMap<>();
  private final Map<String, SubnetRange> subnets = new HashMap<>();
  private final Map<String, InstanceLimits> limits = new HashMap<>();
  private Reconciliation settings = Reconciliation.DEFAULTS;
  private Optional<String> pciBase = Optional.empty();

  Scene() {
    limits(TYPE, 15, 15);
  }

  /** Node {@code a} with one interface {@code eni-a} in subnet {@code s4}, 10.0.4.0/24. */
  static Scene ofOneNode() {
    return new Scene()
        .subnet("s4", "10.0.4.0/24")
        .node("a")
        .eni("eni-a", "a", 1, "s4", "10.0.4.20");
  }

  /** The nodes {@code a} and {@code b}, each with one interface in subnet {@code s4}. */
  static Scene ofTwoNodes() {
    return ofOneNode().node("b").eni("eni-b", "b", 1, "s4", "10.0.4.21");
  }

  /** Node {@code a} with two interfaces in one subnet: {@code eni-1} and {@code eni-2}. */
  static Scene ofTwoInterfacesInOneSubnet() {
    return new Scene()
        .subnet("s4", "10.0.4.0/24")
        .node("a")
        .eni("eni-1", "a", 1, "s4", "10.0.4.20")
        .eni("eni-2", "a", 2, "s4", "10.0.4.21");
  }

  static String instanceOf(String node) {
    return "i-" + node;
  }

  static String macOf(String eni) {
    return "02:00:%02x:%02x:%02x:%02x"
        .formatted(
            eni.hashCode() >>> 24 & 0xff,
            eni.hashCode() >>> 16 & 0xff,
            eni.hashCode() >>> 8 & 0xff,
            eni.hashCode() & 0xff);
  }

  Scene subnet(String id, String... blocks) {
    List<AddressBlock> parsed = new ArrayList<>();
    for (String block : blocks) {
      parsed.add(AddressBlock.of(block));
    }
    subnets.put(id, new SubnetRange(id, parsed));
    return this;
  }

  Scene limits(String type, int ipv4, int ipv6) {
    limits.put(type, new InstanceLimits(type, new TreeMap<>(Map.of(0, 4)), ipv4, ipv6));
    return this;
  }

  Scene node(String name) {
    return node(name, TYPE);
  }

  Scene node(String name, String type) {
    nodes.put(name, new WorkerNode(name, Optional.of(instanceOf(name)), Optional.of(type)));
    return this;
  }

  Scene nodeWithoutInstance(String name) {
    nodes.put(name, new WorkerNode(name, Optional.empty(), Optional.of(TYPE)));
    return this;
  }

  Scene withoutNode(String name) {
    nodes.remove(name);
    return this;
  }

  Scene eni(
      String id, String node, int deviceIndex, String subnet, String primary, String... secondary) {
    return eni(
        id,
        Optional.of(new MultusInterface.Place(instanceOf(node), new Slot(0, deviceIndex))),
        subnet,
        primary,
        secondary);
  }

  Scene detachedEni(String id, String subnet, String primary, String... secondary) {
    return eni(id, Optional.empty(), subnet, primary, secondary);
  }

  private Scene eni(
      String id,
      Optional<MultusInterface.Place> place,
      String subnet,
      String primary,
      String... secondary) {
    interfaces.put(
        id,
        new MultusInterface(
            id,
            subnet,
            macOf(id),
            "upf",
            place,
            addresses(primary.split(" ", -1)),
            addresses(secondary)));
    return this;
  }

  /** Gives an interface other secondary addresses. */
  Scene secondary(String eni, String... secondary) {
    interfaces.computeIfPresent(eni, (id, one) -> one.withSecondary(addresses(secondary)));
    return this;
  }

  static SortedSet<IpAddress> addresses(String... texts) {
    SortedSet<IpAddress> addresses = new TreeSet<>();
    for (String text : texts) {
      addresses.add(IpAddress.of(text));
    }
    return addresses;
  }

  /**
   * A pool whose name says nothing.
   *
   * @param allocations such as {@code 70=ns/p} or {@code 70=ns/p@net1}
   */
  Scene pool(String range, String... allocations) {
    return namedPool(range.replace(':', '-').replace('/', '-'), range, allocations);
  }

  Scene namedPool(String name, String range, String... allocations) {
    Map<String, Allocation> byKey = new HashMap<>();
    for (String one : allocations) {
      String[] parts = one.split("[=@]", -1);
      byKey.put(
          parts[0],
          new Allocation(parts[1], parts.length > 2 ? Optional.of(parts[2]) : Optional.empty()));
    }
    PoolFacts pool = new PoolFacts("kube-system", name, range, byKey);
    pools.put(pool.key(), pool);
    return this;
  }

  Scene withoutPools() {
    pools.clear();
    return this;
  }

  Scene slicePool(String name, String range) {
    slicePools.put("kube-system/" + name, new SlicePoolFacts("kube-system", name, range));
    return this;
  }

  Scene overlap(String name, String podRef) {
    overlaps.put(
        "kube-system/" + name, new OverlapFacts("kube-system", name, podRef, Optional.empty()));
    return this;
  }

  /**
   * A definition.
   *
   * @param key {@code namespace/name}
   * @param config its configuration, with {@code '} for {@code "}
   */
  Scene definition(String key, String config) {
    PodRef name = PodRef.parse(key).orElseThrow();
    definitions.put(
        key,
        AttachmentDefinition.read(
            name.namespace(), name.name(), Optional.of(config.replace('\'', '"'))));
    return this;
  }

  Scene settings(Set<Source> sources, double maxReleaseFraction, String... managedRanges) {
    List<AddressBlock> ranges = new ArrayList<>();
    for (String range : managedRanges) {
      ranges.add(AddressBlock.of(range));
    }
    settings =
        new Reconciliation(
            sources,
            maxReleaseFraction,
            Duration.ofMinutes(1),
            true,
            Duration.ofMinutes(1),
            ranges);
    return this;
  }

  Scene pciBase(String address) {
    pciBase = Optional.of(address);
    return this;
  }

  Scene pod(Pod pod) {
    pods.put(pod.ref, pod);
    return this;
  }

  Scene withoutPod(String ref) {
    pods.remove(PodRef.parse(ref).orElseThrow());
    return this;
  }

  /** A running pod on a node, without annotations so far. */
  static Pod running(String ref, String node) {
    return new Pod(ref, Phase.RUNNING, Optional.of(node));
  }

  static Pod finished(String ref, String node) {
    return new Pod(ref, Phase.SUCCEEDED, Optional.of(node));
  }

  static Pod pending(String ref) {
    return new Pod(ref, Phase.PENDING, Optional.empty());
  }

  /** A pod in the making. */
  static final class Pod {
    private final PodRef ref;
    private final Phase phase;
    private final Optional<String> node;
    private final List<String> attachments = new ArrayList<>();
    private Optional<String> networks = Optional.empty();
    private Optional<String> status = Optional.empty();

    Pod(String ref, Phase phase, Optional<String> node) {
      this.ref = PodRef.parse(ref).orElseThrow();
      this.phase = phase;
      this.node = node;
    }

    /** The annotation {@code networks}. */
    Pod asks(String annotation) {
      networks = Optional.of(annotation);
      return this;
    }

    /** An element of the annotation {@code network-status}. */
    Pod got(String definition, String interfaceName, String... ips) {
      return gotWith("", definition, interfaceName, ips);
    }

    Pod gotByMac(String eni, String definition, String interfaceName, String... ips) {
      return gotWith(
          ", \"mac\": \"" + macOf(eni).toUpperCase(Locale.ROOT) + "\"",
          definition,
          interfaceName,
          ips);
    }

    Pod gotAtPciAddress(String address, String definition, String... ips) {
      return gotWith(
          ", \"device-info\": {\"type\": \"pci\", \"pci\": {\"pci-address\": \"" + address + "\"}}",
          definition,
          "net1",
          ips);
    }

    private Pod gotWith(String more, String definition, String interfaceName, String... ips) {
      List<String> quoted = new ArrayList<>();
      for (String ip : ips) {
        quoted.add('"' + ip + '"');
      }
      attachments.add(
          "{\"name\": \"%s\", \"interface\": \"%s\", \"ips\": [%s]%s}"
              .formatted(definition, interfaceName, String.join(", ", quoted), more));
      status = Optional.of("[" + String.join(", ", attachments) + "]");
      return this;
    }

    /** The annotation {@code network-status} as it stands. */
    Pod status(String annotation) {
      status = Optional.of(annotation);
      return this;
    }

    PodFacts facts() {
      return PodFacts.read(ref, phase, node, networks, status);
    }
  }

  ProvisionerConfig config() {
    return new ProvisionerConfig(
        "core5g",
        Duration.ofMinutes(15),
        List.of(
            new NodeGroup(
                "upf",
                new AutoScalingGroups(List.of("upf-a")),
                new CreateHook(),
                Duration.ofMinutes(30),
                Duration.ofHours(1),
                OnRepeatedFailure.HOLD,
                false,
                NodeOs.AL2023,
                pciBase,
                List.of())));
  }

  ClusterFacts cluster() {
    Map<PodRef, PodFacts> facts = new HashMap<>();
    pods.forEach((ref, pod) -> facts.put(ref, pod.facts()));
    return new ClusterFacts(pools, slicePools, overlaps, facts, nodes, definitions);
  }

  VpcFacts vpc() {
    return new VpcFacts(interfaces, subnets, limits);
  }

  Reconciliation settings() {
    return settings;
  }

  Reservations reservations() {
    return ReservationReader.read(cluster(), settings);
  }

  Placements placements() {
    return PlacementPlanner.place(config(), cluster(), reservations(), vpc());
  }

  /** What a watcher may do, and the first part of each pass. */
  AddressPlan plan() {
    return plan(EarlierLooks.NONE);
  }

  AddressPlan plan(Set<Seat> staleBefore, Set<Seat> graceOver) {
    return plan(new EarlierLooks(staleBefore, graceOver, Set.of()));
  }

  AddressPlan plan(EarlierLooks earlier) {
    return AddressPlanner.plan(cluster(), reservations(), placements(), vpc(), settings, earlier);
  }

  /** The plan when all that is stale now has been for long. */
  AddressPlan planAfterGrace() {
    Set<Seat> stale = new HashSet<>(plan().stale().keySet());
    return plan(stale, stale);
  }

  /** Where each placed address is to be: {@code 10.0.4.70 on eni-a for ns/p}. */
  List<String> placed() {
    return placements().placed().values().stream()
        .map(one ->
            "%s on %s for %s"
                .formatted(
                    one.reservation().address(), one.networkInterfaceId(), one.reservation().pod()))
        .toList();
  }

  /** The sentences about what can't be served. */
  List<String> unplaced() {
    return plan().unplaced().stream().map(Unplaced::message).toList();
  }

  @Override
  public String toString() {
    ClusterFacts cluster = cluster();
    List<String> lines = new ArrayList<>();
    new TreeMap<>(cluster.nodes()).values().forEach(one -> lines.add(one.toString()));
    interfaces.values().forEach(one -> lines.add(one.toString()));
    new TreeMap<>(cluster.pools()).values().forEach(one -> lines.add(one.toString()));
    new TreeMap<>(cluster.overlaps()).values().forEach(one -> lines.add(one.toString()));
    new TreeMap<>(cluster.definitions()).values().forEach(one -> lines.add(one.toString()));
    new TreeMap<>(cluster.pods()).values().forEach(one -> lines.add(one.toString()));
    lines.add(limits + " " + settings);
    return String.join("\n", lines);
  }

  static Seat seat(String eni, String address) {
    return new Seat(eni, IpAddress.of(address));
  }

  /** A line per step, with the number of its wave: {@code 1 assign eni-a [10.0.4.70]}. */
  static List<String> steps(AddressPlan plan) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < plan.waves().size(); i++) {
      for (Step step : plan.waves().get(i)) {
        String verb =
            switch (step) {
              case Assign _ -> "assign";
              case TakeOver _ -> "take over";
              case Release release -> "release " + release.cause().name().toLowerCase(Locale.ROOT);
            };
        lines.add(
            "%d %s %s %s".formatted(i + 1, verb, step.networkInterfaceId(), step.addresses()));
      }
    }
    return lines;
  }

  /** A line per stale address: {@code 10.0.4.70 on eni-a: POD_GONE}. */
  static List<String> stale(AddressPlan plan) {
    return plan.stale().values().stream()
        .map(one ->
            "%s on %s: %s"
                .formatted(one.seat().address(), one.seat().networkInterfaceId(), one.reason()))
        .toList();
  }
}
