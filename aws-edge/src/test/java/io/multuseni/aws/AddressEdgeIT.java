// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multuseni.aws.error.AwsErrors;
import io.multuseni.core.address.MultusInterface;
import io.multuseni.core.address.MultusInterface.Place;
import io.multuseni.core.address.SubnetRange;
import io.multuseni.core.config.Tags;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.ip.AddressBlock;
import io.multuseni.core.ip.IpAddress;
import io.multuseni.core.ip.IpAddress.Family;
import io.multuseni.core.node.InstanceLimits;
import io.multuseni.core.slot.Slot;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the address edge asks and tells, seen from the other side of the wire. */
class AddressEdgeIT {
  private final EdgeScene scene = new EdgeScene();
  private final AddressEdge addresses = scene.addresses;
  private final String instance = scene.launch();

  @AfterEach
  void close() {
    scene.close();
  }

  private static List<IpAddress> ips(String... texts) {
    return Arrays.stream(texts).map(IpAddress::of).toList();
  }

  private static Optional<CallFailure> failure(ThrowingCallable call) {
    return Optional.ofNullable(catchThrowableOfType(CallFailure.class, call));
  }

  private static void assertMeaning(ErrorMeaning meaning, ThrowingCallable call) {
    assertThat(failure(call).map(CallFailure::meaning)).contains(meaning);
  }

  private InterfaceView seen(String eni) {
    return scene.cloud.world().networkInterface(eni).orElseThrow();
  }

  private MultusInterface read(String eni) {
    return Optional.ofNullable(addresses.interfaces(EdgeScene.CLUSTER).get(eni)).orElseThrow();
  }

  /** An interface of the cluster in n3, not attached. */
  private String ours() {
    return scene.createTagged(
        scene.n3, Map.of(Tags.CLUSTER, EdgeScene.CLUSTER, Tags.NODE_GROUP, "upf"), 0);
  }

  private String theirs() {
    return scene.createTagged(scene.n3, Map.of(Tags.CLUSTER, "another"), 0);
  }

  private String oursAt(int deviceIndex) {
    String eni = ours();
    scene.cloud.world().attachByHand(eni, instance, deviceIndex, 0);
    return eni;
  }

  // Interfaces.

  @Test
  void anInterfaceIsToldWithItsPlaceAndItsAddresses() {
    String eni = oursAt(1);
    addresses.assign(eni, ips("10.0.30.71", "10.0.30.70"), false);
    addresses.assign(eni, ips("2001:db8:0:30::70"), false);
    theirs();

    InterfaceView view = seen(eni);
    assertThat(addresses.interfaces(EdgeScene.CLUSTER))
        .containsOnlyKeys(eni)
        .hasEntrySatisfying(
            eni,
            one -> {
              assertThat(one.subnetId()).isEqualTo(scene.n3);
              assertThat(one.macAddress()).isEqualTo(view.macAddress().toLowerCase(Locale.ROOT));
              assertThat(one.nodeGroup()).isEqualTo("upf");
              assertThat(one.place()).contains(new Place(instance, new Slot(0, 1)));
              assertThat(one.primary()).containsExactlyElementsOf(ips(view.primaryAddress()));
              assertThat(one.secondary())
                  .containsExactlyElementsOf(ips("10.0.30.70", "10.0.30.71", "2001:db8:0:30::70"));
              assertThat(one.count(Family.IPV4)).isEqualTo(3);
            });
  }

  @Test
  void anUnattachedInterfaceHasNoPlaceAndMayHaveNoNodeGroup() {
    String eni = scene.createTagged(scene.n6, Map.of(Tags.CLUSTER, EdgeScene.CLUSTER), 0);

    assertThat(read(eni))
        .satisfies(one -> {
          assertThat(one.place()).isEmpty();
          assertThat(one.nodeGroup()).isEmpty();
          assertThat(one.secondary()).isEmpty();
        });
  }

  @Test
  void whatIsBeingAttachedHasItsPlaceAlreadyAndWhatIsBeingDetachedHasNoneAnyMore() {
    scene.cloud.reconfigure(
        scene
            .cloud
            .settings()
            .withAttachTime(Duration.ofSeconds(5))
            .withDetachTime(Duration.ofSeconds(5)));
    String eni = oursAt(1);
    assertThat(seen(eni).attachment().orElseThrow().status()).isEqualTo("attaching");
    assertThat(read(eni).place()).isPresent();

    scene.clock.advance(Duration.ofSeconds(5));
    scene.detach(eni);

    assertThat(seen(eni).attachment().orElseThrow().status()).isEqualTo("detaching");
    assertThat(read(eni).place()).isEmpty();
  }

  @Test
  void theInterfacesOfAnInstanceAreThoseOfTheClusterThatAreAttachedToIt() {
    String first = oursAt(1);
    String second = oursAt(2);
    ours();
    scene
        .cloud
        .world()
        .attachForeign(instance, 3, 0, Map.of(Tags.CLUSTER, "another", "owner", "storage"));
    String neighbour = scene.launch();
    scene.cloud.world().attachByHand(ours(), neighbour, 1, 0);

    assertThat(addresses.interfacesOf(EdgeScene.CLUSTER, instance))
        .extracting(MultusInterface::networkInterfaceId)
        .containsExactlyElementsOf(Stream.of(first, second).sorted().toList());
    assertThat(addresses.interfacesOf("nobody", instance)).isEmpty();
  }

  @Test
  void interfacesAreReadPageByPageAThousandAtATime() {
    ours();
    addresses.interfaces(EdgeScene.CLUSTER);
    addresses.interfacesOf(EdgeScene.CLUSTER, instance);

    assertThat(scene.sent("DescribeNetworkInterfaces"))
        .hasSize(2)
        .allSatisfy(sent ->
            assertThat(sent).containsEntry("MaxResults", "1000").containsKey("Filter.1.Name"));
  }

  // Subnets and limits.

  @Test
  void aSubnetsRangesAreThoseOfBothFamilies() {
    assertThat(addresses.subnets(List.of(scene.n3, scene.n6, "subnet-0123456789abcdef0")))
        .containsOnly(
            Map.entry(
                scene.n3,
                new SubnetRange(
                    scene.n3,
                    List.of(
                        AddressBlock.of("10.0.30.0/24"), AddressBlock.of("2001:db8:0:30::/64")))),
            Map.entry(
                scene.n6, new SubnetRange(scene.n6, List.of(AddressBlock.of("10.0.60.0/24")))));
  }

  @Test
  void limitsOfSeveralTypesAreOneCallAndAnUnknownTypeIsLeftOut() {
    Map<String, InstanceLimits> limits =
        addresses.limits(List.of("m5.xlarge", "x9z.huge", "c5.large"));

    assertThat(limits).containsOnlyKeys("m5.xlarge", "c5.large");
    assertThat(limits)
        .hasEntrySatisfying(
            "m5.xlarge", type -> assertThat(type.ipv4AddressesPerInterface()).isEqualTo(15))
        .hasEntrySatisfying(
            "c5.large", type -> assertThat(type.ipv6AddressesPerInterface()).isEqualTo(10));
    assertThat(scene.sent("DescribeInstanceTypes")).hasSize(1);
  }

  @Test
  void whatIsRememberedIsSharedWithTheOtherEdgeAndCanBeForgotten() {
    scene.ec2.nodeFacts(instance);
    scene.ec2.subnets(List.of(scene.n3));
    addresses.limits(List.of("m5.xlarge"));
    addresses.subnets(List.of(scene.n3));
    assertThat(scene.sent("DescribeInstanceTypes")).hasSize(1);
    assertThat(scene.sent("DescribeSubnets")).hasSize(1);

    scene.ec2.forgetCachedFacts();
    addresses.limits(List.of("m5.xlarge"));
    addresses.subnets(List.of(scene.n3));
    assertThat(scene.sent("DescribeInstanceTypes")).hasSize(2);
    assertThat(scene.sent("DescribeSubnets")).hasSize(2);
  }

  @Test
  void nothingToLookUpIsNoCall() {
    assertThat(addresses.limits(Set.of())).isEmpty();
    assertThat(addresses.subnets(Set.of())).isEmpty();
    assertThat(scene.cloud.calls().all()).isEmpty();
  }

  // Holders.

  @Test
  void theHolderOfASecondaryAddressIsToldWithTheInterfaceWhereItIsOurs() {
    String eni = oursAt(1);
    addresses.assign(eni, ips("10.0.30.70"), false);
    addresses.assign(eni, ips("2001:db8:0:30::70"), false);
    MultusInterface read = read(eni);

    for (IpAddress address : ips("10.0.30.70", "2001:db8:0:30::70")) {
      AddressEdge.Holder holder =
          addresses
              .holderOf(EdgeScene.CLUSTER, Optional.of(scene.n3), address)
              .orElseThrow(() -> new AssertionError("nobody has " + address));
      assertThat(holder.networkInterfaceId()).isEqualTo(eni);
      assertThat(holder.primary()).isFalse();
      assertThat(holder.isOurs()).isTrue();
      assertThat(holder.ours()).contains(read);
    }
  }

  @Test
  void aPrimaryAddressAndAForeignHolderAreToldAsSuch() {
    String eni = theirs();
    IpAddress primary = IpAddress.of(seen(eni).primaryAddress());

    AddressEdge.Holder holder =
        addresses.holderOf(EdgeScene.CLUSTER, Optional.empty(), primary).orElseThrow();

    assertThat(holder).isEqualTo(new AddressEdge.Holder(eni, true, Optional.empty()));
    assertThat(holder.isOurs()).isFalse();
  }

  @Test
  void aFreeAddressHasNoHolderAndAnotherSubnetDoesNotCount() {
    String eni = ours();
    addresses.assign(eni, ips("10.0.30.70"), false);

    assertThat(
            addresses.holderOf(
                EdgeScene.CLUSTER, Optional.of(scene.n3), IpAddress.of("10.0.30.71")))
        .isEmpty();
    assertThat(
            addresses.holderOf(
                EdgeScene.CLUSTER, Optional.of(scene.n6), IpAddress.of("10.0.30.70")))
        .isEmpty();
  }

  @Test
  void whereTwoVpcsUseOneRangeOursGoesBeforeOthers() {
    String otherVpc = scene.cloud.world().vpc("10.0.0.0/16");
    String otherSubnet = scene.cloud.world().subnet(otherVpc, EdgeScene.ZONE, "10.0.30.0/24");
    for (int i = 0; i < 4; i++) {
      String foreign = scene.createTagged(otherSubnet, Map.of(), 0);
      addresses.assign(foreign, ips("10.0.30.7" + i), false);
      String own = ours();
      addresses.assign(own, ips("10.0.30.7" + i), false);

      IpAddress address = IpAddress.of("10.0.30.7" + i);
      assertThat(
              addresses
                  .holderOf(EdgeScene.CLUSTER, Optional.empty(), address)
                  .map(AddressEdge.Holder::networkInterfaceId))
          .contains(own);
      assertThat(
              addresses
                  .holderOf(EdgeScene.CLUSTER, Optional.of(otherSubnet), address)
                  .map(AddressEdge.Holder::networkInterfaceId))
          .contains(foreign);
    }
  }

  // Changes.

  @Test
  void anAssignIsOneCallWithoutReassignmentUnlessAskedFor() {
    String eni = ours();
    addresses.assign(eni, ips("10.0.30.71", "10.0.30.70"), false);
    addresses.assign(eni, ips("10.0.30.72"), true);

    assertThat(seen(eni).secondaryAddresses())
        .containsExactly("10.0.30.70", "10.0.30.71", "10.0.30.72");
    assertThat(scene.sent("AssignPrivateIpAddresses"))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .containsEntry("PrivateIpAddress.1", "10.0.30.70")
                    .containsEntry("PrivateIpAddress.2", "10.0.30.71")
                    .containsEntry("AllowReassignment", "false"),
            second -> assertThat(second).containsEntry("AllowReassignment", "true"));
  }

  @Test
  void anAddressOfAnotherInterfaceMovesOnlyWhenAllowedToAndTheRefusalNamesIt() {
    String from = ours();
    String to = ours();
    addresses.assign(from, ips("10.0.30.70"), false);

    CallFailure refused =
        failure(() -> addresses.assign(to, ips("10.0.30.69", "10.0.30.70"), false)).orElseThrow();
    assertThat(refused.meaning()).isEqualTo(ErrorMeaning.ADDRESS_TAKEN);
    assertThat(refused.resource()).isEqualTo(to + ": 10.0.30.69, 10.0.30.70");
    assertThat(AwsErrors.addressesIn(refused.answer()))
        .containsExactlyElementsOf(ips("10.0.30.70"));
    assertThat(seen(to).secondaryAddresses()).isEmpty();

    addresses.assign(to, ips("10.0.30.69", "10.0.30.70"), true);
    assertThat(seen(to).secondaryAddresses()).containsExactly("10.0.30.69", "10.0.30.70");
    assertThat(seen(from).secondaryAddresses()).isEmpty();
  }

  @Test
  void aPrimaryAddressOfAnotherInterfaceNeverMoves() {
    String other = ours();
    String eni = ours();
    IpAddress primary = IpAddress.of(seen(other).primaryAddress());

    assertMeaning(ErrorMeaning.ADDRESS_TAKEN, () -> addresses.assign(eni, List.of(primary), true));
    assertThat(seen(other).primaryAddress()).isEqualTo(primary.toString());
  }

  @Test
  void addressesThatTheSubnetCannotGiveAreInvalid() {
    String eni = ours();

    assertMeaning(ErrorMeaning.INVALID, () -> addresses.assign(eni, ips("10.0.60.70"), true));
    assertMeaning(ErrorMeaning.INVALID, () -> addresses.assign(eni, ips("10.0.30.1"), true));
  }

  @Test
  void aFullInterfaceHasNoRoomAndIsLeftAsItWas() {
    String eni = oursAt(1);
    addresses.assign(eni, sequence(70, 14), false);

    assertMeaning(
        ErrorMeaning.NO_ROOM_ON_INTERFACE, () -> addresses.assign(eni, ips("10.0.30.200"), false));
    assertThat(seen(eni).secondaryAddresses()).hasSize(14);
  }

  private static List<IpAddress> sequence(int from, int count) {
    return Stream.iterate(from, n -> n + 1)
        .limit(count)
        .map(n -> IpAddress.of("10.0.30." + n))
        .toList();
  }

  @Test
  void ipv6AddressesAreAssignedAndReleasedByTheirOwnCalls() {
    String eni = ours();
    addresses.assign(eni, ips("2001:db8:0:30::71", "2001:db8:0:30::70"), false);
    assertThat(seen(eni).ipv6Addresses()).containsExactly("2001:db8:0:30::70", "2001:db8:0:30::71");

    addresses.unassign(eni, ips("2001:db8:0:30::70"));
    assertThat(seen(eni).ipv6Addresses()).containsExactly("2001:db8:0:30::71");
  }

  @Test
  void anIpv6AddressOfAnotherInterfaceIsTaken() {
    String from = ours();
    String to = ours();
    addresses.assign(from, ips("2001:db8:0:30::70"), false);

    assertMeaning(
        ErrorMeaning.ADDRESS_TAKEN, () -> addresses.assign(to, ips("2001:db8:0:30::70"), false));
  }

  @Test
  void callsThatEc2DoesNotHaveAreRefusedBeforeTheyAreSent() {
    String eni = ours();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> addresses.assign(eni, ips("2001:db8:0:30::70"), true))
        .withMessageContaining("2001:db8:0:30::70");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> addresses.assign(eni, ips("10.0.30.70", "2001:db8:0:30::70"), false))
        .withMessageContaining("one family");
    assertThatIllegalArgumentException().isThrownBy(() -> addresses.assign(eni, List.of(), false));
    assertThatIllegalArgumentException().isThrownBy(() -> addresses.unassign(eni, List.of()));
    assertThat(scene.counter.byAction()).isEmpty();
  }

  @Test
  void releasedAddressesAreGoneAndWhatIsNotThereCountsAsDone() {
    String eni = ours();
    addresses.assign(eni, ips("10.0.30.70", "10.0.30.71"), false);

    addresses.unassign(eni, ips("10.0.30.70"));
    assertThat(seen(eni).secondaryAddresses()).containsExactly("10.0.30.71");

    assertMeaning(
        ErrorMeaning.ALREADY_DONE, () -> addresses.unassign(eni, ips("10.0.30.70", "10.0.30.71")));
    assertThat(seen(eni).secondaryAddresses())
        .as("all or none: what is there must be released by a call of its own")
        .containsExactly("10.0.30.71");
  }

  @Test
  void thePrimaryAddressIsNeverReleased() {
    String eni = ours();
    IpAddress primary = IpAddress.of(seen(eni).primaryAddress());

    assertMeaning(ErrorMeaning.INVALID, () -> addresses.unassign(eni, List.of(primary)));
  }

  @Test
  void anInterfaceThatIsGoneIsToldApart() {
    assertMeaning(
        ErrorMeaning.NOT_YET_VISIBLE,
        () -> addresses.assign("eni-0123456789abcdef0", ips("10.0.30.70"), false));
    assertMeaning(
        ErrorMeaning.NOT_YET_VISIBLE,
        () -> addresses.unassign("eni-0123456789abcdef0", ips("10.0.30.70")));
  }

  @Test
  void nothingIsSentAfterTheDeadline() {
    String eni = ours();

    assertMeaning(
        ErrorMeaning.TRANSIENT,
        () -> scene.addressesTooLate().assign(eni, ips("10.0.30.70"), false));
    assertThat(scene.sent("AssignPrivateIpAddresses")).isEmpty();
  }
}
