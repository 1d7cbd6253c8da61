// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static io.multuseni.localcloud.Fixture.filter;
import static io.multuseni.localcloud.Fixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.AssignedPrivateIpAddress;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceIpv6Address;
import software.amazon.awssdk.services.ec2.model.NetworkInterfacePrivateIpAddress;

/** Who gets which address, and who doesn't. */
class AddressRulesTest {
  private final Fixture f = Fixture.start();

  @AfterEach
  void close() {
    f.close();
  }

  @Test
  void countsFiveAddressesOfASubnetAsReserved() {
    assertThat(free()).isEqualTo(251);
    f.create();
    assertThat(free()).isEqualTo(250);
  }

  private int free() {
    return f.ec2
        .describeSubnets(r -> r.subnetIds(f.subnetA))
        .subnets()
        .getFirst()
        .availableIpAddressCount();
  }

  @Test
  void refusesACreateInAFullSubnet() {
    f.world.fillSubnet(f.subnetA, 1);
    f.create();

    refused(
        f::create,
        "InsufficientFreeAddressesInSubnet",
        "The specified subnet does not have enough free addresses to satisfy the request.");
    assertThat(free()).isZero();
  }

  @Test
  void keepsNothingOfACreateThatFindsTooFewAddresses() {
    f.world.fillSubnet(f.subnetA, 2);

    refused(
        () ->
            f.ec2.createNetworkInterface(
                r -> r.subnetId(f.subnetA).secondaryPrivateIpAddressCount(2)),
        "InsufficientFreeAddressesInSubnet");
    assertThat(free()).isEqualTo(2);
  }

  @Test
  void refusesACreateWithAnAddressInUse() {
    create("10.0.1.9");

    refused(
        () -> create("10.0.1.9"),
        "InvalidIPAddress.InUse",
        "The specified address is already in use.");
  }

  private String create(String address) {
    return f.ec2
        .createNetworkInterface(r -> r.subnetId(f.subnetA).privateIpAddress(address))
        .networkInterface()
        .networkInterfaceId();
  }

  @Test
  void refusesAddressesThatAreReservedOutsideOrNone() {
    refused(
        () -> create("10.0.1.3"),
        "InvalidParameterValue",
        "Address 10.0.1.3 is in subnet's reserved address range");
    refused(
        () -> create("10.0.1.255"),
        "InvalidParameterValue",
        "Address 10.0.1.255 is in subnet's reserved address range");
    refused(
        () -> create("10.9.9.9"),
        "InvalidParameterValue",
        "Address 10.9.9.9 does not fall within the subnet's address range");
    refused(
        () -> create("10.0.1"),
        "InvalidParameterValue",
        "invalid value for parameter address: 10.0.1");
    refused(
        () -> create("10.0.1.900"),
        "InvalidParameterValue",
        "invalid value for parameter address: 10.0.1.900");
  }

  @Test
  void neverChoosesAnAddressOfAnExplicitReservation() {
    f.ec2.createSubnetCidrReservation(
        r -> r.subnetId(f.subnetA).cidr("10.0.1.128/25").reservationType("explicit"));
    assertThat(free()).isEqualTo(251);
    f.world.fillSubnet(f.subnetA, 0);

    refused(f::create, "InsufficientFreeAddressesInSubnet");
    assertThat(free()).isEqualTo(127);

    create("10.0.1.200");
    assertThat(free()).isEqualTo(126);
  }

  @Test
  void countsAPrefixReservationFromTheStart() {
    f.ec2.createSubnetCidrReservation(
        r -> r.subnetId(f.subnetA).cidr("10.0.1.16/28").reservationType("prefix"));

    assertThat(free()).isEqualTo(251 - 16);
  }

  @Test
  void listsTheReservationsOfASubnet() {
    reserve("10.0.1.16/28", "explicit");
    reserve("2001:db8:1:1:1::/80", "prefix");

    var all = f.ec2.getSubnetCidrReservations(r -> r.subnetId(f.subnetA));
    assertThat(all.subnetIpv4CidrReservations())
        .singleElement()
        .satisfies(r -> {
          assertThat(r.cidr()).isEqualTo("10.0.1.16/28");
          assertThat(r.reservationTypeAsString()).isEqualTo("explicit");
        });
    assertThat(all.subnetIpv6CidrReservations())
        .singleElement()
        .satisfies(r -> assertThat(r.cidr()).isEqualTo("2001:db8:1:1:1::/80"));
    assertThat(
            f.ec2
                .getSubnetCidrReservations(
                    r -> r.subnetId(f.subnetA).filters(filter("reservationType", "prefix")))
                .subnetIpv4CidrReservations())
        .isEmpty();
  }

  @Test
  void refusesReservationsThatOverlapOrLieOutside() {
    reserve("10.0.1.16/28", "explicit");

    refused(() -> reserve("10.0.1.0/25", "prefix"), "InvalidParameterValue");
    refused(() -> reserve("10.0.2.0/25", "prefix"), "InvalidParameterValue");
    refused(() -> reserve("10.0.1.17/28", "prefix"), "InvalidParameterValue");
    refused(() -> reserve("10.0.1.128/28", "other"), "InvalidParameterValue");
  }

  private void reserve(String cidr, String type) {
    f.ec2.createSubnetCidrReservation(r -> r.subnetId(f.subnetA).cidr(cidr).reservationType(type));
  }

  @Test
  void assignsExplicitAndChosenAddresses() {
    String eni = f.create();

    List<AssignedPrivateIpAddress> explicit = assign(eni, false, "10.0.1.20", "10.0.1.21");
    int chosen =
        f.ec2
            .assignPrivateIpAddresses(
                r -> r.networkInterfaceId(eni).secondaryPrivateIpAddressCount(3))
            .assignedPrivateIpAddresses()
            .size();

    assertThat(explicit)
        .extracting(AssignedPrivateIpAddress::privateIpAddress)
        .containsExactly("10.0.1.20", "10.0.1.21");
    assertThat(chosen).isEqualTo(3);
    assertThat(f.eni(eni).secondaryAddresses()).hasSize(5).startsWith("10.0.1.20", "10.0.1.21");
  }

  private List<AssignedPrivateIpAddress> assign(String eni, boolean move, String... addresses) {
    return f.ec2
        .assignPrivateIpAddresses(
            r -> r.networkInterfaceId(eni).privateIpAddresses(addresses).allowReassignment(move))
        .assignedPrivateIpAddresses();
  }

  @Test
  void movesASecondaryAddressOnlyWhenAllowedTo() {
    String from = f.create();
    String to = f.create();
    assign(from, false, "10.0.1.20");

    refused(
        () -> assign(to, false, "10.0.1.20", "10.0.1.21"),
        "InvalidParameterValue",
        "[10.0.1.20] assigned, but move is not allowed.");
    assertThat(f.eni(to).secondaryAddresses()).isEmpty();

    assign(to, true, "10.0.1.20");
    assertThat(f.eni(to).secondaryAddresses()).containsExactly("10.0.1.20");
    assertThat(f.eni(from).secondaryAddresses()).isEmpty();
  }

  @Test
  void assigningWhatTheInterfaceHasAlreadyChangesNothing() {
    String eni = create("10.0.1.9");
    assign(eni, false, "10.0.1.20");

    assertThat(assign(eni, false, "10.0.1.20", "10.0.1.9", "10.0.1.21")).hasSize(1);
    assertThat(assign(eni, true, "10.0.1.20", "10.0.1.9")).isEmpty();
    assertThat(f.eni(eni).primaryAddress()).isEqualTo("10.0.1.9");
    assertThat(f.eni(eni).secondaryAddresses()).containsExactly("10.0.1.20", "10.0.1.21");
    assertThat(free()).isEqualTo(248);
  }

  @Test
  void refusesToAssignAddressesThatAreReservedOrOutside() {
    String eni = f.create();

    refused(
        () -> assign(eni, true, "10.0.1.20", "10.0.1.3"),
        "InvalidParameterValue",
        "Address 10.0.1.3 is in subnet's reserved address range");
    refused(
        () -> assign(eni, true, "10.0.1.20", "10.0.2.20"),
        "InvalidParameterValue",
        "Address 10.0.2.20 does not fall within the subnet's address range");
    assertThat(f.eni(eni).secondaryAddresses()).as("all or nothing").isEmpty();
  }

  @Test
  void theLimitHoldsForAttachedInterfacesAndAFullOneMayRepeatItsAddresses() {
    String[] ten = IntStream.range(20, 30).mapToObj(i -> "10.0.1." + i).toArray(String[]::new);
    String loose = f.create();
    assign(loose, false, ten);
    assertThat(f.eni(loose).secondaryAddresses()).hasSize(10);

    String eni = f.create();
    f.attach(eni, f.launch(), 1);
    String[] nine = Arrays.copyOf(ten, 9);
    assign(eni, true, nine);
    assertThat(assign(eni, true, nine)).isEmpty();
    refused(() -> assign(eni, true, "10.0.1.29"), "PrivateIpAddressLimitExceeded");
    assertThat(f.eni(loose).secondaryAddresses()).containsExactly("10.0.1.29");
  }

  private List<String> shown(String eni) {
    var one =
        f.ec2
            .describeNetworkInterfaces(r -> r.filters(filter("network-interface-id", eni)))
            .networkInterfaces()
            .getFirst();
    return Stream.concat(
            one.privateIpAddresses().stream()
                .filter(address -> !address.primary())
                .map(NetworkInterfacePrivateIpAddress::privateIpAddress),
            one.ipv6Addresses().stream().map(NetworkInterfaceIpv6Address::ipv6Address))
        .toList();
  }

  private List<String> holdersOf(String filter, String address) {
    return f
        .ec2
        .describeNetworkInterfaces(r -> r.filters(filter(filter, address)))
        .networkInterfaces()
        .stream()
        .map(NetworkInterface::networkInterfaceId)
        .toList();
  }

  @Test
  void describesShowAChangeOfAddressesAfterTheLag() {
    String from = f.create();
    String to = f.create();
    assign(from, false, "10.0.1.20");
    f.cloud.reconfigure(f.cloud.settings().withAddressLag(Duration.ofSeconds(10)));

    assign(to, true, "10.0.1.20");
    assertThat(f.eni(to).secondaryAddresses()).as("the truth").containsExactly("10.0.1.20");
    assertThat(shown(from)).containsExactly("10.0.1.20");
    assertThat(shown(to)).isEmpty();
    assertThat(holdersOf("addresses.private-ip-address", "10.0.1.20")).containsExactly(from);

    f.pass(Duration.ofSeconds(4));
    assign(to, false, "10.0.1.21");
    f.ec2.assignIpv6Addresses(r -> r.networkInterfaceId(to).ipv6Addresses("2001:db8:1:1::20"));
    f.pass(Duration.ofSeconds(5));
    assertThat(shown(to)).isEmpty();

    f.pass(Duration.ofSeconds(1));
    assertThat(shown(from)).isEmpty();
    assertThat(shown(to)).as("each change by its own time").containsExactly("10.0.1.20");
    assertThat(holdersOf("addresses.private-ip-address", "10.0.1.20")).containsExactly(to);
    assertThat(holdersOf("ipv6-addresses.ipv6-address", "2001:db8:1:1::20")).isEmpty();

    f.pass(Duration.ofSeconds(4));
    assertThat(shown(to)).containsExactly("10.0.1.20", "10.0.1.21", "2001:db8:1:1::20");

    unassign(to, "10.0.1.20");
    assertThat(shown(to)).contains("10.0.1.20");
    refused(() -> unassign(to, "10.0.1.20"), "InvalidParameterValue");
    f.pass(Duration.ofSeconds(10));
    assertThat(shown(to)).containsExactly("10.0.1.21", "2001:db8:1:1::20");
  }

  @Test
  void withoutALagDescribesAreNeverBehind() {
    String eni = f.create();
    assign(eni, false, "10.0.1.20");

    assertThat(shown(eni)).containsExactly("10.0.1.20");
  }

  @Test
  void addressesChangeHandsWithoutACaller() {
    String one = create("10.0.1.9");
    String other = f.create();
    f.world.assignByHand(one, "10.0.1.20", "2001:db8:1:1::20");
    f.world.assignByHand(one, "10.0.1.20");
    f.world.assignByHand(other, "10.0.1.20", "2001:db8:1:1::20");

    assertThat(f.eni(one).secondaryAddresses()).isEmpty();
    assertThat(f.eni(one).ipv6Addresses()).isEmpty();
    assertThat(shown(other)).containsExactly("10.0.1.20", "2001:db8:1:1::20");
    f.world.unassignByHand(other, "10.0.1.20", "2001:db8:1:1::20");
    assertThat(shown(other)).isEmpty();
    assertThat(free()).isEqualTo(249);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> f.world.assignByHand(other, "10.0.1.9"))
        .withMessageContaining("primary");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> f.world.unassignByHand(one, "10.0.1.9"))
        .withMessageContaining("10.0.1.9");
    assertThatIllegalArgumentException().isThrownBy(() -> f.world.unassignByHand(one, "10.0.1.20"));
  }

  @Test
  void aPrimaryIpv6AddressStaysUntilTheInterfaceIsDetached() {
    String eni =
        f.ec2
            .createNetworkInterface(
                r -> r.subnetId(f.subnetA).ipv6AddressCount(2).enablePrimaryIpv6(true))
            .networkInterface()
            .networkInterfaceId();
    String primary = f.eni(eni).primaryIpv6Address().orElseThrow();
    String secondary = f.eni(eni).ipv6Addresses().getLast();
    assertThat(f.eni(eni).ipv6Addresses()).startsWith(primary).hasSize(2);
    assertThat(
            f.ec2
                .describeNetworkInterfaces(r -> r.networkInterfaceIds(eni))
                .networkInterfaces()
                .getFirst()
                .ipv6Addresses())
        .extracting(NetworkInterfaceIpv6Address::ipv6Address)
        .as("in order, the primary one marked")
        .containsExactly(primary, secondary);
    assertThat(
            f.ec2
                .describeNetworkInterfaces(r -> r.networkInterfaceIds(eni))
                .networkInterfaces()
                .getFirst()
                .ipv6Addresses())
        .extracting(NetworkInterfaceIpv6Address::isPrimaryIpv6)
        .containsExactly(true, false);

    refused(
        () ->
            f.ec2.unassignIpv6Addresses(
                r -> r.networkInterfaceId(eni).ipv6Addresses(secondary, primary)),
        "InvalidParameterValue",
        "The primary IP address of an interface cannot be unassigned");
    f.ec2.unassignIpv6Addresses(r -> r.networkInterfaceId(eni).ipv6Addresses(secondary));

    f.attach(eni, f.launch(), 1);
    assertThat(f.eni(eni).primaryIpv6Address()).contains(primary);
    f.world.detachByHand(eni);
    assertThat(f.eni(eni).primaryIpv6Address()).isEmpty();
    f.ec2.unassignIpv6Addresses(r -> r.networkInterfaceId(eni).ipv6Addresses(primary));
    assertThat(f.eni(eni).ipv6Addresses()).isEmpty();
  }

  @Test
  void aPrimaryIpv6AddressNeedsAnIpv6Address() {
    refused(
        () -> f.ec2.createNetworkInterface(r -> r.subnetId(f.subnetA).enablePrimaryIpv6(true)),
        "InvalidParameterCombination");
    String eni =
        f.ec2
            .createNetworkInterface(r -> r.subnetId(f.subnetA).ipv6AddressCount(1))
            .networkInterface()
            .networkInterfaceId();
    assertThat(f.eni(eni).primaryIpv6Address()).isEmpty();
  }

  @Test
  void ipv6AddressesAreAssignedAndReleasedAllOrNone() {
    String one = f.create();
    String other = f.create();
    f.ec2.assignIpv6Addresses(r -> r.networkInterfaceId(one).ipv6Addresses("2001:db8:1:1::20"));

    refused(
        () ->
            f.ec2.assignIpv6Addresses(r ->
                r.networkInterfaceId(other).ipv6Addresses("2001:db8:1:1::21", "2001:db8:1:1::20")),
        "InvalidIPAddress.InUse");
    assertThat(f.eni(other).ipv6Addresses()).isEmpty();
    refused(
        () ->
            f.ec2.unassignIpv6Addresses(r ->
                r.networkInterfaceId(one).ipv6Addresses("2001:db8:1:1::20", "2001:db8:1:1::21")),
        "InvalidParameterValue",
        "Some of the specified addresses are not assigned to interface " + one);
    assertThat(f.eni(one).ipv6Addresses()).containsExactly("2001:db8:1:1::20");
  }

  @Test
  void neverMovesAPrimaryAddress() {
    String from = create("10.0.1.9");
    String to = f.create();

    assertThat(refused(() -> assign(to, true, "10.0.1.9"), "InvalidParameterValue"))
        .hasMessageContaining("secondary-addresses");
    assertThat(f.eni(from).primaryAddress()).isEqualTo("10.0.1.9");
  }

  @Test
  void neverMovesAnAddressFromOutsideOfTheModel() {
    f.world.occupy(f.subnetA, "10.0.1.77");
    String eni = f.create();

    refused(() -> assign(eni, true, "10.0.1.77"), "InvalidParameterValue");
  }

  @Test
  void keepsAReservedRangeOutOfItsOwnChoiceAndGivesItToWhoNamesIt() {
    f.world.reserveRange(f.subnetA, "10.0.1.128/25");

    // Its other half without the first four.
    f.world.fillSubnet(f.subnetA, 1);
    String eni = f.create();
    assign(eni, false, "10.0.1.200");

    assertThat(f.eni(eni).primaryAddress()).matches("10[.]0[.]1[.](\\d{1,2}|1[01]\\d|12[0-7])");
    assertThat(f.eni(eni).secondaryAddresses()).containsExactly("10.0.1.200");
    refused(f::create, "InsufficientFreeAddressesInSubnet");
  }

  @Test
  void refusesMoreAddressesThanTheTypeAllows() {
    String eni = f.create();
    f.attach(eni, f.launch(), 1);
    String[] nine = IntStream.range(20, 29).mapToObj(i -> "10.0.1." + i).toArray(String[]::new);
    assign(eni, false, nine);

    refused(
        () -> assign(eni, false, "10.0.1.50"),
        "PrivateIpAddressLimitExceeded",
        "Number of private addresses will exceed limit.");
  }

  @Test
  void refusesToAttachAnInterfaceWithMoreAddressesThanTheTypeAllows() {
    String eni = f.create();
    f.ec2.assignPrivateIpAddresses(
        r -> r.networkInterfaceId(eni).secondaryPrivateIpAddressCount(10));
    String instance = f.launch();

    refused(() -> f.attach(eni, instance, 1), "PrivateIpAddressLimitExceeded");
  }

  @Test
  void wantsEitherAListOrACount() {
    String eni = f.create();

    refused(
        () ->
            f.ec2.assignPrivateIpAddresses(r ->
                r.networkInterfaceId(eni)
                    .privateIpAddresses("10.0.1.20")
                    .secondaryPrivateIpAddressCount(1)),
        "InvalidParameterCombination");
    refused(
        () -> f.ec2.assignPrivateIpAddresses(r -> r.networkInterfaceId(eni)), "MissingParameter");
  }

  @Test
  void unassignsSecondaryAddressesOnly() {
    String eni = create("10.0.1.9");
    assign(eni, false, "10.0.1.20");

    refused(
        () -> unassign(eni, "10.0.1.9"),
        "InvalidParameterValue",
        "The primary IP address of an interface cannot be unassigned");
    refused(
        () -> unassign(eni, "10.0.1.20", "10.0.1.21"),
        "InvalidParameterValue",
        "Some of the specified addresses are not assigned to interface " + eni);
    unassign(eni, "10.0.1.20");

    assertThat(f.eni(eni).secondaryAddresses()).isEmpty();
    assertThat(free()).isEqualTo(250);
  }

  private void unassign(String eni, String... addresses) {
    f.ec2.unassignPrivateIpAddresses(r -> r.networkInterfaceId(eni).privateIpAddresses(addresses));
  }

  @Test
  void assignsAndUnassignsIpv6() {
    String eni = f.create();

    var assigned =
        f.ec2.assignIpv6Addresses(
            r -> r.networkInterfaceId(eni).ipv6Addresses("2001:0DB8:1:1:0:0:0:20"));
    f.ec2.assignIpv6Addresses(r -> r.networkInterfaceId(eni).ipv6AddressCount(2));

    assertThat(assigned.assignedIpv6Addresses()).containsExactly("2001:db8:1:1::20");
    assertThat(f.eni(eni).ipv6Addresses()).hasSize(3);
    refused(
        () ->
            f.ec2.assignIpv6Addresses(
                r -> r.networkInterfaceId(eni).ipv6Addresses("2001:db8:1:1::20")),
        "InvalidIPAddress.InUse");
    refused(
        () ->
            f.ec2.assignIpv6Addresses(
                r -> r.networkInterfaceId(eni).ipv6Addresses("2001:db8:2:1::20")),
        "InvalidParameterValue");

    var gone =
        f.ec2.unassignIpv6Addresses(
            r -> r.networkInterfaceId(eni).ipv6Addresses("2001:db8:1:1::20"));
    assertThat(gone.unassignedIpv6Addresses()).containsExactly("2001:db8:1:1::20");
    assertThat(f.eni(eni).ipv6Addresses()).hasSize(2);
  }

  @Test
  void refusesIpv6InASubnetWithoutIt() {
    refused(
        () -> f.ec2.createNetworkInterface(r -> r.subnetId(f.subnetB).ipv6AddressCount(1)),
        "InvalidParameterValue");
  }

  @Test
  void countsIpv6AddressesApartFromIpv4() {
    String eni = f.create();
    f.attach(eni, f.launch(), 1);

    f.ec2.assignIpv6Addresses(r -> r.networkInterfaceId(eni).ipv6AddressCount(10));

    refused(
        () -> f.ec2.assignIpv6Addresses(r -> r.networkInterfaceId(eni).ipv6AddressCount(1)),
        "PrivateIpAddressLimitExceeded");
  }

  @Test
  void cannotFillASubnetBeyondItsSize() {
    assertThatIllegalArgumentException().isThrownBy(() -> f.world.fillSubnet(f.subnetA, 252));
  }
}
