// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import static io.multuseni.core.attach.Facts.CLUSTER;
import static io.multuseni.core.attach.Facts.NODE_ID;
import static io.multuseni.core.attach.Facts.ZONE_A;
import static io.multuseni.core.attach.Facts.ZONE_B;
import static io.multuseni.core.attach.Facts.eni;
import static io.multuseni.core.attach.Facts.group;
import static io.multuseni.core.attach.Facts.net;
import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.attach.Facts.EniBuilder;
import io.multuseni.core.attach.Facts.NetBuilder;
import io.multuseni.core.attach.Facts.NodeBuilder;
import io.multuseni.core.config.Network;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.Tags;
import io.multuseni.core.node.Attachment;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.node.NodeFacts;
import io.multuseni.core.node.SubnetFacts;
import io.multuseni.core.slot.Slot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** What holds for every plan, whatever is configured and found. */
class AttachPlannerPropertiesTest {
  private static final int TRIES = 2_000;
  private static final List<String> SUBNETS = List.of("s-1", "s-2", "s-3", "s-4", "s-5");

  /** Everything that one decision is made from. */
  record Scene(NodeGroup group, NodeFacts node, Map<String, SubnetFacts> subnets) {
    AttachDecision decide() {
      return AttachPlanner.plan(CLUSTER, group, node, subnets);
    }

    /** The plan, counted as one; nothing where there is a refusal. */
    Optional<AttachmentPlan> plan() {
      return decide() instanceof AttachmentPlan plan ? Optional.of(plan) : Optional.empty();
    }
  }

  @Property(tries = TRIES)
  void bothPlansAndRefusalsComeUp(@ForAll("scenes") Scene scene) {
    // Without this the other properties might hold for want of a case.
    Statistics.label("decision")
        .collect(scene.plan().isPresent() ? "plan" : "refusal")
        .coverage(cover -> {
          cover.check("plan").percentage(share -> share > 25);
          cover.check("refusal").percentage(share -> share > 25);
        });
  }

  @Property(tries = TRIES)
  void slotsAreUniqueAndInDeviceIndexOrder(@ForAll("scenes") Scene scene) {
    scene
        .plan()
        .ifPresent(plan -> {
          List<Slot> slots = plan.interfaces().stream().map(PlannedInterface::slot).toList();
          assertThat(slots)
              .extracting(Slot::deviceIndex)
              .isEqualTo(
                  IntStream.rangeClosed(1, scene.group().networks().size()).boxed().toList());
          assertThat(plan.interfaces())
              .extracting(PlannedInterface::network)
              .isEqualTo(scene.group().networks());
          assertThat(plan.interfaces())
              .allSatisfy(one ->
                  assertThat(one.slot().networkCardIndex())
                      .isEqualTo(one.network().networkCardIndex()));
        });
  }

  @Property(tries = TRIES)
  void noCardGetsMoreInterfacesThanItHolds(@ForAll("scenes") Scene scene) {
    scene
        .plan()
        .ifPresent(plan -> {
          List<Slot> after = new ArrayList<>();
          scene.node().interfaces().forEach(one -> one.slotOn(NODE_ID).ifPresent(after::add));
          boolean adds = false;
          for (PlannedInterface one : plan.interfaces()) {
            if (!after.contains(one.slot())) {
              after.add(one.slot());
              adds = true;
            }
          }
          if (adds) {
            Map<Integer, Integer> held = scene.node().limits().interfacesPerCard();
            assertThat(after).doesNotHaveDuplicates();
            plan.interfaces()
                .forEach(one -> {
                  int card = one.slot().networkCardIndex();
                  if (!one.existing().flatMap(InterfaceFacts::attachment).isPresent()) {
                    assertThat(after.stream().filter(s -> s.networkCardIndex() == card).count())
                        .isLessThanOrEqualTo(held.getOrDefault(card, 0));
                  }
                });
          }
        });
  }

  @Property(tries = TRIES)
  void newInterfacesComeOnlyFromConfiguredSubnetsOfTheInstancesZoneAndVpc(
      @ForAll("scenes") Scene scene) {
    scene
        .plan()
        .ifPresent(plan ->
            assertThat(plan.interfaces())
                .allSatisfy(one -> {
                  assertThat(one.subnets().isEmpty()).isEqualTo(!one.needsCreate());
                  if (one.needsCreate()) {
                    assertThat(one.subnets().getFirst().freeAddresses()).isPositive();
                  }
                  assertThat(one.subnets())
                      .allSatisfy(subnet -> {
                        assertThat(subnet.availabilityZone())
                            .isEqualTo(scene.node().availabilityZone());
                        assertThat(subnet.vpcId()).isEqualTo(scene.node().vpcId());
                        assertThat(one.network().subnets()).contains(subnet.subnetId());
                        assertThat(subnet.hasIpv6() || one.ipv6Addresses() == 0).isTrue();
                      });
                }));
  }

  @Property(tries = TRIES)
  void noSubnetIsAskedForMoreAddressesThanItHas(@ForAll("scenes") Scene scene) {
    scene
        .plan()
        .ifPresent(plan -> {
          Map<String, Integer> asked = new HashMap<>();
          plan.interfaces().stream()
              .filter(PlannedInterface::needsCreate)
              .forEach(one -> asked.merge(one.subnets().getFirst().subnetId(), 1, Integer::sum));
          assertThat(asked)
              .allSatisfy((id, count) ->
                  assertThat(count)
                      .isLessThanOrEqualTo(
                          Optional.ofNullable(scene.subnets().get(id))
                              .map(SubnetFacts::freeAddresses)
                              .orElse(0)));
        });
  }

  @Property(tries = TRIES)
  void whatIsNotOursIsNeverTouched(@ForAll("scenes") Scene scene) {
    scene
        .plan()
        .ifPresent(plan -> {
          Set<String> touched = new HashSet<>();
          plan.interfaces()
              .forEach(one ->
                  one.existing().ifPresent(found -> touched.add(found.networkInterfaceId())));
          plan.surplus().forEach(one -> touched.add(one.networkInterfaceId()));
          assertThat(scene.node().interfaces())
              .filteredOn(one -> touched.contains(one.networkInterfaceId()))
              .allSatisfy(one -> assertThat(one.tags()).containsEntry(Tags.CLUSTER, CLUSTER));
        });
  }

  @Property(tries = TRIES)
  void whatServesASlotIsNotSurplusAndServesOnlyOne(@ForAll("scenes") Scene scene) {
    scene
        .plan()
        .ifPresent(plan -> {
          List<String> touched = new ArrayList<>();
          plan.interfaces()
              .forEach(one ->
                  one.existing().ifPresent(found -> touched.add(found.networkInterfaceId())));
          plan.surplus().forEach(one -> touched.add(one.networkInterfaceId()));
          assertThat(touched).doesNotHaveDuplicates();
        });
  }

  @Property(tries = TRIES)
  void aRefusalNamesItsResource(@ForAll("scenes") Scene scene) {
    if (scene.decide() instanceof Refusal refusal) {
      Statistics.label("reason").collect(refusal.reason());
      assertThat(refusal.resource()).isNotBlank();
      assertThat(refusal.message()).isNotBlank().contains(refusal.resource());
      assertThat(refusal.explained()).contains(refusal.reason().remedy());
    }
  }

  @Property(tries = TRIES)
  void whereThePlanIsCarriedOutNothingIsLeftToDo(@ForAll("scenes") Scene scene) {
    scene
        .plan()
        .ifPresent(plan -> {
          Scene after = carriedOut(scene, plan, Integer.MAX_VALUE, Integer.MAX_VALUE, true);

          AttachmentPlan next = after.plan().orElseThrow();
          assertThat(next.isRight()).as(next.toString()).isTrue();
          assertThat(next.surplus()).isEmpty();
          assertThat(next.interfaces())
              .extracting(PlannedInterface::slot)
              .isEqualTo(plan.interfaces().stream().map(PlannedInterface::slot).toList());
          assertThat(next.interfaces())
              .extracting(PlannedInterface::generation)
              .isEqualTo(plan.interfaces().stream().map(PlannedInterface::generation).toList());
        });
  }

  @Property(tries = TRIES)
  void afterAnyPartOfThePlanTheNextOneIsItsRest(
      @ForAll("scenes") Scene scene,
      @ForAll @IntRange(max = 5) int created,
      @ForAll @IntRange(max = 5) int attached) {
    scene
        .plan()
        .ifPresent(plan -> {
          Scene broken = carriedOut(scene, plan, created, Math.min(created, attached), false);

          AttachmentPlan next = broken.plan().orElseThrow();
          assertThat(next.surplus()).isEqualTo(plan.surplus());
          for (int i = 0; i < plan.interfaces().size(); i++) {
            PlannedInterface before = plan.interfaces().get(i);
            PlannedInterface now = next.interfaces().get(i);
            assertThat(now.slot()).isEqualTo(before.slot());
            assertThat(now.generation()).isEqualTo(before.generation());
            assertThat(now.needsCreate()).isEqualTo(before.needsCreate() && i >= created);
            if (!now.needsCreate()) {
              assertThat(idOf(now)).isEqualTo(before.needsCreate() ? newId(i) : idOf(before));
            }
          }
          Scene whole = carriedOut(broken, next, Integer.MAX_VALUE, Integer.MAX_VALUE, true);
          assertThat(whole.plan().orElseThrow().isRight()).isTrue();
        });
  }

  private static String idOf(PlannedInterface planned) {
    return planned.existing().map(InterfaceFacts::networkInterfaceId).orElse("none");
  }

  private static String newId(int place) {
    return "eni-new-" + place;
  }

  /**
   * The world after a part of a plan: the first {@code created} places have their interface, of
   * these the first {@code attached} are attached, and all is set and cleared up only at the end.
   */
  private static Scene carriedOut(
      Scene scene, AttachmentPlan plan, int created, int attached, boolean finished) {
    Map<String, InterfaceFacts> interfaces = new TreeMap<>();
    scene.node().interfaces().forEach(one -> interfaces.put(one.networkInterfaceId(), one));
    Map<String, SubnetFacts> subnets = new HashMap<>(scene.subnets());
    for (int i = 0; i < plan.interfaces().size(); i++) {
      PlannedInterface planned = plan.interfaces().get(i);
      InterfaceFacts one;
      if (planned.existing().isPresent()) {
        one = planned.existing().get();
      } else if (i < created) {
        SubnetFacts from = planned.subnets().getFirst();
        subnets.put(from.subnetId(), oneLess(subnets.getOrDefault(from.subnetId(), from)));
        one = newInterface(newId(i), from.subnetId(), planned);
      } else {
        continue;
      }
      if (i < attached) {
        one = withAttachment(one, planned.slot());
      }
      if (finished) {
        one = set(one, planned);
      }
      interfaces.put(one.networkInterfaceId(), one);
    }
    if (finished) {
      plan.surplus().forEach(one -> interfaces.remove(one.networkInterfaceId()));
    }
    NodeFacts node = scene.node();
    return new Scene(
        scene.group(),
        new NodeFacts(
            node.instanceId(),
            node.state(),
            node.availabilityZone(),
            node.vpcId(),
            node.limits(),
            node.launchTime(),
            node.tags(),
            List.copyOf(interfaces.values())),
        subnets);
  }

  private static SubnetFacts oneLess(SubnetFacts subnet) {
    return new SubnetFacts(
        subnet.subnetId(),
        subnet.vpcId(),
        subnet.availabilityZone(),
        subnet.ipv4Cidr(),
        subnet.freeAddresses() - 1,
        subnet.ipv6Cidrs());
  }

  /** As EC2 makes it: checked, whatever the network wants. */
  private static InterfaceFacts newInterface(String id, String subnet, PlannedInterface planned) {
    return new InterfaceFacts(
        id,
        subnet,
        "available",
        "02:00:00:00:00:02",
        Optional.of("10.0.0.20"),
        List.of(),
        true,
        planned.network().securityGroups(),
        planned.tags(),
        "",
        Optional.empty());
  }

  private static InterfaceFacts withAttachment(InterfaceFacts one, Slot slot) {
    boolean kept = one.attachment().map(Attachment::deleteOnTermination).orElse(false);
    return with(
        one,
        one.sourceDestCheck(),
        one.securityGroups(),
        one.tags(),
        Optional.of(
            new Attachment(
                "eni-attach-" + one.networkInterfaceId(),
                Optional.of(NODE_ID),
                slot,
                "attached",
                kept)));
  }

  private static InterfaceFacts set(InterfaceFacts one, PlannedInterface planned) {
    boolean check = one.sourceDestCheck();
    List<String> groups = one.securityGroups();
    SortedMap<String, String> tags = new TreeMap<>((Map<String, String>) one.tags());
    Optional<Attachment> attachment = one.attachment();
    for (Setting setting : planned.settings()) {
      switch (setting) {
        case DELETE_ON_TERMINATION ->
            attachment =
                attachment.map(a ->
                    new Attachment(a.attachmentId(), a.instanceId(), a.slot(), a.status(), true));
        case SOURCE_DEST_CHECK -> check = planned.network().sourceDestCheck();
        case SECURITY_GROUPS -> groups = planned.network().securityGroups();
        case TAGS -> tags.putAll(planned.tags());
      }
    }
    return with(one, check, groups, tags, attachment);
  }

  private static InterfaceFacts with(
      InterfaceFacts one,
      boolean check,
      List<String> groups,
      SortedMap<String, String> tags,
      Optional<Attachment> attachment) {
    return new InterfaceFacts(
        one.networkInterfaceId(),
        one.subnetId(),
        attachment.isPresent() ? "in-use" : "available",
        one.macAddress(),
        one.privateIpAddress(),
        one.ipv6Addresses(),
        check,
        groups,
        tags,
        one.description(),
        attachment);
  }

  @Provide
  Arbitrary<Scene> scenes() {
    return Arbitraries.randomValue(AttachPlannerPropertiesTest::scene);
  }

  private static Scene scene(Random random) {
    int cards = random.nextInt(3) == 0 ? 2 : 1;
    List<NetBuilder> networks = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      networks.add(network(random, "n" + i, cards));
    }
    NodeGroup group = group(networks.toArray(new NetBuilder[0])).nodeGroup();
    return new Scene(group, node(random, group, cards), subnets(random));
  }

  private static NetBuilder network(Random random, String name, int cards) {
    List<String> subnets = new ArrayList<>(SUBNETS);
    Collections.shuffle(subnets, random);
    NetBuilder network =
        net(name)
            .in(subnets.subList(0, 2 + random.nextInt(3)).toArray(new String[0]))
            .onCard(random.nextInt(5) == 0 ? random.nextInt(cards + 1) : 0);
    if (random.nextInt(4) == 0) {
      network.checked();
    }
    if (random.nextInt(4) == 0) {
      network.ipv6(random.nextInt(3));
    }
    if (random.nextInt(4) == 0) {
      network.tag("cnf", "upf");
    }
    return network;
  }

  private static Map<String, SubnetFacts> subnets(Random random) {
    Map<String, SubnetFacts> subnets = new HashMap<>();
    for (String id : SUBNETS) {
      if (random.nextInt(10) > 0) {
        SubnetFacts subnet =
            Facts.subnet(id, random.nextInt(3) == 0 ? ZONE_B : ZONE_A, random.nextInt(6));
        subnet = random.nextInt(3) == 0 ? Facts.withIpv6(subnet) : subnet;
        subnets.put(id, random.nextInt(10) == 0 ? Facts.ofVpc("vpc-0b", subnet) : subnet);
      }
    }
    return subnets;
  }

  private static NodeFacts node(Random random, NodeGroup group, int cards) {
    int[] held = new int[cards];
    for (int card = 0; card < cards; card++) {
      held[card] = 2 + random.nextInt(6);
    }
    NodeBuilder node = Facts.node().type("x1.random", held);
    if (random.nextInt(4) == 0) {
      node.inZone(ZONE_B);
    }
    Set<Slot> filled = new HashSet<>();
    int found = random.nextInt(5);
    for (int i = 0; i < found; i++) {
      Slot made = new Slot(random.nextInt(cards), 1 + random.nextInt(group.networks().size() + 1));
      EniBuilder one = someones(random, "eni-" + i, group, made);
      // Mostly where it was made for, since anything else is refused at once.
      Slot at = random.nextInt(8) == 0 ? new Slot(0, 1 + random.nextInt(7)) : made;
      if (random.nextBoolean() && filled.add(at)) {
        one.attached(
            NODE_ID, at, random.nextInt(5) == 0 ? "attaching" : "attached", random.nextBoolean());
      }
      node.with(one);
    }
    return node.facts();
  }

  private static EniBuilder someones(Random random, String id, NodeGroup group, Slot slot) {
    int place = slot.deviceIndex() - 1;
    Network network =
        place < group.networks().size() && random.nextInt(8) > 0
            ? group.networks().get(place)
            : group.networks().get(random.nextInt(group.networks().size()));
    EniBuilder one =
        eni(id)
            .ours(NODE_ID, network.name(), slot)
            .in(
                random.nextInt(4) == 0
                    ? SUBNETS.get(random.nextInt(SUBNETS.size()))
                    : network.subnets().getFirst())
            .generation(random.nextInt(4))
            .sourceDestCheck(random.nextBoolean());
    switch (random.nextInt(16)) {
      case 0 -> one.tag(Tags.CLUSTER, "edge");
      case 1 -> one.untag(Tags.CLUSTER);
      case 2 -> one.tag(Tags.INSTANCE, Facts.OTHER_ID);
      case 3 -> one.untag(Tags.NETWORK);
      case 4 -> one.groups("sg-node");
      case 5 -> one.untag(Tags.NO_MANAGE);
      default -> {}
    }
    return one;
  }
}
