// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import io.multuseni.localcloud.time.CloudClock;
import io.multuseni.localcloud.wire.ApiError;
import io.multuseni.localcloud.wire.Ec2Action;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The state of EC2 and the ways to build it. Not safe for use by many threads: whoever calls holds
 * the cloud's lock, and has called {@link #settle()} since it took it.
 */
public final class Ec2World {
  private static final String OCCUPIED = "occupied from outside";

  final CloudClock clock;
  final Supplier<Ec2Options> options;
  final Random random;
  final Ids ids;
  final Map<String, Vpc> vpcs = new LinkedHashMap<>();
  final Map<String, Subnet> subnets = new LinkedHashMap<>();
  final Map<String, SecurityGroup> groups = new LinkedHashMap<>();
  final Map<String, Instance> instances = new LinkedHashMap<>();
  final Map<String, NetworkInterface> interfaces = new LinkedHashMap<>();
  private final InterfaceActions actions;
  private Consumer<String> onTerminated = id -> {};
  private long serial;

  /**
   * An empty Region.
   *
   * @param options asked anew each time, so that settings can change while the cloud runs
   * @param seed makes ids and chosen addresses repeat from run to run
   */
  public Ec2World(CloudClock clock, Supplier<Ec2Options> options, long seed) {
    this.clock = clock;
    this.options = options;
    this.random = new Random(seed);
    this.ids = new Ids(random);
    this.actions = new InterfaceActions(this);
  }

  /** Sets who is told when an instance has been terminated. */
  public void onTerminated(Consumer<String> listener) {
    onTerminated = listener;
  }

  /**
   * Applies what has become due: instances that have booted, interfaces that are off, kubelets that
   * start and what their VPC CNI takes.
   */
  public void settle() {
    Instant now = clock.now();
    for (Instance instance : instances.values()) {
      if (instance.state == Instance.State.PENDING && !now.isBefore(instance.runningAt)) {
        instance.state = Instance.State.RUNNING;
      }
    }
    for (NetworkInterface eni : interfaces.values()) {
      if (eni.attachment.flatMap(a -> a.detachedAt).filter(due -> !now.isBefore(due)).isPresent()) {
        eni.detached();
      }
    }
    for (Instance instance : instances.values()) {
      instance.kubelet.ifPresent(kubelet -> kubelet.settle(this, instance, now));
    }
  }

  // ---- building ------------------------------------------------------------------------------

  /** A new VPC with its default security group; returns its id. */
  public String vpc(String cidr) {
    Vpc vpc = new Vpc(ids.next("vpc-"), nextSerial(), Cidr.parse(cidr));
    vpcs.put(vpc.id, vpc);
    securityGroup(vpc.id, "default");
    return vpc.id;
  }

  /** A new subnet; returns its id. */
  public String subnet(String vpcId, String zone, String cidr, Optional<String> ipv6Cidr) {
    if (!vpcs.containsKey(vpcId)) {
      throw new IllegalArgumentException("no such VPC: " + vpcId);
    }
    Subnet subnet =
        new Subnet(
            ids.next("subnet-"),
            nextSerial(),
            vpcId,
            zone,
            Cidr.parse(cidr),
            ipv6Cidr.map(Cidr::parse));
    subnets.put(subnet.id, subnet);
    return subnet.id;
  }

  /** A new security group; returns its id. */
  public String securityGroup(String vpcId, String name) {
    SecurityGroup group = new SecurityGroup(ids.next("sg-"), nextSerial(), vpcId, name);
    groups.put(group.id, group);
    return group.id;
  }

  /** Deletes a security group whoever still uses it. */
  public void dropSecurityGroup(String groupId) {
    if (groups.remove(groupId) == null) {
      throw new IllegalArgumentException("no such security group: " + groupId);
    }
  }

  /**
   * Occupies addresses of a subnet until only so many are left that EC2 can choose by itself.
   *
   * @throws IllegalArgumentException if fewer are left already
   */
  public void fillSubnet(String subnetId, int leaveFree) {
    Subnet subnet = subnet(subnetId);
    long free = subnet.autoAssignable();
    if (free < leaveFree) {
      throw new IllegalArgumentException(
          "only " + free + " addresses are free in " + subnetId + ", not " + leaveFree);
    }
    for (; free > leaveFree; free--) {
      subnet.hold(subnet.pick(false, Set.of(), random), OCCUPIED);
    }
  }

  /** Keeps a part of a subnet out of EC2's own choice by an explicit CIDR reservation. */
  public void reserveRange(String subnetId, String cidr) {
    subnet(subnetId);
    actions.reserve(
        new Ec2Action.CreateSubnetCidrReservation(
            subnetId, cidr, "explicit", "reserved from outside", Map.of()),
        false);
  }

  /** Occupies one address of a subnet from outside, whatever holds it. */
  public void occupy(String subnetId, String address) {
    subnet(subnetId).hold(Ip.parse(address), OCCUPIED);
  }

  /**
   * Launches an instance with its primary interface; returns its id.
   *
   * @param groupIds security groups; none means the default one of the VPC
   */
  public String launch(
      String type, String subnetId, List<String> groupIds, Map<String, String> tags) {
    InstanceTypeInfo info =
        InstanceTypes.find(type)
            .orElseThrow(() -> new IllegalArgumentException("unknown instance type: " + type));
    Subnet subnet = subnet(subnetId);
    Instant now = clock.now();
    Instance instance =
        new Instance(
            ids.next("i-"),
            nextSerial(),
            info,
            subnet,
            ids.next("r-"),
            now,
            now.plus(options.get().bootTime()));
    instance.tags.putAll(tags);
    NetworkInterface eni = actions.make(subnet, "", "interface", groupIds, now);
    Ip address = subnet.pick(false, Set.of(), random);
    eni.ipv4.add(address);
    subnet.hold(address, eni.id);
    eni.attachment =
        Optional.of(new Attachment(ids.next("eni-attach-"), instance.id, 0, 0, now, now, true));
    instances.put(instance.id, instance);
    settle();
    return instance.id;
  }

  /** Stops an instance at once; its interfaces stay attached. */
  public void stop(String instanceId) {
    Instance instance = known(instanceId);
    requireState(instance, Instance.State.PENDING, Instance.State.RUNNING);
    instance.state = Instance.State.STOPPED;
  }

  /** Starts a stopped instance: it is pending for the boot time again. */
  public void start(String instanceId) {
    Instance instance = known(instanceId);
    requireState(instance, Instance.State.STOPPED);
    instance.state = Instance.State.PENDING;
    instance.launchTime = clock.now();
    instance.runningAt = clock.now().plus(options.get().bootTime());
    instance.kubelet.ifPresent(Kubelet::reboot);
    settle();
  }

  /** Lets kubelet and the VPC CNI run on an instance from its boot on. */
  public void runAgents(String instanceId, NodeAgents agents) {
    known(instanceId).kubelet = Optional.of(new Kubelet(agents));
    settle();
  }

  /** The kubelet of an instance, where it is modelled. */
  public Optional<KubeletView> kubelet(String instanceId) {
    Instance instance = known(instanceId);
    return instance.kubelet.map(kubelet -> kubelet.view(instance));
  }

  /**
   * Terminates an instance at once: an interface with DeleteOnTermination goes with it, any other
   * becomes available. A terminated instance stays as it is.
   */
  public void terminate(String instanceId) {
    Instance instance = known(instanceId);
    if (instance.state == Instance.State.TERMINATED) {
      return;
    }
    instance.state = Instance.State.TERMINATED;
    for (NetworkInterface eni : on(instanceId)) {
      boolean goes = eni.attachment.filter(a -> a.deleteOnTermination).isPresent();
      eni.detached();
      if (goes) {
        remove(eni);
      }
    }
    onTerminated.accept(instanceId);
  }

  /**
   * What the VPC CNI does when it wants another interface: a new one in the subnet of the primary
   * interface, with the CNI's tags, at the lowest free device index of card 0.
   *
   * @return the interface, or nothing if the type allows no other one
   */
  public Optional<String> cniInterface(String instanceId, String clusterName) {
    Instance instance = known(instanceId);
    Set<Integer> taken = new HashSet<>();
    for (NetworkInterface eni : on(instanceId)) {
      eni.attachment.filter(a -> a.card == 0).ifPresent(a -> taken.add(a.device));
    }
    int limit = instance.type.interfacesPerCard().getFirst();
    if (taken.size() >= limit) {
      return Optional.empty();
    }
    int lowest = 0;
    while (taken.contains(lowest)) {
      lowest++;
    }
    Map<String, String> tags =
        Map.of(
            "node.k8s.amazonaws.com/instance_id",
            instanceId,
            "node.k8s.amazonaws.com/createdAt",
            clock.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            "cluster.k8s.amazonaws.com/name",
            clusterName);
    String eni = foreignInterface(instance, "aws-K8S-" + instanceId, tags);
    actions.attach(eni, instanceId, lowest, 0, false);
    onInterface(eni).attachment.orElseThrow().deleteOnTermination = true;
    return Optional.of(eni);
  }

  /** Somebody else's interface in a slot of an instance; returns its id. */
  public String attachForeign(
      String instanceId, int deviceIndex, int networkCardIndex, Map<String, String> tags) {
    String eni = foreignInterface(known(instanceId), "", tags);
    actions.attach(eni, instanceId, deviceIndex, networkCardIndex, false);
    return eni;
  }

  /** Attaches an interface, whoever it belongs to. */
  public void attachByHand(
      String interfaceId, String instanceId, int deviceIndex, int networkCardIndex) {
    actions.attach(interfaceId, instanceId, deviceIndex, networkCardIndex, false);
  }

  /** Takes an interface off its instance at once, whoever it belongs to. */
  public void detachByHand(String interfaceId) {
    onInterface(interfaceId).detached();
  }

  /** Gives addresses to an interface, whoever has them, with no regard to limits. */
  public void assignByHand(String interfaceId, List<String> addresses) {
    actions.giveByHand(onInterface(interfaceId), ips(addresses));
  }

  /**
   * Takes addresses off an interface.
   *
   * @throws IllegalArgumentException if one of them is its primary address, or none of its own
   */
  public void unassignByHand(String interfaceId, List<String> addresses) {
    NetworkInterface eni = onInterface(interfaceId);
    Set<Ip> going = ips(addresses);
    for (Ip ip : going) {
      if (!eni.has(ip) || eni.isPrimary(ip)) {
        throw new IllegalArgumentException(ip + " is no secondary address of " + interfaceId);
      }
    }
    actions.take(eni, going);
  }

  private static Set<Ip> ips(List<String> addresses) {
    Set<Ip> ips = new LinkedHashSet<>();
    addresses.forEach(address -> ips.add(Ip.parse(address)));
    return ips;
  }

  /** Sets whether an attached interface goes with its instance. */
  public void setDeleteOnTermination(String interfaceId, boolean deleteOnTermination) {
    onInterface(interfaceId).attachment.orElseThrow().deleteOnTermination = deleteOnTermination;
  }

  /** Deletes an interface at once, attached or not. */
  public void deleteByHand(String interfaceId) {
    NetworkInterface eni = onInterface(interfaceId);
    eni.attachment = Optional.empty();
    remove(eni);
  }

  /** Makes an interface belong to an AWS service, which alone may detach it. */
  public void makeRequesterManaged(String interfaceId) {
    onInterface(interfaceId).requesterManaged = true;
  }

  /** Sets a tag of any resource. */
  public void setTag(String resourceId, String key, String value) {
    resource(resourceId)
        .orElseThrow(() -> new IllegalArgumentException("no such resource: " + resourceId))
        .tags
        .put(key, value);
  }

  /** Removes a tag of any resource. */
  public void removeTag(String resourceId, String key) {
    resource(resourceId)
        .orElseThrow(() -> new IllegalArgumentException("no such resource: " + resourceId))
        .tags
        .remove(key);
  }

  // ---- inspection ----------------------------------------------------------------------------

  /** Whether the instance is running. */
  public boolean isRunning(String instanceId) {
    Instance instance = instances.get(instanceId);
    return instance != null && instance.state == Instance.State.RUNNING;
  }

  /** The zone of a subnet. */
  public String zoneOf(String subnetId) {
    return subnet(subnetId).zone;
  }

  /** The instance; group and lifecycle state are for the caller to know. */
  public InstanceView instance(
      String instanceId, Optional<String> groupName, Optional<String> lifecycleState) {
    Instance instance = known(instanceId);
    Instant now = clock.now();
    return new InstanceView(
        instance.id,
        instance.type.name(),
        instance.subnet.zone,
        instance.subnet.id,
        instance.subnet.vpcId,
        instance.state.text,
        instance.launchTime,
        Map.copyOf(instance.tags),
        groupName,
        lifecycleState,
        on(instanceId).stream().map(e -> e.view(now)).toList());
  }

  /** The ids of all instances in the order of their launch, terminated ones included. */
  public List<String> instanceIds() {
    return List.copyOf(instances.keySet());
  }

  /** All interfaces in the order of their creation, visible to callers or not. */
  public List<InterfaceView> interfaces() {
    Instant now = clock.now();
    return interfaces.values().stream().map(e -> e.view(now)).toList();
  }

  /** A subnet. */
  public SubnetView subnetView(String subnetId) {
    Subnet subnet = subnet(subnetId);
    return new SubnetView(
        subnet.id,
        subnet.vpcId,
        subnet.zone,
        subnet.cidr.toString(),
        subnet.ipv6Cidr.map(Cidr::toString),
        subnet.availableIpAddressCount());
  }

  // ---- for the neighbours in this package ----------------------------------------------------

  long nextSerial() {
    return ++serial;
  }

  /** Everything that is attached to an instance, by network card, then device index. */
  List<NetworkInterface> on(String instanceId) {
    List<NetworkInterface> list = new ArrayList<>();
    for (NetworkInterface eni : interfaces.values()) {
      if (eni.isOn(instanceId)) {
        list.add(eni);
      }
    }
    list.sort(
        Comparator.<NetworkInterface>comparingInt(e -> e.attachment.orElseThrow().card)
            .thenComparingInt(e -> e.attachment.orElseThrow().device));
    return list;
  }

  void remove(NetworkInterface eni) {
    eni.ipv4.forEach(eni.subnet::release);
    eni.ipv6.forEach(eni.subnet::release);
    interfaces.remove(eni.id);
  }

  Optional<Resource> resource(String id) {
    for (Map<String, ? extends Resource> kind :
        List.of(interfaces, instances, subnets, groups, vpcs)) {
      Resource found = kind.get(id);
      if (found != null) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  private String foreignInterface(Instance instance, String description, Map<String, String> tags) {
    Ip address = instance.subnet.pick(false, Set.of(), random);
    NetworkInterface eni =
        actions.make(instance.subnet, description, "interface", List.of(), clock.now());
    eni.tags.putAll(tags);
    eni.ipv4.add(address);
    instance.subnet.hold(address, eni.id);
    return eni.id;
  }

  private Subnet subnet(String id) {
    Subnet subnet = subnets.get(id);
    if (subnet == null) {
      throw new IllegalArgumentException("no such subnet: " + id);
    }
    return subnet;
  }

  private Instance known(String id) {
    Instance instance = instances.get(id);
    if (instance == null) {
      throw new IllegalArgumentException("no such instance: " + id);
    }
    return instance;
  }

  private NetworkInterface onInterface(String id) {
    NetworkInterface eni = interfaces.get(id);
    if (eni == null) {
      throw new IllegalArgumentException("no such interface: " + id);
    }
    return eni;
  }

  private static void requireState(Instance instance, Instance.State... allowed) {
    if (!List.of(allowed).contains(instance.state)) {
      throw new IllegalStateException(instance.id + " is " + instance.state.text);
    }
  }

  InterfaceActions actions() {
    return actions;
  }

  /** The refusal for a caller's id of an instance that is malformed or unknown. */
  Instance instanceOf(String id) {
    if (!Ids.isWellFormed("i-", id)) {
      throw Ec2Errors.malformed("InvalidInstanceID.Malformed", id, "i-");
    }
    Instance instance = instances.get(id);
    if (instance == null) {
      throw Ec2Errors.instanceNotFound(id);
    }
    return instance;
  }

  /** The interface of a caller's id, if it is well-formed, known and visible by now. */
  NetworkInterface interfaceOf(String id) {
    if (!Ids.isWellFormed("eni-", id)) {
      throw Ec2Errors.malformed("InvalidNetworkInterfaceId.Malformed", id, "eni-");
    }
    NetworkInterface eni = interfaces.get(id);
    if (eni == null || clock.now().isBefore(eni.visibleAt)) {
      throw Ec2Errors.interfaceNotFound(id);
    }
    return eni;
  }

  Subnet subnetOf(String id) {
    Subnet subnet = subnets.get(id);
    if (subnet == null) {
      throw Ec2Errors.subnetNotFound(id);
    }
    return subnet;
  }

  SecurityGroup groupOf(String id) {
    if (!Ids.isWellFormed("sg-", id)) {
      throw Ec2Errors.malformed("InvalidGroupId.Malformed", id, "sg-");
    }
    SecurityGroup group = groups.get(id);
    if (group == null) {
      throw Ec2Errors.groupNotFound(id);
    }
    return group;
  }

  /** The resource of a caller's id, for calls that take ids of any kind. */
  Resource resourceOf(String id) {
    if (id.startsWith("eni-")) {
      return interfaceOf(id);
    }
    if (id.startsWith("i-")) {
      return instanceOf(id);
    }
    if (id.startsWith("sg-")) {
      return groupOf(id);
    }
    if (id.startsWith("subnet-")) {
      return subnetOf(id);
    }
    Resource vpc = vpcs.get(id);
    if (vpc == null) {
      throw ApiError.of("InvalidID", "The ID '" + id + "' is not valid");
    }
    return vpc;
  }
}
