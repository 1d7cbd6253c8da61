// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import static io.multuseni.core.address.Scene.finished;
import static io.multuseni.core.address.Scene.pending;
import static io.multuseni.core.address.Scene.running;
import static io.multuseni.core.address.Scene.seat;
import static io.multuseni.core.address.Scene.stale;
import static io.multuseni.core.address.Scene.steps;
import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.ip.IpAddress;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPlannerTest {
  @Test
  void whatIsInPlaceNeedsNoCall() {
    Scene scene =
        Scene.ofOneNode()
            .secondary("eni-a", "10.0.4.70")
            .pool("10.0.4.0/24", "70=ns/p")
            .pod(running("ns/p", "a"));

    assertThat(scene.planAfterGrace().isEmpty()).isTrue();
    assertThat(scene.plan().kept()).isEqualTo(1);
    assertThat(scene.plan().served()).isEmpty();
  }

  @Test
  void oneCallPerInterfaceAndFamilyWhateverTheNumberOfAddresses() {
    Scene scene =
        new Scene()
            .subnet("s4", "10.0.4.0/24", "fd00:10::/64")
            .node("a")
            .node("b")
            .eni("eni-a", "a", 1, "s4", "10.0.4.20")
            .eni("eni-b", "b", 1, "s4", "10.0.4.21")
            .pool("10.0.4.0/24", "72=ns/p", "70=ns/p", "71=ns/q")
            .pool("fd00:10::/116", "112=ns/p", "113=ns/p")
            .pod(running("ns/p", "a"))
            .pod(running("ns/q", "b"));

    assertThat(steps(scene.plan()))
        .containsExactly(
            "1 assign eni-a [10.0.4.70, 10.0.4.72]",
            "1 assign eni-a [fd00:10::70, fd00:10::71]",
            "1 assign eni-b [10.0.4.71]");
    assertThat(scene.plan().served())
        .containsOnlyKeys(
            seat("eni-a", "10.0.4.70"),
            seat("eni-a", "10.0.4.72"),
            seat("eni-b", "10.0.4.71"),
            seat("eni-a", "fd00:10::70"),
            seat("eni-a", "fd00:10::71"));
    assertThat(scene.plan().movedFrom()).isEmpty();
  }

  @Test
  void anIpv4AddressIsTakenOverInOneCall() {
    Scene scene =
        Scene.ofTwoNodes()
            .secondary("eni-a", "10.0.4.70")
            .pool("10.0.4.0/24", "70=ns/p")
            .pod(running("ns/p", "b"));

    assertThat(steps(scene.plan())).containsExactly("1 take over eni-b [10.0.4.70]");
    assertThat(scene.plan().movedFrom()).containsEntry(seat("eni-b", "10.0.4.70"), "eni-a");
    assertThat(scene.plan().stale()).isEmpty();
  }

  @Test
  void whatIsKnownToBeOursIsTakenOverApartFromWhatIsFree() {
    Scene scene =
        Scene.ofTwoNodes()
            .secondary("eni-a", "10.0.4.70")
            .pool("10.0.4.0/24", "70=ns/p", "71=ns/p")
            .pod(running("ns/p", "b"));

    assertThat(steps(scene.plan()))
        .containsExactly("1 assign eni-b [10.0.4.71]", "1 take over eni-b [10.0.4.70]");
  }

  @Test
  void anIpv6AddressIsReleasedInOneWaveAndAssignedInTheNext() {
    Scene scene =
        new Scene()
            .subnet("s4", "10.0.4.0/24", "fd00:10::/64")
            .node("a")
            .node("b")
            .eni("eni-a", "a", 1, "s4", "10.0.4.20", "fd00:10::70", "fd00:10::71")
            .eni("eni-b", "b", 1, "s4", "10.0.4.21")
            .pool("fd00:10::/116", "112=ns/p", "113=ns/q")
            .pod(running("ns/p", "b"))
            .pod(running("ns/q", "a"));

    assertThat(steps(scene.plan()))
        .containsExactly("1 release move eni-a [fd00:10::70]", "2 assign eni-b [fd00:10::70]");
  }

  @Test
  void anAddressOfADetachedInterfaceIsTakenOver() {
    Scene scene =
        Scene.ofOneNode()
            .detachedEni("eni-z", "s4", "10.0.4.22", "10.0.4.70")
            .pool("10.0.4.0/24", "70=ns/p")
            .pod(running("ns/p", "a"));

    assertThat(steps(scene.plan())).containsExactly("1 take over eni-a [10.0.4.70]");
  }

  @Test
  void nothingIsReleasedAtTheFirstSight() {
    Scene scene =
        Scene.ofOneNode()
            .secondary("eni-a", "10.0.4.70", "10.0.4.71")
            .pool("10.0.4.0/24", "71=ns/p")
            .pod(running("ns/p", "a"));

    assertThat(scene.plan().isEmpty()).isTrue();
    assertThat(stale(scene.plan())).containsExactly("10.0.4.70 on eni-a: NO_RESERVATION");
  }

  @Test
  void releasesAfterTheGraceAndNotBefore() {
    Scene scene =
        Scene.ofOneNode()
            .secondary("eni-a", "10.0.4.70", "10.0.4.71", "10.0.4.72")
            .pool("10.0.4.0/24", "72=ns/p")
            .pod(running("ns/p", "a"));
    Seat first = seat("eni-a", "10.0.4.70");
    Seat second = seat("eni-a", "10.0.4.71");

    assertThat(scene.plan(Set.of(first, second), Set.of()).isEmpty()).isTrue();
    assertThat(steps(scene.plan(Set.of(first, second), Set.of(first))))
        .containsExactly("1 release stale eni-a [10.0.4.70]");
    // Never on the word of one reading alone.
    assertThat(scene.plan(Set.of(), Set.of(first, second)).isEmpty()).isTrue();
  }

  @Test
  void aPodThatWasBornBetweenTwoReadingsKeepsItsAddress() {
    Scene scene = Scene.ofOneNode().secondary("eni-a", "10.0.4.9").pool("10.0.4.0/24");
    scene.pod(running("ns/other", "a"));
    Set<Seat> before = new HashSet<>(scene.plan().stale().keySet());
    assertThat(before).containsExactly(seat("eni-a", "10.0.4.9"));

    scene.pool("10.0.4.0/24", "9=ns/x").pod(running("ns/x", "a"));

    assertThat(scene.plan(before, before).isEmpty()).isTrue();
    assertThat(scene.plan().stale()).isEmpty();
  }

  @Test
  void aReservationThatComesBackClearsTheMark() {
    Scene scene =
        Scene.ofOneNode()
            .secondary("eni-a", "10.0.4.7")
            .pool("10.0.4.0/24", "8=ns/p")
            .pod(running("ns/p", "a"));
    Set<Seat> before = new HashSet<>(scene.plan().stale().keySet());
    assertThat(before).containsExactly(seat("eni-a", "10.0.4.7"));

    // Its pod has no node yet.
    scene.pool("10.0.4.0/24", "8=ns/p", "7=ns/new").pod(pending("ns/new"));

    assertThat(scene.plan(before, before).stale()).isEmpty();
    assertThat(steps(scene.plan(before, before))).containsExactly("1 assign eni-a [10.0.4.8]");
  }

  @Test
  void anAddressThatALivingPodShowsIsNeverStaleThoughItsReservationIsMissing() {
    Scene scene =
        Scene.ofOneNode()
            .secondary("eni-a", "10.0.4.70")
            .pool("10.0.4.0/24", "71=ns/q")
            .pod(running("ns/p", "a").got("ns/n6", "net1", "10.0.4.70"))
            .pod(running("ns/q", "a"));

    assertThat(scene.plan().stale()).isEmpty();
  }

  @Test
  void aReservationThatStandsInNoPoolKeepsTheAddressOfALivingPod() {
    Scene scene =
        Scene.ofOneNode()
            .secondary("eni-a", "10.0.4.31", "10.0.4.32")
            .pool("10.0.4.0/24")
            .overlap("10.0.4.31", "ns/p")
            .overlap("10.0.4.32", "ns/q")
            .pod(running("ns/p", "a").got("ns/n6", "net1", "10.0.4.31"))
            .pod(pending("ns/q"));

    assertThat(scene.planAfterGrace().isEmpty()).isTrue();
    assertThat(scene.plan().kept()).isEqualTo(1);
    assertThat(scene.plan().stale()).isEmpty();
  }

  @Test
  void anAddressWhoseReservationNamesNoPodIsNeitherAssignedNorReleased() {
    Scene scene =
        Scene.ofOneNode()
            .secondary("eni-a", "10.0.4.70")
            .pool("10.0.4.0/24", "70=nobody", "71=nobody", "72=ns/p")
            .pod(running("ns/p", "a"));

    assertThat(steps(scene.planAfterGrace())).containsExactly("1 assign eni-a [10.0.4.72]");
    assertThat(scene.plan().stale()).isEmpty();
  }

  @Test
  void touchesNeitherPrimaryAddressesNorWhatIsOutsideThePools() {
    Scene scene =
        Scene.ofOneNode()
            .secondary("eni-a", "10.0.4.21", "10.0.4.250")
            .pool("10.0.4.0/25", "30=ns/p")
            .pod(running("ns/p", "a"));

    assertThat(steps(scene.planAfterGrace()))
        .containsExactly("1 assign eni-a [10.0.4.30]", "2 release stale eni-a [10.0.4.21]");
  }

  @Test
  void theOldReservationOfARecreatedPodLeavesTheOldNodeAfterTheGrace() {
    Scene scene =
        Scene.ofTwoNodes()
            .secondary("eni-a", "10.0.4.5")
            .pool("10.0.4.0/24", "5=ns/sts-0", "6=ns/sts-0")
            .pod(running("ns/sts-0", "b").got("ns/n6", "net1", "10.0.4.6"));

    assertThat(stale(scene.plan())).containsExactly("10.0.4.5 on eni-a: SUPERSEDED");
    assertThat(steps(scene.plan(scene.plan().stale().keySet(), Set.of())))
        .containsExactly("1 assign eni-b [10.0.4.6]");
    assertThat(steps(scene.planAfterGrace()))
        .containsExactly("1 assign eni-b [10.0.4.6]", "2 release stale eni-a [10.0.4.5]");
  }

  @Test
  void theReservationsOfGoneAndFinishedPodsGoAfterTheGrace() {
    Scene scene =
        Scene.ofOneNode()
            .secondary("eni-a", "10.0.4.70", "10.0.4.71", "10.0.4.72")
            .pool("10.0.4.0/24", "70=ns/gone", "71=ns/done", "72=ns/p")
            .pod(finished("ns/done", "a").got("ns/n6", "net1", "10.0.4.71"))
            .pod(running("ns/p", "a"));

    assertThat(stale(scene.plan()))
        .containsExactly("10.0.4.70 on eni-a: POD_GONE", "10.0.4.71 on eni-a: POD_FINISHED");
    assertThat(steps(scene.planAfterGrace()))
        .containsExactly("1 release stale eni-a [10.0.4.70, 10.0.4.71]");
  }

  @Test
  void anAddressThatItsPodCannotUseOnThisNodeIsOnTheWrongNode() {
    Scene scene =
        Scene.ofOneNode()
            .node("c")
            .secondary("eni-a", "10.0.4.70")
            .pool("10.0.4.0/24", "70=ns/p")
            .pod(running("ns/p", "c"));

    assertThat(stale(scene.plan())).containsExactly("10.0.4.70 on eni-a: WRONG_NODE");
    assertThat(scene.plan(scene.plan().stale().keySet(), Set.of()).isEmpty()).isTrue();
    assertThat(steps(scene.planAfterGrace())).containsExactly("1 release stale eni-a [10.0.4.70]");
  }

  @Test
  void whatANodeLeavesBehindGoesAtTheSecondSightWithoutGrace() {
    Scene scene =
        Scene.ofTwoNodes()
            .withoutNode("b")
            .secondary("eni-b", "10.0.4.70", "10.0.4.71")
            .pool("10.0.4.0/24", "70=ns/p", "72=ns/q")
            .pod(running("ns/p", "b"))
            .pod(running("ns/q", "a"));

    assertThat(stale(scene.plan()))
        .containsExactly("10.0.4.70 on eni-b: NODE_GONE", "10.0.4.71 on eni-b: NODE_GONE");
    assertThat(steps(scene.plan(scene.plan().stale().keySet(), Set.of())))
        .containsExactly(
            "1 assign eni-a [10.0.4.72]", "2 release stale eni-b [10.0.4.70, 10.0.4.71]");
  }

  @Test
  void theAddressOfAPodWhoseNodeIsGoneIsNoLongerNeededElsewhere() {
    Scene scene =
        Scene.ofOneNode()
            .secondary("eni-a", "10.0.4.70")
            .pool("10.0.4.0/24", "70=ns/p", "71=ns/q")
            .pod(running("ns/p", "old"))
            .pod(running("ns/q", "a"));

    assertThat(stale(scene.plan())).containsExactly("10.0.4.70 on eni-a: NODE_GONE");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFullInterfaceServesTheLowestAddressesAndTellsTheOthers(boolean staleBefore) {
    Scene scene = fullInterface();
    AddressPlan plan =
        staleBefore ? scene.plan(scene.plan().stale().keySet(), Set.of()) : scene.plan();

    String full =
        " (eni-a holds 6, its primary address included): the network interface holds as many"
            + " addresses as its instance type allows: use a larger type, or fewer pods per node";
    if (staleBefore) {
      assertThat(steps(plan))
          .containsExactly(
              "1 release room eni-a [10.0.4.79]", "2 assign eni-a [10.0.4.73, 10.0.4.74]");
      assertThat(plan.unplaced())
          .extracting(Unplaced::message)
          .containsExactly("10.0.4.75 of pod ns/p" + full);
    } else {
      assertThat(steps(plan)).containsExactly("1 assign eni-a [10.0.4.73]");
      assertThat(plan.unplaced())
          .extracting(Unplaced::message)
          .containsExactly("10.0.4.74 of pod ns/p" + full, "10.0.4.75 of pod ns/p" + full);
    }
  }

  @Test
  void whatCanNotBeHadTakesNoRoomFromOthers() {
    EarlierLooks earlier =
        new EarlierLooks(Set.of(), Set.of(), Set.of(new Seat("eni-a", IpAddress.of("10.0.4.73"))));

    AddressPlan plan = fullInterface().plan(earlier);

    assertThat(steps(plan)).containsExactly("1 assign eni-a [10.0.4.74]");
    assertThat(plan.unplaced())
        .extracting(one -> one.reservation().address().toString())
        .containsExactly("10.0.4.75");
  }

  @Test
  void anInterfaceWithRoomDropsNothingBeforeTheGrace() {
    Scene scene =
        Scene.ofOneNode()
            .secondary("eni-a", "10.0.4.79")
            .pool("10.0.4.0/24", "70=ns/p")
            .pod(running("ns/p", "a"));

    assertThat(steps(scene.plan(scene.plan().stale().keySet(), Set.of())))
        .containsExactly("1 assign eni-a [10.0.4.70]");
  }

  @Test
  void aFullInterfaceUsesTheRoomOfWhatIsReleasedInTheSamePass() {
    Scene scene =
        Scene.ofTwoNodes()
            .limits(Scene.TYPE, 2, 2)
            .secondary("eni-a", "10.0.4.5")
            .pool("10.0.4.0/24", "5=ns/sts-0", "6=ns/sts-0", "70=ns/p")
            .pod(running("ns/sts-0", "b").got("ns/n6", "net1", "10.0.4.6"))
            .pod(running("ns/p", "a"));
    Set<Seat> before = scene.plan().stale().keySet();

    // Its pod lives: not before the grace is over, whatever the need.
    assertThat(steps(scene.plan(before, Set.of()))).containsExactly("1 assign eni-b [10.0.4.6]");
    assertThat(steps(scene.planAfterGrace()))
        .containsExactly(
            "1 release room eni-a [10.0.4.5]",
            "2 assign eni-a [10.0.4.70]",
            "2 assign eni-b [10.0.4.6]");
  }

  @Test
  void aDepartureMakesRoomForAnArrival() {
    Scene scene =
        Scene.ofTwoNodes()
            .limits(Scene.TYPE, 2, 2)
            .secondary("eni-a", "10.0.4.70")
            .pool("10.0.4.0/24", "70=ns/p", "71=ns/q")
            .pod(running("ns/p", "b"))
            .pod(running("ns/q", "a"));

    assertThat(steps(scene.plan()))
        .containsExactly("1 take over eni-b [10.0.4.70]", "2 assign eni-a [10.0.4.71]");
    assertThat(scene.plan().unplaced()).isEmpty();
  }

  @Test
  void fullInterfacesSwapTheirAddresses() {
    Scene scene = swap();

    assertThat(steps(scene.plan()))
        .containsExactly(
            "1 release move eni-a [10.0.4.70]",
            "2 take over eni-a [10.0.4.71]",
            "3 assign eni-b [10.0.4.70]");
    assertThat(scene.plan().movedFrom())
        .containsEntry(seat("eni-a", "10.0.4.71"), "eni-b")
        .containsEntry(seat("eni-b", "10.0.4.70"), "eni-a");
  }

  @Test
  void whatCannotGetToItsPodLeavesTheOtherNodeAfterTheGrace() {
    Scene scene =
        Scene.ofTwoNodes()
            .limits(Scene.TYPE, 2, 2)
            .secondary("eni-a", "10.0.4.70")
            .secondary("eni-b", "10.0.4.71")
            .pool("10.0.4.0/24", "70=ns/p", "71=ns/q")
            .pod(running("ns/p", "b"))
            .pod(running("ns/q", "b"));

    assertThat(scene.plan().isEmpty()).isTrue();
    assertThat(scene.plan().unplaced())
        .extracting(Unplaced::reason)
        .containsExactly(UnplacedReason.INTERFACE_FULL);
    assertThat(stale(scene.plan())).containsExactly("10.0.4.70 on eni-a: WRONG_NODE");
    assertThat(steps(scene.planAfterGrace())).containsExactly("1 release stale eni-a [10.0.4.70]");
  }

  @Test
  void whatCannotGetToItsPodStaysWhereAnotherLivingPodShowsIt() {
    Scene scene =
        Scene.ofTwoNodes()
            .limits(Scene.TYPE, 2, 2)
            .secondary("eni-a", "10.0.4.70")
            .secondary("eni-b", "10.0.4.71")
            .pool("10.0.4.0/24", "70=ns/p", "71=ns/q")
            .pod(running("ns/p", "b"))
            .pod(running("ns/q", "b"))
            // It lost its reservation, and whereabouts gave the address to the next.
            .pod(running("ns/old", "a").got("ns/n6", "net1", "10.0.4.70"));

    assertThat(scene.plan().stale()).isEmpty();
    assertThat(scene.planAfterGrace().isEmpty()).isTrue();
  }

  @Test
  void whatCannotChangeItsInterfaceOnOneNodeStaysOnTheOther() {
    Scene scene =
        Scene.ofTwoInterfacesInOneSubnet()
            .limits(Scene.TYPE, 2, 2)
            .secondary("eni-1", "10.0.4.70")
            .secondary("eni-2", "10.0.4.71")
            .pool("10.0.4.0/24", "70=ns/p", "71=ns/p")
            .pod(running("ns/p", "a").gotByMac("eni-2", "ns/n6", "net1", "10.0.4.70", "10.0.4.71"));

    assertThat(scene.planAfterGrace().isEmpty()).isTrue();
    assertThat(scene.plan().stale()).isEmpty();
  }

  @Test
  void whereNothingIsKnownOfATypeTheAnswerOfEc2IsTheLimit() {
    Scene scene = Scene.ofOneNode().node("a", "x9.huge");
    String[] reserved = new String[40];
    for (int i = 0; i < reserved.length; i++) {
      reserved[i] = (100 + i) + "=ns/p";
    }
    scene.pool("10.0.4.0/24", reserved).pod(running("ns/p", "a"));

    assertThat(scene.plan().served()).hasSize(40);
    assertThat(scene.plan().unplaced()).isEmpty();
  }

  /** A t3.medium: primary, three reserved addresses, one that nobody needs; three more wanted. */
  private static Scene fullInterface() {
    return Scene.ofOneNode()
        .node("a", "t3.medium")
        .limits("t3.medium", 6, 6)
        .secondary("eni-a", "10.0.4.70", "10.0.4.71", "10.0.4.72", "10.0.4.79")
        .pool("10.0.4.0/24", "70=ns/p", "71=ns/p", "72=ns/p", "73=ns/p", "74=ns/p", "75=ns/p")
        .pod(running("ns/p", "a"));
  }

  private static Scene swap() {
    return Scene.ofTwoNodes()
        .limits(Scene.TYPE, 2, 2)
        .secondary("eni-a", "10.0.4.70")
        .secondary("eni-b", "10.0.4.71")
        .pool("10.0.4.0/24", "70=ns/p", "71=ns/q")
        .pod(running("ns/p", "b"))
        .pod(running("ns/q", "a"));
  }
}
