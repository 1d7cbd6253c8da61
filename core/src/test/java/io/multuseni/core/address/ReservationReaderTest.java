// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import static io.multuseni.core.address.Scene.finished;
import static io.multuseni.core.address.Scene.pending;
import static io.multuseni.core.address.Scene.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.config.Reconciliation.Source;
import io.multuseni.core.ip.IpAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReservationReaderTest {
  private static final Set<Source> BOTH = EnumSet.allOf(Source.class);

  @ParameterizedTest
  @CsvSource({
    "10.0.4.0/24, 70, 10.0.4.70",
    "10.0.4.0/24, +70, 10.0.4.70",
    // A range that is not canonical counts from the address as it is written.
    "10.0.4.5/24, 1, 10.0.4.6",
    "10.0.4.5/24, 0, 10.0.4.5",
    "' 10.0.4.0/24 ', 70, 10.0.4.70",
    "172.16.1.64/26, 10, 172.16.1.74",
    "caa5::/112, 32768, caa5::8000",
    "fd00:10::/64, 18446744073709551615, fd00:10::ffff:ffff:ffff:ffff",
    // Neither network nor broadcast address in so small a block.
    "10.0.4.70/31, 0, 10.0.4.70",
    "10.0.4.70/31, 1, 10.0.4.71",
    "10.0.4.70/32, 0, 10.0.4.70"
  })
  void theKeyIsTheOffsetFromTheAddressInTheRange(String range, String key, String address) {
    Reservations read = new Scene().pool(range, key + "=ns/p").reservations();

    assertThat(addresses(read)).containsExactly(address);
    assertThat(read.problems()).isEmpty();
  }

  @Test
  void anExclusionAndAFirstAddressDoNotShiftTheKey() {
    Scene scene =
        new Scene()
            .pool("caa5::/112", "32768=ns/p")
            .pool("10.0.4.0/24", "70=ns/q")
            .definition(
                "ns/n6",
                "{'ipam': {'type': 'whereabouts', 'range': 'caa5::/112',"
                    + " 'exclude': ['caa5::/113'],"
                    + " 'ipRanges': [{'range': '10.0.4.0/24', 'range_start': '10.0.4.64'}]}}");

    assertThat(addresses(scene.reservations())).containsExactly("10.0.4.70", "caa5::8000");
  }

  @Test
  void keysThatAreNoOffsetsAreToldAndLeaveTheOthersAlone() {
    Reservations read =
        new Scene()
            .pool(
                "10.0.4.0/24",
                "abc=ns/a",
                "300=ns/b",
                "0=ns/c",
                "255=ns/d",
                "-1=ns/e",
                "=ns/f",
                "0x10=ns/g",
                "70=ns/h")
            .reservations();

    assertThat(addresses(read)).containsExactly("10.0.4.70");
    assertThat(read.problems())
        .containsExactly(
            "IPPool kube-system/10.0.4.0-24: 7 allocation(s) are skipped since their keys are no"
                + " offsets of addresses in 10.0.4.0/24: '', '-1', '0', '0x10', '255'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.4.0", "10.0.4.0/33", "net", "10.0.4/24"})
  void aPoolWithoutARangeIsToldAndLeavesTheOthersAlone(String range) {
    Reservations read =
        new Scene()
            .namedPool("bad", range, "70=ns/p", "71=ns/q")
            .pool("10.0.4.0/24", "72=ns/r")
            .reservations();

    assertThat(addresses(read)).containsExactly("10.0.4.72");
    assertThat(read.problems())
        .containsExactly(
            "IPPool kube-system/bad: spec.range '"
                + range
                + "' is not a CIDR block; its 2 reservation(s) are skipped: correct or delete the"
                + " pool");
  }

  @Test
  void anAddressThatIsReservedForNobodyIsLeftAsItIs() {
    Reservations read = new Scene().pool("10.0.4.0/24", "70=nobody", "71=ns/p").reservations();

    assertThat(addresses(read)).containsExactly("10.0.4.71");
    assertThat(read.undecided()).containsExactly(IpAddress.of("10.0.4.70"));
    assertThat(read.problems())
        .containsExactly(
            "IPPool kube-system/10.0.4.0-24: the reservation of 10.0.4.70 names no pod ('nobody');"
                + " the address is left as it is");
  }

  @Test
  void aPoolFullOfGarbageDoesNotFillTheLog() {
    String[] garbage =
        IntStream.range(10, 90).mapToObj(key -> key + "=nobody").toArray(String[]::new);

    Reservations read = new Scene().pool("10.0.4.0/24", garbage).reservations();

    assertThat(read.undecided()).hasSize(80);
    assertThat(read.problems()).hasSize(51).endsWith("… and 30 more");
  }

  @Test
  void theNameOfAPoolSaysNothing() {
    Reservations read =
        new Scene()
            .namedPool("core-10.0.9.0-24", "10.0.4.0/24", "70=ns/p")
            .namedPool("oam-fd00-10---116", "10.0.5.0/24", "71=ns/q")
            .reservations();

    assertThat(addresses(read)).containsExactly("10.0.4.70", "10.0.5.71");
  }

  @Test
  void onePodWithOneAddressInTwoPoolsIsOneReservation() {
    Reservations read =
        new Scene()
            .pool("10.0.4.0/24", "70=ns/p")
            .pool("10.0.4.64/26", "6=ns/p@net1")
            .reservations();

    assertThat(addresses(read)).containsExactly("10.0.4.70");
  }

  @Test
  void twoPodsWithOneAddressAreTwoReservations() {
    Reservations read =
        new Scene().pool("10.0.4.0/24", "70=ns/p").pool("10.0.4.64/26", "6=ns/q").reservations();

    assertThat(addresses(read)).containsExactly("10.0.4.70", "10.0.4.70");
  }

  @Test
  void withoutADefinitionAllOfAPoolsRangeIsManaged() {
    assertThat(managed(new Scene().pool("10.0.4.0/24"))).isEqualTo("[10.0.4.0-10.0.4.255]");
  }

  @Test
  void definitionsMakeTheManagedSpaceNarrower() {
    Scene scene =
        new Scene()
            .pool("10.0.4.0/24", "40=ns/p", "80=ns/q")
            .definition(
                "ns/n6",
                "{'ipam': {'type': 'whereabouts', 'range': '10.0.4.64-10.0.4.95/24',"
                    + " 'exclude': ['10.0.4.80/28']}}");

    // What is reserved outside of the definition's part is managed too, but for what is excluded.
    assertThat(managed(scene)).isEqualTo("[10.0.4.40-10.0.4.40, 10.0.4.64-10.0.4.79]");
  }

  @Test
  void twoDefinitionsOfOnePoolAddUp() {
    Scene scene =
        new Scene()
            .pool("10.0.4.0/24")
            .definition(
                "ns/n6", "{'ipam': {'type': 'whereabouts', 'range': '10.0.4.16-10.0.4.31/24'}}")
            .definition(
                "ns/n7", "{'ipam': {'type': 'whereabouts', 'range': '10.0.4.48-10.0.4.63/24'}}");

    assertThat(managed(scene)).isEqualTo("[10.0.4.16-10.0.4.31, 10.0.4.48-10.0.4.63]");
  }

  @Test
  void aSlicesPoolIsNarrowedByTheDefinitionOfTheWholeRange() {
    Scene scene =
        new Scene()
            .slicePool("n6", "10.0.4.0/24")
            .pool("10.0.4.64/26", "6=ns/p")
            .definition(
                "ns/n6", "{'ipam': {'type': 'whereabouts', 'range': '10.0.4.10-10.0.4.99/24'}}");

    assertThat(addresses(scene.reservations())).containsExactly("10.0.4.70");
    assertThat(managed(scene)).isEqualTo("[10.0.4.10-10.0.4.99]");
  }

  @Test
  void aSlicePoolWithoutARangeIsTold() {
    assertThat(new Scene().slicePool("n6", "all").reservations().problems())
        .containsExactly(
            "NodeSlicePool kube-system/n6: spec.range 'all' is not a CIDR block; correct or delete"
                + " it");
  }

  @Test
  void furtherRangesOfTheSettingsAreManaged() {
    assertThat(managed(new Scene().settings(BOTH, 0.5, "10.0.9.0/30", "fd00::/126")))
        .isEqualTo("[10.0.9.0-10.0.9.3, fd00::-fd00::3]");
  }

  @Test
  void aReservationThatStandsInNoPoolCountsWhenItsPodShowsTheAddress() {
    Scene scene =
        new Scene()
            .pool("10.0.4.0/24")
            .overlap("10.0.4.31", "ns/p")
            .pod(running("ns/p", "a").got("ns/n6", "net1", "10.0.4.31"));

    assertThat(scene.reservations().reservations())
        .extracting(Reservation::origin)
        .containsExactly("OverlappingRangeIPReservation kube-system/10.0.4.31");
    assertThat(addresses(scene.reservations())).containsExactly("10.0.4.31");
  }

  @Test
  void aReservationThatStandsInNoPoolIsLeftAsItIsUntilItsPodShowsTheAddress() {
    Scene scene =
        new Scene()
            .pool("10.0.4.0/24")
            .overlap("10.0.4.31", "ns/p")
            .pod(running("ns/p", "a").asks("n6"));

    assertThat(scene.reservations().reservations()).isEmpty();
    assertThat(scene.reservations().undecided()).containsExactly(IpAddress.of("10.0.4.31"));
  }

  @Test
  void aReservationThatStandsInNoPoolMeansNothingWhenItsPodIsGoneOrFinished() {
    Scene scene =
        new Scene()
            .pool("10.0.4.0/24")
            .overlap("10.0.4.31", "ns/gone")
            .overlap("10.0.4.32", "ns/done")
            .overlap("10.0.4.33", "nobody")
            .pod(finished("ns/done", "a").got("ns/n6", "net1", "10.0.4.32"));

    assertThat(scene.reservations().reservations()).isEmpty();
    assertThat(scene.reservations().undecided()).isEmpty();
  }

  @Test
  void aReservationThatStandsInAPoolTooIsOne() {
    Scene scene =
        new Scene()
            .pool("10.0.4.0/24", "31=ns/p")
            .overlap("10.0.4.31", "ns/p")
            .pod(running("ns/p", "a").got("ns/n6", "net1", "10.0.4.31"));

    assertThat(scene.reservations().reservations())
        .extracting(Reservation::origin)
        .containsExactly("IPPool kube-system/10.0.4.0-24");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.4.31, 10.0.4.31",
    "core-10.0.4.31, 10.0.4.31",
    "core-5g.oam-10.0.4.31, 10.0.4.31",
    "fd00-10--1f, fd00:10::1f",
    "core-fd00-10--1f, fd00:10::1f",
    "--1, ::1"
  })
  void findsTheAddressBehindTheNameOfANetwork(String name, String address) {
    assertThat(ReservationReader.addressesIn(name)).contains(IpAddress.of(address));
  }

  @Test
  void aNetworkNameThatLooksLikePartOfAnAddressIsDecidedByThePod() {
    Scene scene =
        new Scene()
            .pool("fd00:10::/116")
            .overlap("cafe-fd00-10--1f", "ns/p")
            .overlap("beef-fd00-10--2f", "ns/q")
            .pod(running("ns/p", "a").got("ns/n6", "net1", "fd00:10::1f"))
            .pod(pending("ns/q"));

    assertThat(addresses(scene.reservations())).containsExactly("fd00:10::1f");
    assertThat(scene.reservations().undecided())
        .contains(IpAddress.of("fd00:10::2f"), IpAddress.of("beef:fd00:10::2f"))
        .doesNotContain(IpAddress.of("fd00:10::1f"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"core", "10.0.4", "core-", "-"})
  void anObjectWhoseNameHoldsNoAddressIsTold(String name) {
    assertThat(new Scene().overlap(name, "ns/p").reservations().problems())
        .containsExactly(
            "OverlappingRangeIPReservation kube-system/"
                + name
                + ": its name holds no address; it is skipped");
  }

  @Test
  void networkStatusIsASourceForStaticAndNodeLocalAddressesAlone() {
    Scene scene =
        new Scene()
            .definition("ns/s", "{'ipam': {'type': 'static'}}")
            .definition(
                "ns/s2", "{'ipam': {'type': 'static', 'addresses': [{'address': '10.0.4.70/24'}]}}")
            .definition(
                "ns/l",
                "{'ipam': {'type': 'host-local', 'subnet': '10.0.5.0/24',"
                    + " 'rangeStart': '10.0.5.16', 'rangeEnd': '10.0.5.31'}}")
            .definition("ns/w", "{'ipam': {'type': 'whereabouts', 'range': '10.0.6.0/24'}}")
            .pod(
                running("ns/p", "a")
                    .got("aws-cni", "eth0", "10.0.1.9")
                    .got("ns/s2", "net1", "10.0.4.70")
                    .got("ns/l", "net2", "10.0.5.20")
                    .got("ns/w", "net3", "10.0.6.20")
                    .got("ns/unknown", "net4", "10.0.7.20"))
            .pod(finished("ns/q", "a").got("ns/l", "net1", "10.0.5.21"));

    assertThat(addresses(scene.reservations())).isEmpty();
    scene.settings(BOTH, 0.5);
    assertThat(addresses(scene.reservations())).containsExactly("10.0.4.70", "10.0.5.20");
    assertThat(scene.reservations().reservations().getFirst().origin())
        .isEqualTo("network-status of ns/p");
    assertThat(scene.reservations().managed().contains(IpAddress.of("10.0.5.31"))).isTrue();
    assertThat(scene.reservations().managed().contains(IpAddress.of("10.0.5.32"))).isFalse();
    assertThat(scene.reservations().managed().contains(IpAddress.of("10.0.4.70"))).isTrue();
    assertThat(scene.reservations().managed().contains(IpAddress.of("10.0.4.71"))).isFalse();
  }

  @Test
  void poolsDoNotCountWhereWhereaboutsIsNoSource() {
    Scene scene =
        new Scene().pool("10.0.4.0/24", "70=ns/p").settings(Set.of(Source.NETWORK_STATUS), 0.5);

    assertThat(scene.reservations().reservations()).isEmpty();
    assertThat(managed(scene)).isEqualTo("[]");
  }

  private static List<String> addresses(Reservations read) {
    return read.reservations().stream().map(one -> one.address().toString()).toList();
  }

  private static String managed(Scene scene) {
    return scene.reservations().managed().toString();
  }
}
