// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import static io.multuseni.core.address.Scene.finished;
import static io.multuseni.core.address.Scene.pending;
import static io.multuseni.core.address.Scene.running;
import static io.multuseni.core.address.Scene.steps;
import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.cluster.PodFacts.Phase;
import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.config.Reconciliation.Source;
import io.multuseni.core.ip.IpAddress;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementPlannerTest {
  private static final String AMBIGUOUS =
      "10.0.4.70 of pod ns/p (eni-1, eni-2): several network interfaces of the node are in the"
          + " address's subnet, and nothing tells which one the pod sends through: name master or"
          + " pciBusID in the definition";

  @Test
  void theSubnetTellsWhereItIsTheOnlyOne() {
    Scene scene =
        Scene.ofOneNode()
            .subnet("s5", "10.0.5.0/24")
            .eni("eni-a5", "a", 2, "s5", "10.0.5.20")
            .pool("10.0.4.0/24", "70=ns/p")
            .pool("10.0.5.0/24", "71=ns/p")
            .pod(running("ns/p", "a"));

    assertThat(scene.placed())
        .containsExactly("10.0.4.70 on eni-a for ns/p", "10.0.5.71 on eni-a5 for ns/p");
  }

  @Test
  void ofTwoInterfacesInOneSubnetTheMacTells() {
    Scene scene =
        twoInterfaces().pod(running("ns/p", "a").gotByMac("eni-2", "ns/n6", "net1", "10.0.4.70"));

    assertThat(scene.placed()).containsExactly("10.0.4.70 on eni-2 for ns/p");
  }

  @Test
  void theMacOfTheAttachmentTellsWhenOnlyItsInterfaceNameIsKnown() {
    Scene scene =
        Scene.ofTwoInterfacesInOneSubnet()
            .pool("10.0.4.0/24", "70=ns/p@net2")
            .pod(
                running("ns/p", "a")
                    .gotByMac("eni-1", "ns/n3", "net1")
                    .gotByMac("eni-2", "ns/n6", "net2"));

    assertThat(scene.placed()).containsExactly("10.0.4.70 on eni-2 for ns/p");
  }

  @Test
  void theMacGoesBeforeTheDefinition() {
    Scene scene =
        twoInterfaces()
            .definition("ns/n6", "{'type': 'ipvlan', 'master': 'eth1'}")
            .pod(running("ns/p", "a").gotByMac("eni-2", "ns/n6", "net1", "10.0.4.70"));

    assertThat(scene.placed()).containsExactly("10.0.4.70 on eni-2 for ns/p");
  }

  @Test
  void aMacThatNoInterfaceOfTheNodeHasTellsNothing() {
    Scene scene =
        twoInterfaces()
            .definition("ns/n6", "{'type': 'ipvlan', 'master': 'eth1'}")
            .pod(running("ns/p", "a").gotByMac("eni-9", "ns/n6", "net1", "10.0.4.70"));

    assertThat(scene.placed()).containsExactly("10.0.4.70 on eni-1 for ns/p");
  }

  @ParameterizedTest
  @CsvSource({"0000:00:06.0, eni-1", "0000:00:07.0, eni-2"})
  void ofTwoInterfacesInOneSubnetThePciAddressOfTheDeviceInfoTells(String address, String eni) {
    Scene scene =
        twoInterfaces().pod(running("ns/p", "a").gotAtPciAddress(address, "ns/n6", "10.0.4.70"));

    assertThat(scene.placed()).containsExactly("10.0.4.70 on " + eni + " for ns/p");
  }

  @Test
  void theDeviceInfoGoesBeforeTheDefinition() {
    Scene scene =
        twoInterfaces()
            .definition("ns/n6", "{'type': 'host-device', 'pciBusID': '0000:00:06.0'}")
            .pod(running("ns/p", "a").gotAtPciAddress("0000:00:07.0", "ns/n6", "10.0.4.70"));

    assertThat(scene.placed()).containsExactly("10.0.4.70 on eni-2 for ns/p");
  }

  @ParameterizedTest
  @CsvSource({
    "eth1, eni-1",
    "eth2, eni-2",
    "ens6, eni-1",
    "ens7, eni-2",
    "enp0s6, eni-1",
    "enp0s7, eni-2"
  })
  void ofTwoInterfacesInOneSubnetTheMasterTells(String master, String eni) {
    Scene scene =
        twoInterfaces()
            .definition("ns/n6", "{'type': 'ipvlan', 'master': '" + master + "'}")
            .pod(running("ns/p", "a").got("ns/n6", "net1", "10.0.4.70"));

    assertThat(scene.placed()).containsExactly("10.0.4.70 on " + eni + " for ns/p");
  }

  @ParameterizedTest
  @CsvSource({"0000:00:06.0, eni-1", "0000:00:07.0, eni-2"})
  void ofTwoInterfacesInOneSubnetThePciBusIdTells(String address, String eni) {
    Scene scene =
        twoInterfaces()
            .definition(
                "ns/n6",
                "{'type': 'host-device', 'pciBusID': '"
                    + address
                    + "', 'ipam': {'type': 'whereabouts', 'range': '10.0.4.0/24'}}")
            .pod(running("ns/p", "a").asks("n6"));

    assertThat(scene.placed()).containsExactly("10.0.4.70 on " + eni + " for ns/p");
  }

  @Test
  void ofTwoInterfacesInOneSubnetTheHardwareAddressTells() {
    Scene scene =
        twoInterfaces()
            .definition(
                "ns/n6", "{'type': 'host-device', 'hwaddr': '" + Scene.macOf("eni-2") + "'}")
            .pod(running("ns/p", "a").asks("n6"));

    assertThat(scene.placed()).containsExactly("10.0.4.70 on eni-2 for ns/p");
  }

  @Test
  void aPluginBehindAnotherTellsToo() {
    Scene scene =
        twoInterfaces()
            .definition(
                "ns/n6",
                "{'plugins': [{'type': 'ipvlan', 'master': 'eth1', 'ipam': {'type':"
                    + " 'whereabouts'}}, {'type': 'sbr'}]}")
            .pod(running("ns/p", "a").asks("n6"));

    assertThat(scene.placed()).containsExactly("10.0.4.70 on eni-1 for ns/p");
  }

  @Test
  void anAddressOnTheWrongInterfaceOfTheNodeMovesToTheOneOfTheDefinition() {
    Scene scene =
        new Scene()
            .subnet("s1", "172.16.1.0/25")
            .node("a")
            .eni("eni-a", "a", 2, "s1", "172.16.1.5")
            .eni("eni-b", "a", 3, "s1", "172.16.1.6", "172.16.1.74")
            .pool("172.16.1.64/26", "10=ns/p")
            .definition("ns/n6", "{'type': 'ipvlan', 'master': 'eth2'}")
            .pod(running("ns/p", "a").got("ns/n6", "net1", "172.16.1.74"));

    assertThat(scene.placed()).containsExactly("172.16.1.74 on eni-a for ns/p");
    assertThat(steps(scene.plan())).containsExactly("1 take over eni-a [172.16.1.74]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not json",
        "{'type': 'ipvlan'}",
        // Two interfaces, and nothing says which of them has the address.
        "{'plugins': [{'master': 'eth1'}, {'master': 'eth2'}]}",
        // A name that follows no rule.
        "{'type': 'ipvlan', 'master': 'uplink0'}"
      })
  void neverGuessesBetweenTwoInterfacesInOneSubnet(String config) {
    Scene scene =
        twoInterfaces()
            .definition("ns/n6", config)
            .pod(running("ns/p", "a").got("ns/n6", "net1", "10.0.4.70"));

    assertThat(scene.placed()).isEmpty();
    assertThat(scene.plan().waves()).isEmpty();
    assertThat(scene.unplaced()).containsExactly(AMBIGUOUS);
  }

  @Test
  void leavesAnAmbiguousAddressOnTheInterfaceThatHasIt() {
    Scene scene =
        twoInterfaces()
            .secondary("eni-2", "10.0.4.70")
            .pod(running("ns/p", "a").got("ns/n6", "net1", "10.0.4.70"));

    assertThat(scene.unplaced()).containsExactly(AMBIGUOUS);
    assertThat(scene.planAfterGrace().isEmpty()).isTrue();
    assertThat(scene.plan().stale()).isEmpty();
  }

  @Test
  void neverGuessesFromAPciAddressOnATypeThatNothingIsKnownOf() {
    Scene scene =
        Scene.ofTwoInterfacesInOneSubnet()
            .node("a", "m7i.xlarge")
            .pool("10.0.4.0/24", "70=ns/p", "71=ns/q", "72=ns/r")
            .definition("ns/n6", "{'type': 'host-device', 'pciBusID': '0000:00:06.0'}")
            .definition("ns/n7", "{'type': 'ipvlan', 'master': 'ens6'}")
            .pod(running("ns/p", "a").asks("n6"))
            .pod(running("ns/q", "a").asks("n7"))
            .pod(running("ns/r", "a").gotAtPciAddress("0000:00:06.0", "ns/x", "10.0.4.72"));

    assertThat(scene.placed()).isEmpty();
    assertThat(scene.plan().unplaced())
        .extracting(Unplaced::reason)
        .containsOnly(UnplacedReason.AMBIGUOUS_INTERFACE)
        .hasSize(3);
    scene.pciBase("0000:00:05.0");
    assertThat(scene.placed())
        .containsExactly(
            "10.0.4.70 on eni-1 for ns/p",
            "10.0.4.71 on eni-1 for ns/q",
            "10.0.4.72 on eni-1 for ns/r");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not json", "{'type': 'ipvlan'}"})
  void anUnreadableDefinitionFallsBackToTheOnlySubnet(String config) {
    Scene scene =
        Scene.ofOneNode()
            .pool("10.0.4.0/24", "70=ns/p")
            .definition("ns/n6", config)
            .pod(running("ns/p", "a").asks("n6"));

    assertThat(scene.placed()).containsExactly("10.0.4.70 on eni-a for ns/p");
  }

  @Test
  void theInterfaceNameTellsWhichOfTheNetworksIsMeant() {
    Scene scene =
        Scene.ofTwoInterfacesInOneSubnet()
            .pool("10.0.4.0/24", "70=ns/p@net1", "71=ns/p@up2")
            .definition("ns/n3", "{'type': 'ipvlan', 'master': 'eth1'}")
            .definition("core/n6", "{'type': 'ipvlan', 'master': 'eth2'}")
            .pod(running("ns/p", "a").asks("n3, core/n6@up2"));

    assertThat(scene.placed())
        .containsExactly("10.0.4.70 on eni-1 for ns/p", "10.0.4.71 on eni-2 for ns/p");
  }

  @Test
  void theRangeTellsWhichOfTheNetworksIsMeantWhereTheInterfaceIsNotKnown() {
    Scene scene =
        Scene.ofTwoInterfacesInOneSubnet()
            .pool("10.0.4.64/26", "6=ns/p")
            .pool("10.0.4.128/26", "7=ns/p")
            .definition(
                "ns/n3",
                "{'master': 'eth1', 'ipam': {'type': 'whereabouts', 'range': '10.0.4.64/26'}}")
            .definition(
                "ns/n6",
                "{'master': 'eth2', 'ipam': {'type': 'whereabouts', 'range': '10.0.4.128/26'}}")
            .pod(running("ns/p", "a").asks("n3,n6"));

    assertThat(scene.placed())
        .containsExactly("10.0.4.70 on eni-1 for ns/p", "10.0.4.135 on eni-2 for ns/p");
  }

  @Test
  void assignsBeforeMultusHasWrittenTheStatus() {
    Scene scene =
        Scene.ofOneNode()
            .pool("10.0.4.0/24", "70=ns/p", "71=ns/q", "72=ns/r", "73=ns/s")
            .definition("ns/n6", "{'type': 'ipvlan', 'master': 'eth1'}")
            .pod(new Scene.Pod("ns/p", phase("Pending"), Optional.of("a")).asks("n6"))
            .pod(pending("ns/q").asks("n6"))
            .pod(running("ns/r", "a").asks("n6").status(""))
            .pod(running("ns/s", "a").asks("n6").status("not json"));

    assertThat(steps(scene.plan()))
        .containsExactly("1 assign eni-a [10.0.4.70, 10.0.4.72, 10.0.4.73]");
    assertThat(scene.unplaced())
        .containsExactly(
            "10.0.4.71 of pod ns/q: the pod is not scheduled; its node decides the network"
                + " interface");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "not json", "[{\"name\": \"ns/n6\"}]"})
  void anUnreadableStatusIsNoReasonToReleaseAnAddress(String status) {
    Scene scene =
        Scene.ofOneNode()
            .secondary("eni-a", "10.0.4.70", "10.0.4.71")
            .pool("10.0.4.0/24", "70=ns/p", "71=ns/q")
            .pod(running("ns/p", "a").asks("n6").status(status))
            .pod(pending("ns/q").status(status));

    assertThat(scene.planAfterGrace().isEmpty()).isTrue();
    assertThat(scene.plan().stale()).isEmpty();
  }

  @Test
  void aPodThatWasScheduledBeforeMultusWasReadyIsNoConcern() {
    Scene scene = Scene.ofOneNode().pool("10.0.4.0/24").pod(running("ns/p", "a").asks("n6"));

    assertThat(scene.plan().isEmpty()).isTrue();
    assertThat(scene.unplaced()).isEmpty();
    assertThat(scene.reservations().problems()).isEmpty();
  }

  @Test
  void aRecreatedPodUsesTheReservationThatItShows() {
    Scene scene =
        Scene.ofTwoNodes()
            .secondary("eni-a", "10.0.4.70")
            .pool("10.0.4.0/24", "70=ns/sts-0", "71=ns/sts-0")
            .pod(running("ns/sts-0", "b").got("ns/n6", "net1", "10.0.4.71"));

    assertThat(scene.placed()).containsExactly("10.0.4.71 on eni-b for ns/sts-0");
    assertThat(scene.unplaced())
        .containsExactly(
            "10.0.4.70 of pod ns/sts-0: the pod's network-status shows another reserved address for"
                + " this interface; whereabouts frees this one when its own reconciler runs");
    assertThat(steps(scene.plan())).containsExactly("1 assign eni-b [10.0.4.71]");
  }

  @Test
  void twoInterfacesOfAPodUseAReservationEach() {
    Scene scene =
        Scene.ofTwoInterfacesInOneSubnet()
            .pool("10.0.4.0/24", "70=ns/p@net1", "71=ns/p@net2")
            .definition("ns/n3", "{'master': 'eth1'}")
            .definition("ns/n6", "{'master': 'eth2'}")
            // The status of the second interface isn't written yet.
            .pod(running("ns/p", "a").asks("n3,n6").got("ns/n3", "net1", "10.0.4.70"));

    assertThat(scene.placed())
        .containsExactly("10.0.4.70 on eni-1 for ns/p", "10.0.4.71 on eni-2 for ns/p");
  }

  @Test
  void aStatusThatShowsOnlyWhatIsNoLongerReservedSupersedesNothing() {
    Scene scene =
        Scene.ofOneNode()
            .pool("10.0.4.0/24", "71=ns/p", "72=ns/p")
            .pod(running("ns/p", "a").got("ns/n6", "net1", "10.0.4.70"));

    assertThat(scene.placed())
        .containsExactly("10.0.4.71 on eni-a for ns/p", "10.0.4.72 on eni-a for ns/p");
  }

  @Test
  void bothFamiliesOfOneInterfaceGoToTheSameNetworkInterface() {
    Scene scene =
        new Scene()
            .subnet("s4", "10.0.4.0/24", "fd00:10::/64")
            .node("a")
            .eni("eni-1", "a", 1, "s4", "10.0.4.20")
            .eni("eni-2", "a", 2, "s4", "10.0.4.21")
            .pool("10.0.4.0/24", "70=ns/p")
            .pool("fd00:10::/116", "112=ns/p")
            .pod(
                running("ns/p", "a")
                    .gotByMac("eni-2", "ns/n6", "net1", "10.0.4.70", "fd00:10::70"));

    assertThat(scene.placed())
        .containsExactly("10.0.4.70 on eni-2 for ns/p", "fd00:10::70 on eni-2 for ns/p");
    assertThat(steps(scene.plan()))
        .containsExactly("1 assign eni-2 [10.0.4.70]", "1 assign eni-2 [fd00:10::70]");
  }

  @Test
  void oneNumberInTwoSubnetsIsNoConflict() {
    Scene scene =
        new Scene()
            .subnet("s4-east", "10.0.4.0/24")
            .subnet("s4-west", "10.0.4.0/24")
            .node("a")
            .node("b")
            .eni("eni-a", "a", 1, "s4-east", "10.0.4.20")
            .eni("eni-b", "b", 1, "s4-west", "10.0.4.20")
            .namedPool("core-10.0.4.0-24", "10.0.4.0/24", "70=ns/p")
            .namedPool("oam-10.0.4.0-24", "10.0.4.0/24", "70=ns/q")
            .pod(running("ns/p", "a"))
            .pod(running("ns/q", "b"));

    assertThat(steps(scene.plan()))
        .containsExactly("1 assign eni-a [10.0.4.70]", "1 assign eni-b [10.0.4.70]");
    assertThat(scene.unplaced()).isEmpty();
    scene.secondary("eni-a", "10.0.4.70").secondary("eni-b", "10.0.4.70");
    assertThat(scene.planAfterGrace().isEmpty()).isTrue();
    assertThat(scene.plan().kept()).isEqualTo(2);
  }

  @Test
  void ofTwoPodsThatClaimAnAddressTheOneWhoseInterfaceHasItKeepsIt() {
    Scene scene = conflict().secondary("eni-b", "10.0.4.70");

    assertThat(scene.placed()).containsExactly("10.0.4.70 on eni-b for ns/q");
    assertThat(scene.planAfterGrace().isEmpty()).isTrue();
    assertThat(scene.unplaced())
        .containsExactly(
            "10.0.4.70 of pod ns/p (claimed by ns/p on a, ns/q on b): pods on different network"
                + " interfaces claim the address: delete one of them");
  }

  @Test
  void ofTwoPodsThatClaimAnAddressThatIsNowhereNoneGetsIt() {
    assertThat(conflict().plan().isEmpty()).isTrue();
    assertThat(conflict().unplaced())
        .containsExactly(
            "10.0.4.70 of pod ns/p (claimed by ns/p on a, ns/q on b): pods on different network"
                + " interfaces claim the address: delete one of them",
            "10.0.4.70 of pod ns/q (claimed by ns/p on a, ns/q on b): pods on different network"
                + " interfaces claim the address: delete one of them");
  }

  @Test
  void twoPodsOnOneInterfaceShareAnAddressWithoutAMove() {
    Scene scene =
        Scene.ofOneNode()
            .pool("10.0.4.0/24", "70=ns/p")
            .pool("10.0.4.64/26", "6=ns/q")
            .pod(running("ns/p", "a"))
            .pod(running("ns/q", "a"));

    assertThat(steps(scene.plan())).containsExactly("1 assign eni-a [10.0.4.70]");
    assertThat(scene.unplaced()).isEmpty();
  }

  @Test
  void anAddressOfAnotherZonesSubnetGoesNowhere() {
    Scene scene =
        new Scene()
            .subnet("s5", "10.0.5.0/24")
            .subnet("s6", "10.0.6.0/24")
            .node("a")
            .eni("eni-5", "a", 1, "s5", "10.0.5.20")
            .eni("eni-6", "a", 2, "s6", "10.0.6.20")
            .pool("10.0.4.0/24", "70=ns/p")
            .pool("10.0.5.0/24", "71=ns/p")
            .pod(running("ns/p", "a"));

    assertThat(steps(scene.plan())).containsExactly("1 assign eni-5 [10.0.5.71]");
    assertThat(scene.unplaced())
        .containsExactly(
            "10.0.4.70 of pod ns/p (none of eni-5, eni-6 is in a subnet that holds the address): no"
                + " network interface of the node fits: run the pod on nodes that have the network,"
                + " or correct the definition or the pool's range");
  }

  @Test
  void aDefinitionThatNamesAnInterfaceThatTheNodeHasNotGoesNowhere() {
    Scene scene =
        Scene.ofOneNode()
            .pool("10.0.4.0/24", "70=ns/p")
            .definition("ns/n6", "{'type': 'ipvlan', 'master': 'eth3'}")
            .pod(running("ns/p", "a").asks("n6"));

    assertThat(scene.unplaced())
        .containsExactly(
            "10.0.4.70 of pod ns/p (node a, ns/n6 names eth3, where it isn't): no network interface"
                + " of the node fits: run the pod on nodes that have the network, or correct the"
                + " definition or the pool's range");
  }

  @Test
  void anAddressOutsideTheSubnetOfThePodsInterfaceIsNotSent() {
    Scene scene =
        Scene.ofOneNode()
            .subnet("s5", "10.0.5.0/24")
            .eni("eni-5", "a", 2, "s5", "10.0.5.20")
            .pool("10.0.4.0/24", "70=ns/p")
            .pod(running("ns/p", "a").gotByMac("eni-5", "ns/n6", "net1", "10.0.4.70"));

    assertThat(scene.plan().isEmpty()).isTrue();
    assertThat(scene.unplaced())
        .containsExactly(
            "10.0.4.70 of pod ns/p (eni-5 is in s5 [10.0.5.0/24]): the pod's network interface is in"
                + " a subnet that doesn't hold the address: give each subnet a pool and a"
                + " definition of its own");
  }

  @Test
  void addressesThatAwsKeepsAreNotSent() {
    Scene scene =
        new Scene()
            .subnet("s4", "10.0.4.0/24", "fd00:10::/64")
            .node("a")
            .eni("eni-a", "a", 1, "s4", "10.0.4.20")
            .pool("10.0.4.0/24", "1=ns/p", "2=ns/p", "3=ns/p", "4=ns/p")
            .pool("10.0.4.0/23", "255=ns/p")
            .pool("fd00:10::/64", "3=ns/p", "4=ns/p", "18446744073709551615=ns/p")
            .pod(running("ns/p", "a"));

    assertThat(steps(scene.plan()))
        .containsExactly("1 assign eni-a [10.0.4.4]", "1 assign eni-a [fd00:10::4]");
    assertThat(scene.unplaced())
        .contains(
            "10.0.4.1 of pod ns/p (s4): AWS keeps the first four addresses of a subnet and the"
                + " last: exclude them from the pool")
        .hasSize(6);
    assertThat(scene.plan().unplaced())
        .extracting(one -> one.reservation().address().toString())
        .containsExactly(
            "10.0.4.1",
            "10.0.4.2",
            "10.0.4.3",
            "10.0.4.255",
            "fd00:10::3",
            "fd00:10::ffff:ffff:ffff:ffff");
  }

  @Test
  void thePrimaryAddressOfAnInterfaceIsNeverMoved() {
    Scene scene =
        Scene.ofTwoNodes().pool("10.0.4.0/24", "20=ns/p", "21=ns/p").pod(running("ns/p", "a"));

    assertThat(scene.planAfterGrace().isEmpty()).isTrue();
    assertThat(scene.unplaced())
        .containsExactly(
            "10.0.4.20 of pod ns/p (of eni-a): the address is the primary one of a network"
                + " interface and can't be moved: exclude it from the pool, and keep the pool's"
                + " range out of EC2's choice with a CIDR reservation",
            "10.0.4.21 of pod ns/p (of eni-b): the address is the primary one of a network"
                + " interface and can't be moved: exclude it from the pool, and keep the pool's"
                + " range out of EC2's choice with a CIDR reservation");
  }

  @Test
  void thePrimaryAddressOfAnInterfaceThatIsNotAttachedIsNeverMoved() {
    Scene scene =
        Scene.ofOneNode()
            .detachedEni("eni-z", "s4", "10.0.4.70")
            .pool("10.0.4.0/24", "70=ns/p")
            .pod(running("ns/p", "a"));

    assertThat(scene.unplaced().getFirst()).startsWith("10.0.4.70 of pod ns/p (of eni-z): ");
  }

  @Test
  void aPodThatDoesNotExistNeedsNoAddress() {
    assertThat(Scene.ofOneNode().pool("10.0.4.0/24", "70=ns/p").unplaced())
        .containsExactly(
            "10.0.4.70 of pod ns/p: the pod doesn't exist; whereabouts frees the reservation when"
                + " its own reconciler runs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Succeeded", "Failed"})
  void aPodThatHasFinishedNeedsNoAddress(String phase) {
    Scene scene =
        Scene.ofOneNode()
            .pool("10.0.4.0/24", "70=ns/p")
            .pod(new Scene.Pod("ns/p", phase(phase), Optional.of("a")));

    assertThat(scene.unplaced())
        .containsExactly(
            "10.0.4.70 of pod ns/p: the pod has finished; delete it, or wait for whereabouts to free"
                + " it");
  }

  @Test
  void ofPodsThatAreGoneFinishedAndRunningOneIsWanted() {
    Scene scene =
        Scene.ofOneNode()
            .pool("10.0.4.0/24", "70=ns/gone", "71=ns/done", "72=ns/p")
            .pod(finished("ns/done", "a"))
            .pod(running("ns/p", "a"));

    assertThat(scene.placed()).containsExactly("10.0.4.72 on eni-a for ns/p");
    assertThat(scene.plan().unplaced()).noneMatch(one -> one.reason().isFault());
  }

  @Test
  void aPodOfANodeThatLeftTheClusterIsNotServed() {
    Scene scene = Scene.ofOneNode().pool("10.0.4.0/24", "70=ns/p").pod(running("ns/p", "old"));

    assertThat(scene.unplaced())
        .containsExactly(
            "10.0.4.70 of pod ns/p (node old): the pod's node is no longer in the cluster");
  }

  @Test
  void aPodOfANodeWithoutAnInstanceIsNotServedAndKeepsItsAddress() {
    Scene scene =
        Scene.ofOneNode()
            .nodeWithoutInstance("a")
            .secondary("eni-a", "10.0.4.70")
            .pool("10.0.4.0/24", "70=ns/p")
            .pod(running("ns/p", "a"));

    assertThat(scene.unplaced())
        .containsExactly(
            "10.0.4.70 of pod ns/p (node a): the pod's node names no EC2 instance in"
                + " spec.providerID; if it stays so, the cloud controller doesn't know the node");
    assertThat(scene.plan().stale()).isEmpty();
  }

  @Test
  void aPodOfANodeWithoutInterfacesOfOursIsNotServed() {
    Scene scene =
        Scene.ofOneNode().node("c").pool("10.0.4.0/24", "70=ns/p").pod(running("ns/p", "c"));

    assertThat(scene.unplaced())
        .containsExactly(
            "10.0.4.70 of pod ns/p (node c, instance i-c): the pod's node has no network interface"
                + " of this cluster: let it be provisioned (backfill), or keep the pod off such"
                + " nodes");
  }

  @Test
  void anAddressThatTheDefinitionExcludesIsNeverTouched() {
    Scene scene =
        Scene.ofOneNode()
            .secondary("eni-a", "10.0.4.71")
            .pool("10.0.4.0/24", "70=ns/p", "71=ns/gone")
            .definition(
                "ns/n6",
                "{'ipam': {'type': 'whereabouts', 'range': '10.0.4.0/24',"
                    + " 'exclude': ['10.0.4.64/27']}}")
            .pod(running("ns/p", "a").asks("n6"));

    assertThat(scene.planAfterGrace().isEmpty()).isTrue();
    assertThat(scene.plan().stale()).isEmpty();
    assertThat(scene.unplaced())
        .contains(
            "10.0.4.70 of pod ns/p: the definition excludes the address, so it is never touched:"
                + " recreate the pod, or end the exclusion");
  }

  @Test
  void anInterfaceThatIsNotAttachedToTheNodeIsNoCandidate() {
    Scene scene =
        Scene.ofOneNode()
            .detachedEni("eni-z", "s4", "10.0.4.22")
            .pool("10.0.4.0/24", "70=ns/p")
            .pod(running("ns/p", "a"));

    assertThat(scene.placed()).containsExactly("10.0.4.70 on eni-a for ns/p");
  }

  @Test
  void staticAddressesOfANetworkStatusArePlacedToo() {
    Scene scene =
        Scene.ofOneNode()
            .settings(EnumSet.allOf(Source.class), 0.5)
            .definition(
                "ns/s",
                "{'master': 'eth1', 'ipam': {'type': 'static', 'addresses': [{'address': '10.0.4.70/24'}]}}")
            .pod(running("ns/p", "a").got("ns/s", "net1", "10.0.4.70"));

    assertThat(scene.placed()).containsExactly("10.0.4.70 on eni-a for ns/p");
  }

  @Test
  void everyReasonOfTheEdgesHasAMessageToo() {
    // These two come from EC2's answers, not from the planners.
    Reservation one =
        new Reservation(
            IpAddress.of("10.0.4.70"),
            PodRef.parse("ns/p").orElseThrow(),
            Optional.empty(),
            "IPPool kube-system/x");

    assertThat(new Unplaced(one, UnplacedReason.FOREIGN_HOLDER, "eni-x").message())
        .isEqualTo(
            "10.0.4.70 of pod ns/p (eni-x): the address is on a network interface that isn't this"
                + " cluster's: take it from there, or exclude it from the pool");
    assertThat(new Unplaced(one, UnplacedReason.REFUSED, "").message())
        .isEqualTo(
            "10.0.4.70 of pod ns/p: EC2 refuses it: mend what EC2 names, or exclude the address"
                + " from the pool");
  }

  private static Scene twoInterfaces() {
    return Scene.ofTwoInterfacesInOneSubnet().pool("10.0.4.0/24", "70=ns/p");
  }

  private static Scene conflict() {
    return Scene.ofTwoNodes()
        .pool("10.0.4.0/24", "70=ns/p")
        .pool("10.0.4.64/26", "6=ns/q")
        .pod(running("ns/p", "a").got("ns/n6", "net1", "10.0.4.70"))
        .pod(running("ns/q", "b").got("ns/n6", "net1", "10.0.4.70"));
  }

  private static Phase phase(String word) {
    return Phase.of(word);
  }
}
