// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import static io.multuseni.core.attach.Facts.CLUSTER;
import static io.multuseni.core.attach.Facts.NODE_ID;
import static io.multuseni.core.attach.Facts.ZONE_A;
import static io.multuseni.core.attach.Facts.ZONE_B;
import static io.multuseni.core.attach.Facts.eni;
import static io.multuseni.core.attach.Facts.group;
import static io.multuseni.core.attach.Facts.net;
import static io.multuseni.core.attach.Facts.node;
import static io.multuseni.core.attach.Facts.ofVpc;
import static io.multuseni.core.attach.Facts.subnet;
import static io.multuseni.core.attach.Facts.subnets;
import static io.multuseni.core.attach.Facts.subnetsOf;
import static io.multuseni.core.attach.Facts.withIpv6;
import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.attach.Facts.EniBuilder;
import io.multuseni.core.attach.Facts.GroupBuilder;
import io.multuseni.core.attach.Facts.NodeBuilder;
import io.multuseni.core.config.Tags;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.node.SubnetFacts;
import io.multuseni.core.slot.Slot;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AttachPlannerTest {
  private static AttachDecision decide(
      GroupBuilder group, NodeBuilder node, Map<String, SubnetFacts> subnets) {
    return AttachPlanner.plan(CLUSTER, group.nodeGroup(), node.facts(), subnets);
  }

  private static AttachmentPlan plan(
      GroupBuilder group, NodeBuilder node, Map<String, SubnetFacts> subnets) {
    AttachDecision decision = decide(group, node, subnets);
    if (decision instanceof AttachmentPlan plan) {
      return plan;
    }
    throw new AssertionError("refused: " + decision);
  }

  private static Refusal refusal(
      GroupBuilder group, NodeBuilder node, Map<String, SubnetFacts> subnets) {
    AttachDecision decision = decide(group, node, subnets);
    if (decision instanceof Refusal refusal) {
      return refusal;
    }
    throw new AssertionError("not refused: " + decision);
  }

  private static List<String> subnetIds(PlannedInterface planned) {
    return planned.subnets().stream().map(SubnetFacts::subnetId).toList();
  }

  private static String existingId(PlannedInterface planned) {
    return planned.existing().map(InterfaceFacts::networkInterfaceId).orElse("none");
  }

  /** What the planner refuses. */
  @Nested
  class Refusals {
    record Case(
        RefusalReason reason,
        GroupBuilder group,
        NodeBuilder node,
        Map<String, SubnetFacts> subnets,
        String resource,
        List<String> said) {
      @Override
      public String toString() {
        return reason + " for " + resource;
      }
    }

    static Stream<Case> cases() {
      return Stream.of(
          new Case(
              RefusalReason.NO_SUBNET_IN_ZONE,
              group(net("n3").in("subnet-n3-a")),
              node().inZone(ZONE_B),
              subnetsOf("n3"),
              "n3",
              List.of(ZONE_B, NODE_ID, "add a subnet of that zone")),
          new Case(
              RefusalReason.SUBNET_NOT_FOUND,
              group(net("n3").in("subnet-gone", "subnet-n3-a")),
              node().inZone(ZONE_B),
              subnetsOf("n3"),
              "subnet-gone",
              List.of("n3", "correct the subnet id")),
          new Case(
              RefusalReason.SUBNET_IN_OTHER_VPC,
              group(net("n3")),
              node(),
              subnets(ofVpc("vpc-0b", subnet("subnet-n3-a", ZONE_A, 100))),
              "subnet-n3-a",
              List.of("vpc-0b", "vpc-0a", "instance's own VPC")),
          new Case(
              RefusalReason.SUBNET_OUT_OF_ADDRESSES,
              group(net("n3")),
              node(),
              subnets(subnet("subnet-n3-a", ZONE_A, 0), subnet("subnet-n3-b", ZONE_B, 100)),
              "subnet-n3-a",
              List.of("n3", ZONE_A, "free addresses in the subnet")),
          new Case(
              RefusalReason.SUBNET_WITHOUT_IPV6,
              group(net("n3").ipv6(2)),
              node(),
              subnetsOf("n3"),
              "subnet-n3-a",
              List.of("n3", "2 IPv6", "associate an IPv6 range")),
          new Case(
              RefusalReason.INSTANCE_TYPE_TOO_SMALL,
              group(net("n3"), net("n6"), net("n9")),
              node().type("t3.medium", 3),
              subnetsOf("n3", "n6", "n9"),
              "t3.medium",
              List.of(NODE_ID, "holds 3", "needs 4", "use an instance type")),
          new Case(
              RefusalReason.NETWORK_CARD_MISSING,
              group(net("n3").onCard(1)),
              node(),
              subnetsOf("n3"),
              "m5.xlarge",
              List.of("no network card 1", "networkCardIndex")),
          new Case(
              RefusalReason.TOO_MANY_ADDRESSES,
              group(net("n3").ipv6(7)),
              node().type("t3.medium", 3).ipv6PerInterface(6),
              subnets(withIpv6(subnet("subnet-n3-a", ZONE_A, 100))),
              "t3.medium",
              List.of("n3", "7 IPv6", "allows 6", "lower the network's ipv6 count")),
          new Case(
              RefusalReason.DEVICE_INDEX_TAKEN,
              group(net("n3")),
              node().with(eni("eni-foreign").at(1)),
              subnetsOf("n3"),
              "eni-foreign",
              List.of("card 0 device 1", NODE_ID, "n3", "boot gate")),
          new Case(
              RefusalReason.SLOT_HOLDS_OTHER_NETWORK,
              group(net("n3")),
              node().with(eni("eni-n9").ours("n9", 1).at(1)),
              subnetsOf("n3"),
              "eni-n9",
              List.of("of network n9", "network n3", "replace the node")));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void eachNamesWhatStandsInTheWayAndTheRemedy(Case one) {
      Refusal refusal = refusal(one.group(), one.node(), one.subnets());

      assertThat(refusal.reason()).isEqualTo(one.reason());
      assertThat(refusal.resource()).isEqualTo(one.resource());
      assertThat(refusal.message()).contains(one.resource());
      assertThat(refusal.explained())
          .startsWith(refusal.message())
          .endsWith(one.reason().remedy())
          .contains(one.said());
    }

    @Test
    void eachReasonIsInTheTableOrComesFromElsewhere() {
      Set<RefusalReason> inTheTable =
          cases()
              .map(Case::reason)
              .collect(
                  Collectors.toCollection(() ->
                      EnumSet.of(
                          // From AWS' errors.
                          RefusalReason.SECURITY_GROUP_NOT_FOUND,
                          RefusalReason.ACCESS_DENIED,
                          RefusalReason.QUOTA_EXCEEDED,
                          RefusalReason.INVALID_REQUEST,
                          // From the clock.
                          RefusalReason.TIMED_OUT)));

      assertThat(inTheTable).isEqualTo(EnumSet.allOf(RefusalReason.class));
    }

    static Stream<EniBuilder> occupants() {
      return Stream.of(
          eni("eni-cni").tag(Tags.CNI_INSTANCE, NODE_ID),
          eni("eni-cni").described("aws-K8S-" + NODE_ID),
          eni("eni-cni").described("aws-K8S-" + NODE_ID).tag(Tags.CNI_INSTANCE, NODE_ID));
    }

    @ParameterizedTest
    @MethodSource("occupants")
    void refusesWhenIndexOneBelongsToTheVpcCni(EniBuilder occupant) {
      Refusal refusal = refusal(group(net("n3")), node().with(occupant.at(1)), subnetsOf("n3"));

      assertThat(refusal.reason()).isEqualTo(RefusalReason.DEVICE_INDEX_TAKEN);
      assertThat(refusal.message()).contains("the VPC CNI's").doesNotContain("null");
      assertThat(refusal.explained()).contains("boot gate");
    }

    @Test
    void saysWhichClusterHoldsTheIndex() {
      Refusal refusal =
          refusal(
              group(net("n3")),
              node().with(eni("eni-x").ours("n3", 1).tag(Tags.CLUSTER, "edge").at(1)),
              subnetsOf("n3"));

      assertThat(refusal.message()).contains("cluster edge's");
    }

    @Test
    void saysThatAnUntaggedInterfaceHoldsTheIndexAndShowsTheTagsOfATaggedOne() {
      assertThat(
              refusal(group(net("n3")), node().with(eni("eni-x").at(1)), subnetsOf("n3")).message())
          .contains("set no tag");
      assertThat(
              refusal(
                      group(net("n3")),
                      node().with(eni("eni-x").tag("owner", "storage").at(1)),
                      subnetsOf("n3"))
                  .message())
          .contains("owner=storage");
    }

    @Test
    void theFirstInDeviceIndexOrderDecides() {
      Refusal refusal =
          refusal(
              group(net("n3"), net("n6").onCard(5)),
              node().with(eni("eni-x").at(1)),
              subnetsOf("n3", "n6"));

      assertThat(refusal.reason()).isEqualTo(RefusalReason.DEVICE_INDEX_TAKEN);
    }

    @Test
    void interfacesOfOthersCountAgainstTheLimit() {
      // An index past the limit leaves both of ours free, but not the room.
      NodeBuilder three = node().type("t3.medium", 3).with(eni("eni-foreign").at(7));

      assertThat(plan(group(net("n3")), three, subnetsOf("n3")).interfaces()).hasSize(1);
      Refusal refusal = refusal(group(net("n3"), net("n6")), three, subnetsOf("n3", "n6"));
      assertThat(refusal.reason()).isEqualTo(RefusalReason.INSTANCE_TYPE_TOO_SMALL);
      assertThat(refusal.message()).contains("holds 3", "needs 4");
    }

    @Test
    void aFullInstanceThatHasAllItsInterfacesIsNotTooSmall() {
      NodeBuilder full =
          node()
              .type("t3.medium", 3)
              .with(eni("eni-1").ours("n3", 1).right(1), eni("eni-2").ours("n6", 2).right(2));

      assertThat(plan(group(net("n3"), net("n6")), full, subnetsOf("n3", "n6")).isRight()).isTrue();
    }

    @Test
    void aMissingSubnetIsNoReasonWhereAnotherServesTheZone() {
      assertThat(
              plan(group(net("n3").in("subnet-gone", "subnet-n3-a")), node(), subnetsOf("n3"))
                  .interfaces())
          .singleElement()
          .satisfies(one -> assertThat(subnetIds(one)).containsExactly("subnet-n3-a"));
    }
  }

  /** Which interface goes where. */
  @Nested
  class Order {
    @Test
    void networkOneGoesToIndexOneAndNothingIsSorted() {
      AttachmentPlan plan =
          plan(
              group(net("zulu").in("subnet-6"), net("alpha").in("subnet-4")),
              node(),
              subnets(subnet("subnet-4", ZONE_A, 100), subnet("subnet-6", ZONE_A, 50)));

      assertThat(plan.instanceId()).isEqualTo(NODE_ID);
      assertThat(plan.interfaces())
          .extracting(PlannedInterface::slot)
          .containsExactly(new Slot(0, 1), new Slot(0, 2));
      assertThat(plan.interfaces())
          .extracting(AttachPlannerTest::subnetIds)
          .containsExactly(List.of("subnet-6"), List.of("subnet-4"));
    }

    @Test
    void anInterfaceAtTheSameIndexOfAnotherCardIsNotInTheWay() {
      NodeBuilder twoCards =
          node().type("c6in.32xlarge", 8, 8).with(eni("eni-card1").at(new Slot(1, 1)));

      AttachmentPlan plan = plan(group(net("n3")), twoCards, subnetsOf("n3"));

      assertThat(plan.interfaces())
          .extracting(PlannedInterface::slot)
          .containsExactly(new Slot(0, 1));
      assertThat(plan.interfaces().getFirst().needsCreate()).isTrue();
    }

    @Test
    void aNetworkOnTheSecondCardKeepsItsPlaceInTheOrder() {
      AttachmentPlan plan =
          plan(
              group(net("n3"), net("n6").onCard(1), net("n9")),
              node().type("c6in.32xlarge", 8, 8),
              subnetsOf("n3", "n6", "n9"));

      assertThat(plan.interfaces())
          .extracting(PlannedInterface::slot)
          .containsExactly(new Slot(0, 1), new Slot(1, 2), new Slot(0, 3));
    }

    @Test
    void theSubnetsOfTheInstancesZoneServeIt() {
      AttachmentPlan plan =
          plan(group(net("n3"), net("n6")), node().inZone(ZONE_B), subnetsOf("n3", "n6"));

      assertThat(plan.interfaces())
          .extracting(AttachPlannerTest::subnetIds)
          .containsExactly(List.of("subnet-n3-b"), List.of("subnet-n6-b"));
    }

    @Test
    void theSubnetWithMostFreeAddressesComesFirstAndAFullOneLast() {
      AttachmentPlan plan =
          plan(
              group(net("n3").in("s-full", "s-small", "s-large", "s-other")),
              node(),
              subnets(
                  subnet("s-full", ZONE_A, 0),
                  subnet("s-small", ZONE_A, 3),
                  subnet("s-large", ZONE_A, 200),
                  ofVpc("vpc-0b", subnet("s-other", ZONE_A, 250))));

      assertThat(subnetIds(plan.interfaces().getFirst()))
          .containsExactly("s-large", "s-small", "s-full");
    }

    @Test
    void twoNetworksInOneSubnetDontCountOnTheSameAddress() {
      GroupBuilder both = group(net("n3").in("s-1"), net("n6").in("s-1"));

      assertThat(
              plan(both, node(), subnets(subnet("s-1", ZONE_A, 2))).interfaces().stream()
                  .map(AttachPlannerTest::subnetIds))
          .containsExactly(List.of("s-1"), List.of("s-1"));
      assertThat(refusal(both, node(), subnets(subnet("s-1", ZONE_A, 1))).reason())
          .isEqualTo(RefusalReason.SUBNET_OUT_OF_ADDRESSES);
    }

    @Test
    void theDemandOfOneNetworkTurnsTheNextToAnotherSubnet() {
      AttachmentPlan plan =
          plan(
              group(net("n3").in("s-1", "s-2"), net("n6").in("s-1", "s-2")),
              node(),
              subnets(subnet("s-1", ZONE_A, 10), subnet("s-2", ZONE_A, 10)));

      assertThat(plan.interfaces())
          .extracting(one -> subnetIds(one).getFirst())
          .containsExactly("s-1", "s-2");
    }
  }

  /** What a new interface gets. */
  @Nested
  class NewInterfaces {
    @Test
    void carryExactlyTheseTagsFromTheirFirstMomentAndNoneOfTheVpcCni() {
      AttachmentPlan plan =
          plan(
              group(net("n3"), net("n6").onCard(1).tag("cnf", "upf")),
              node().type("c6in.32xlarge", 8, 8),
              subnetsOf("n3", "n6"));

      assertThat(plan.interfaces().getFirst().tags())
          .isEqualTo(Facts.ourTags(NODE_ID, "n3", new Slot(0, 1)));
      assertThat(plan.interfaces().getLast().tags())
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "node.k8s.amazonaws.com/no_manage", "true",
                  "no_manage", "true",
                  "multus-eni/cluster", CLUSTER,
                  "multus-eni/node-group", "upf",
                  "multus-eni/instance", NODE_ID,
                  "multus-eni/network", "n6",
                  "multus-eni/device-index", "2",
                  "multus-eni/network-card-index", "1",
                  "multus-eni/generation", "0",
                  "cnf", "upf"));
      assertThat(plan.interfaces())
          .allSatisfy(one ->
              assertThat(one.tags())
                  .doesNotContainKeys(Tags.CNI_INSTANCE, Tags.CNI_CREATED_AT, Tags.CNI_CLUSTER));
    }

    @Test
    void needOnlyWhatTheirCreationCannotSet() {
      AttachmentPlan plan =
          plan(group(net("n3"), net("n6").checked()), node(), subnetsOf("n3", "n6"));

      assertThat(plan.interfaces().getFirst().settings())
          .containsExactlyInAnyOrder(Setting.DELETE_ON_TERMINATION, Setting.SOURCE_DEST_CHECK);
      assertThat(plan.interfaces().getLast().settings())
          .containsExactly(Setting.DELETE_ON_TERMINATION);
      assertThat(plan.isRight()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "false, 0"})
    void automaticIpv6IsOneAddressWhereTheSubnetHasIpv6(boolean hasIpv6, int addresses) {
      SubnetFacts plain = subnet("subnet-n3-a", ZONE_A, 100);
      AttachmentPlan plan =
          plan(group(net("n3")), node(), subnets(hasIpv6 ? withIpv6(plain) : plain));

      assertThat(plan.interfaces().getFirst().ipv6Addresses()).isEqualTo(addresses);
    }

    @Test
    void countedIpv6TakesOnlySubnetsThatHaveIt() {
      AttachmentPlan plan =
          plan(
              group(net("n3").in("s-4", "s-6").ipv6(3)),
              node(),
              subnets(subnet("s-4", ZONE_A, 200), withIpv6(subnet("s-6", ZONE_A, 5))));

      assertThat(plan.interfaces().getFirst().ipv6Addresses()).isEqualTo(3);
      assertThat(subnetIds(plan.interfaces().getFirst())).containsExactly("s-6");
    }

    @Test
    void noneMeansNoIpv6EvenWhereTheSubnetHasIt() {
      AttachmentPlan plan =
          plan(
              group(net("n3").ipv6(0)),
              node(),
              subnets(withIpv6(subnet("subnet-n3-a", ZONE_A, 5))));

      assertThat(plan.interfaces().getFirst().ipv6Addresses()).isZero();
    }

    @Test
    void automaticIpv6PrefersTheSubnetThatHasItButNeverRefusesForIt() {
      GroupBuilder automatic = group(net("n3").in("s-4", "s-6"));

      PlannedInterface preferred =
          plan(
                  automatic,
                  node(),
                  subnets(subnet("s-4", ZONE_A, 200), withIpv6(subnet("s-6", ZONE_A, 5))))
              .interfaces()
              .getFirst();
      assertThat(subnetIds(preferred)).containsExactly("s-6");
      assertThat(preferred.ipv6Addresses()).isEqualTo(1);

      PlannedInterface without =
          plan(
                  automatic,
                  node(),
                  subnets(subnet("s-4", ZONE_A, 200), withIpv6(subnet("s-6", ZONE_A, 0))))
              .interfaces()
              .getFirst();
      assertThat(subnetIds(without)).containsExactly("s-4", "s-6");
      assertThat(without.ipv6Addresses()).isZero();
    }

    @Test
    void automaticIpv6IsNoneWhereTheInstanceTypeHasNone() {
      PlannedInterface planned =
          plan(
                  group(net("n3")),
                  node().ipv6PerInterface(0),
                  subnets(withIpv6(subnet("subnet-n3-a", ZONE_A, 5))))
              .interfaces()
              .getFirst();

      assertThat(planned.ipv6Addresses()).isZero();
    }

    @Test
    void anIpv6OnlySubnetIsNotFull() {
      SubnetFacts ipv6Only =
          new SubnetFacts("subnet-n3-a", Facts.VPC, ZONE_A, "", 0, List.of("2001:db8:0:1::/64"));

      assertThat(plan(group(net("n3")), node(), subnets(ipv6Only)).interfaces().getFirst())
          .satisfies(one -> assertThat(subnetIds(one)).containsExactly("subnet-n3-a"));
    }
  }

  /** What is there already. */
  @Nested
  class FoundInterfaces {
    private final GroupBuilder one = group(net("n3"));

    private PlannedInterface planned(EniBuilder... found) {
      return plan(one, node().with(found), subnetsOf("n3")).interfaces().getFirst();
    }

    @Test
    void whatIsRightIsLeftAlone() {
      AttachmentPlan plan =
          plan(one, node().with(eni("eni-1").ours("n3", 1).right(1)), subnetsOf("n3"));

      assertThat(plan.isRight()).isTrue();
      assertThat(plan.surplus()).isEmpty();
      assertThat(plan.interfaces().getFirst().needsAttach()).isFalse();
    }

    @Test
    void whatIsRightNeedsNoSubnetToBeKnown() {
      assertThat(plan(one, node().with(eni("eni-1").ours("n3", 1).right(1)), Map.of()).isRight())
          .isTrue();
    }

    @Test
    void eachDeviationOfAnAttachedOneIsRepaired() {
      assertThat(planned(eni("eni-1").ours("n3", 1).sourceDestCheck(false).at(1)).settings())
          .containsExactly(Setting.DELETE_ON_TERMINATION);
      assertThat(planned(eni("eni-1").ours("n3", 1).right(1).sourceDestCheck(true)).settings())
          .containsExactly(Setting.SOURCE_DEST_CHECK);
      assertThat(planned(eni("eni-1").ours("n3", 1).right(1).groups("sg-node")).settings())
          .containsExactly(Setting.SECURITY_GROUPS);
      assertThat(planned(eni("eni-1").ours("n3", 1).right(1).untag(Tags.NO_MANAGE)).settings())
          .containsExactly(Setting.TAGS);
      assertThat(
              planned(eni("eni-1").ours("n3", 1).right(1).tag(Tags.NO_MANAGE, "True")).settings())
          .as("the VPC CNI wants exactly true")
          .containsExactly(Setting.TAGS);
      assertThat(
              planned(
                      eni("eni-1")
                          .ours("n3", 1)
                          .at(1)
                          .groups("sg-node")
                          .untag(Tags.NETWORK)
                          .sourceDestCheck(true))
                  .settings())
          .containsExactlyInAnyOrder(Setting.values());
    }

    @Test
    void neitherTheOrderOfSecurityGroupsNorFurtherTagsNorTheGenerationAreDeviations() {
      PlannedInterface planned =
          plan(
                  group(net("n3").securityGroups("sg-b", "sg-a")),
                  node()
                      .with(
                          eni("eni-1")
                              .ours("n3", 1)
                              .right(1)
                              .groups("sg-a", "sg-b")
                              .tag("cost-centre", "42")
                              .generation(3)),
                  subnetsOf("n3"))
              .interfaces()
              .getFirst();

      assertThat(planned.isRight()).isTrue();
      assertThat(planned.generation()).isEqualTo(3);
    }

    @Test
    void anAttachingOneIsWaitedForAndNotReplaced() {
      PlannedInterface planned =
          planned(eni("eni-1").ours("n3", 1).attached(NODE_ID, new Slot(0, 1), "attaching", true));

      assertThat(existingId(planned)).isEqualTo("eni-1");
      assertThat(planned.needsAttach()).isTrue();
      assertThat(planned.needsCreate()).isFalse();
    }

    @Test
    void anAvailableOneOfTheSlotIsReused() {
      PlannedInterface planned = planned(eni("eni-1").ours("n3", 1));

      assertThat(existingId(planned)).isEqualTo("eni-1");
      assertThat(planned.needsAttach()).isTrue();
      assertThat(planned.subnets()).isEmpty();
      assertThat(planned.settings())
          .containsExactlyInAnyOrder(Setting.DELETE_ON_TERMINATION, Setting.SOURCE_DEST_CHECK);
    }

    @Test
    void theFirstOfTwoIsAttachedAndTheSecondWaitsAvailable() {
      AttachmentPlan plan =
          plan(
              group(net("n3"), net("n6")),
              node().with(eni("eni-2").ours("n6", 2), eni("eni-1").ours("n3", 1).right(1)),
              subnetsOf("n3", "n6"));

      assertThat(plan.interfaces())
          .extracting(AttachPlannerTest::existingId)
          .containsExactly("eni-1", "eni-2");
      assertThat(plan.interfaces()).noneMatch(PlannedInterface::needsCreate);
      assertThat(plan.surplus()).isEmpty();
    }

    @Test
    void theNewestGenerationThatCanServeIsReusedAndTheOthersAreSurplus() {
      AttachmentPlan plan =
          plan(
              one,
              node()
                  .with(
                      eni("eni-0").ours("n3", 1),
                      eni("eni-3").ours("n3", 1).generation(3).in("subnet-n3-b"),
                      eni("eni-2").ours("n3", 1).generation(2)),
              subnetsOf("n3"));

      assertThat(existingId(plan.interfaces().getFirst())).isEqualTo("eni-2");
      assertThat(plan.interfaces().getFirst().generation()).isEqualTo(2);
      assertThat(plan.surplus())
          .extracting(InterfaceFacts::networkInterfaceId)
          .containsExactlyInAnyOrder("eni-0", "eni-3");
    }

    @Test
    void theGenerationRisesWhereNoneOfThoseMadeCanServe() {
      AttachmentPlan plan =
          plan(
              one,
              node().with(eni("eni-4").ours("n3", 1).generation(4).in("subnet-n3-b")),
              subnetsOf("n3"));

      PlannedInterface planned = plan.interfaces().getFirst();
      assertThat(planned.needsCreate()).isTrue();
      assertThat(planned.generation()).isEqualTo(5);
      assertThat(planned.tags()).containsEntry(Tags.GENERATION, "5");
      assertThat(plan.surplus())
          .extracting(InterfaceFacts::networkInterfaceId)
          .containsExactly("eni-4");
    }

    @ParameterizedTest
    @CsvSource({"''", "x", "-1", "1.5", "99999999999", "'7 '"})
    void aGenerationThatIsNoNumberCountsAsTheFirst(String text) {
      PlannedInterface planned =
          planned(eni("eni-1").ours("n3", 1).tag(Tags.GENERATION, text).in("subnet-n3-b"));

      assertThat(planned.generation()).isEqualTo(1);
    }

    @Test
    void availableOnesOfAnotherInstanceNetworkSlotOrClusterAreNotReused() {
      assertThat(
              planned(
                      eni("eni-1").ours(Facts.OTHER_ID, "n3", new Slot(0, 1)),
                      eni("eni-2").ours("n9", 1).in("subnet-n3-a"),
                      eni("eni-3").ours("n3", 2),
                      eni("eni-4").ours(NODE_ID, "n3", new Slot(1, 1)),
                      eni("eni-5").ours("n3", 1).tag(Tags.CLUSTER, "edge"))
                  .needsCreate())
          .isTrue();
    }

    @Test
    void onlyOursForThisInstanceAreSurplus() {
      AttachmentPlan plan =
          plan(
              one,
              node()
                  .with(
                      eni("eni-1").ours("n3", 1).right(1),
                      eni("eni-spare").ours("n3", 1),
                      eni("eni-old").ours("n9", 2),
                      eni("eni-edge").ours("n3", 1).tag(Tags.CLUSTER, "edge"),
                      eni("eni-elsewhere").ours(Facts.OTHER_ID, "n3", new Slot(0, 1)),
                      eni("eni-cni").tag(Tags.CNI_INSTANCE, NODE_ID)),
              subnetsOf("n3"));

      assertThat(plan.surplus())
          .extracting(InterfaceFacts::networkInterfaceId)
          .containsExactlyInAnyOrder("eni-spare", "eni-old");
    }
  }
}
