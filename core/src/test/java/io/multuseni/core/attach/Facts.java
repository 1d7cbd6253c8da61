// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import io.multuseni.core.config.Network;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeGroup.AutoScalingGroups;
import io.multuseni.core.config.NodeGroup.CreateHook;
import io.multuseni.core.config.NodeGroup.LifecycleHook;
import io.multuseni.core.config.NodeGroup.NodeOs;
import io.multuseni.core.config.NodeGroup.OnRepeatedFailure;
import io.multuseni.core.config.Tags;
import io.multuseni.core.node.Attachment;
import io.multuseni.core.node.GroupFacts;
import io.multuseni.core.node.InstanceLimits;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.node.NodeFacts;
import io.multuseni.core.node.SubnetFacts;
import io.multuseni.core.slot.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Builders for what the planners read. What a test doesn't name has an ordinary value. */
final class Facts {
  static final String CLUSTER = "core5g";
  static final String NODE_ID = "i-0aa00000000000001";
  static final String OTHER_ID = "i-0aa00000000000002";
  static final String ASG = "upf-a";
  static final String ZONE_A = "us-east-1a";
  static final String ZONE_B = "us-east-1b";
  static final String VPC = "vpc-0a";
  static final String MULTUS_GROUP = "sg-multus";
  static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  private Facts() {}

  /** A network with one subnet in each of two zones, {@code subnet-<name>-a} and {@code …-b}. */
  static NetBuilder net(String name) {
    return new NetBuilder(name);
  }

  static GroupBuilder group(NetBuilder... networks) {
    return new GroupBuilder(List.of(networks));
  }

  /** An instance of two zones' first with four interfaces on its one card, of them one taken. */
  static NodeBuilder node() {
    return new NodeBuilder();
  }

  static EniBuilder eni(String id) {
    return new EniBuilder(id);
  }

  static SubnetFacts subnet(String id, String zone, int free) {
    return new SubnetFacts(id, VPC, zone, "10.0.0.0/24", free, List.of());
  }

  static SubnetFacts withIpv6(SubnetFacts subnet) {
    return new SubnetFacts(
        subnet.subnetId(),
        subnet.vpcId(),
        subnet.availabilityZone(),
        subnet.ipv4Cidr(),
        subnet.freeAddresses(),
        List.of("2001:db8:0:1::/64"));
  }

  static SubnetFacts ofVpc(String vpc, SubnetFacts subnet) {
    return new SubnetFacts(
        subnet.subnetId(),
        vpc,
        subnet.availabilityZone(),
        subnet.ipv4Cidr(),
        subnet.freeAddresses(),
        subnet.ipv6Cidrs());
  }

  static Map<String, SubnetFacts> subnets(SubnetFacts... subnets) {
    Map<String, SubnetFacts> byId = new HashMap<>();
    for (SubnetFacts subnet : subnets) {
      byId.put(subnet.subnetId(), subnet);
    }
    return byId;
  }

  /** The two subnets of each network, with plenty of room. */
  static Map<String, SubnetFacts> subnetsOf(String... networks) {
    Map<String, SubnetFacts> byId = new HashMap<>();
    for (String network : networks) {
      byId.putAll(
          subnets(
              subnet("subnet-" + network + "-a", ZONE_A, 100),
              subnet("subnet-" + network + "-b", ZONE_B, 100)));
    }
    return byId;
  }

  /** The tags that an interface of ours carries. */
  static SortedMap<String, String> ourTags(String instance, String network, Slot slot) {
    SortedMap<String, String> tags = new TreeMap<>();
    tags.put("node.k8s.amazonaws.com/no_manage", "true");
    tags.put("no_manage", "true");
    tags.put("multus-eni/cluster", CLUSTER);
    tags.put("multus-eni/node-group", "upf");
    tags.put("multus-eni/instance", instance);
    tags.put("multus-eni/network", network);
    tags.put("multus-eni/device-index", Integer.toString(slot.deviceIndex()));
    tags.put("multus-eni/network-card-index", Integer.toString(slot.networkCardIndex()));
    tags.put("multus-eni/generation", "0");
    return tags;
  }

  /** A network in the making. */
  static final class NetBuilder {
    private final String name;
    private List<String> subnets;
    private List<String> securityGroups = List.of(MULTUS_GROUP);
    private boolean sourceDestCheck;
    private Network.Ipv6 ipv6 = new Network.AutoIpv6();
    private int card;
    private final SortedMap<String, String> tags = new TreeMap<>();

    private NetBuilder(String name) {
      this.name = name;
      this.subnets = List.of("subnet-" + name + "-a", "subnet-" + name + "-b");
    }

    NetBuilder in(String... subnetIds) {
      subnets = List.of(subnetIds);
      return this;
    }

    NetBuilder securityGroups(String... ids) {
      securityGroups = List.of(ids);
      return this;
    }

    NetBuilder checked() {
      sourceDestCheck = true;
      return this;
    }

    NetBuilder ipv6(int count) {
      ipv6 = new Network.CountedIpv6(count);
      return this;
    }

    NetBuilder onCard(int index) {
      card = index;
      return this;
    }

    NetBuilder tag(String key, String value) {
      tags.put(key, value);
      return this;
    }

    Network network() {
      return new Network(
          name,
          subnets,
          securityGroups,
          sourceDestCheck,
          ipv6,
          Network.PrimaryAddress.ANY,
          card,
          tags);
    }
  }

  /** A node group in the making. */
  static final class GroupBuilder {
    private final List<NetBuilder> networks;
    private LifecycleHook hook = new CreateHook();
    private OnRepeatedFailure onRepeatedFailure = OnRepeatedFailure.HOLD;
    private boolean backfill;

    private GroupBuilder(List<NetBuilder> networks) {
      this.networks = networks;
    }

    GroupBuilder hook(LifecycleHook changed) {
      hook = changed;
      return this;
    }

    GroupBuilder onRepeatedFailure(OnRepeatedFailure changed) {
      onRepeatedFailure = changed;
      return this;
    }

    GroupBuilder backfill() {
      backfill = true;
      return this;
    }

    /** Heartbeat timeout 30 minutes, patience one hour. */
    NodeGroup nodeGroup() {
      return new NodeGroup(
          "upf",
          new AutoScalingGroups(List.of(ASG)),
          hook,
          Duration.ofMinutes(30),
          Duration.ofHours(1),
          onRepeatedFailure,
          backfill,
          NodeOs.AL2023,
          Optional.empty(),
          networks.stream().map(NetBuilder::network).toList());
    }
  }

  /** An interface in the making; to begin with it is nobody's and attached to nothing. */
  static final class EniBuilder {
    private final String id;
    private String subnet = "subnet-nodes";
    private String status = "available";
    private boolean sourceDestCheck = true;
    private List<String> groups = List.of("sg-node");
    private SortedMap<String, String> tags = new TreeMap<>();
    private String description = "";
    private Optional<Attachment> attachment = Optional.empty();

    private EniBuilder(String id) {
      this.id = id;
    }

    /** As we make them for the first instance: in zone a, tagged, in the right security group. */
    EniBuilder ours(String network, int deviceIndex) {
      return ours(NODE_ID, network, new Slot(0, deviceIndex));
    }

    EniBuilder ours(String instance, String network, Slot slot) {
      subnet = "subnet-" + network + "-a";
      groups = List.of(MULTUS_GROUP);
      tags = ourTags(instance, network, slot);
      return this;
    }

    EniBuilder in(String subnetId) {
      subnet = subnetId;
      return this;
    }

    EniBuilder at(int deviceIndex) {
      return at(new Slot(0, deviceIndex));
    }

    EniBuilder at(Slot slot) {
      return attached(NODE_ID, slot, "attached", false);
    }

    EniBuilder attached(String instance, Slot slot, String state, boolean deleteOnTermination) {
      status = "in-use";
      attachment =
          Optional.of(
              new Attachment(
                  "eni-attach-" + id, Optional.of(instance), slot, state, deleteOnTermination));
      return this;
    }

    /** Attached and set as it should be. */
    EniBuilder right(int deviceIndex) {
      sourceDestCheck = false;
      return attached(NODE_ID, new Slot(0, deviceIndex), "attached", true);
    }

    EniBuilder status(String text) {
      status = text;
      return this;
    }

    EniBuilder sourceDestCheck(boolean check) {
      sourceDestCheck = check;
      return this;
    }

    EniBuilder groups(String... ids) {
      groups = List.of(ids);
      return this;
    }

    EniBuilder tag(String key, String value) {
      tags.put(key, value);
      return this;
    }

    EniBuilder untag(String key) {
      tags.remove(key);
      return this;
    }

    EniBuilder generation(int generation) {
      return tag(Tags.GENERATION, Integer.toString(generation));
    }

    EniBuilder described(String text) {
      description = text;
      return this;
    }

    InterfaceFacts facts() {
      return new InterfaceFacts(
          id,
          subnet,
          status,
          "02:00:00:00:00:01",
          Optional.of("10.0.0.10"),
          List.of(),
          sourceDestCheck,
          groups,
          tags,
          description,
          attachment);
    }
  }

  /** An instance in the making. */
  static final class NodeBuilder {
    private String zone = ZONE_A;
    private String type = "m5.xlarge";
    private final SortedMap<Integer, Integer> cards = new TreeMap<>(Map.of(0, 4));
    private int ipv6PerInterface = 15;
    private final List<InterfaceFacts> interfaces = new ArrayList<>();

    private NodeBuilder() {
      interfaces.add(
          eni("eni-primary").attached(NODE_ID, new Slot(0, 0), "attached", true).facts());
    }

    NodeBuilder inZone(String name) {
      zone = name;
      return this;
    }

    /** Of another type: how many interfaces each of its cards holds. */
    NodeBuilder type(String name, int... interfacesPerCard) {
      type = name;
      cards.clear();
      for (int card = 0; card < interfacesPerCard.length; card++) {
        cards.put(card, interfacesPerCard[card]);
      }
      return this;
    }

    NodeBuilder ipv6PerInterface(int count) {
      ipv6PerInterface = count;
      return this;
    }

    NodeBuilder with(EniBuilder... more) {
      for (EniBuilder one : more) {
        interfaces.add(one.facts());
      }
      return this;
    }

    NodeFacts facts() {
      return new NodeFacts(
          NODE_ID,
          NodeFacts.State.RUNNING,
          zone,
          VPC,
          new InstanceLimits(type, cards, 15, ipv6PerInterface),
          NOW.minusSeconds(30),
          new TreeMap<>(),
          interfaces);
    }
  }

  /** An Auto Scaling group with our launch hook. */
  static GroupFacts asg(GroupFacts.Member... members) {
    return new GroupFacts(
        ASG,
        Map.of(NodeGroup.LAUNCH_HOOK, Duration.ofMinutes(30)),
        List.of(NodeGroup.TERMINATE_HOOK),
        List.of(members),
        Map.of(),
        false);
  }
}
