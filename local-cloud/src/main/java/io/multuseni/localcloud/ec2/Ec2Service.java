// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import io.multuseni.localcloud.wire.ApiError;
import io.multuseni.localcloud.wire.Ec2Action;
import io.multuseni.localcloud.wire.Page;
import io.multuseni.localcloud.wire.Selection;
import io.multuseni.localcloud.wire.Xml;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** Answers calls to EC2 from the state of an {@link Ec2World}. The cloud's lock guards it. */
public final class Ec2Service {
  private final Ec2World world;
  private final InterfaceActions actions;

  /** A service on {@code world}. */
  public Ec2Service(Ec2World world) {
    this.world = world;
    this.actions = world.actions();
  }

  /**
   * Carries out a call.
   *
   * @param dryRun whether to stop with {@code DryRunOperation} where the effect would begin
   * @return the elements inside the answer's root
   * @throws ApiError the refusal, without any effect
   */
  public Xml answer(Ec2Action action, boolean dryRun) {
    Ec2Xml form = new Ec2Xml(world.options.get(), world.clock.now());
    Xml xml = new Xml();
    switch (action) {
      case Ec2Action.DescribeInstances call -> describeInstances(xml, form, call.selection());
      case Ec2Action.DescribeInstanceTypes call ->
          describeInstanceTypes(xml, form, call.selection());
      case Ec2Action.DescribeSubnets call -> describeSubnets(xml, form, call.selection());
      case Ec2Action.DescribeSecurityGroups call -> describeGroups(xml, form, call.selection());
      case Ec2Action.DescribeNetworkInterfaces call ->
          describeInterfaces(xml, form, call.selection());
      case Ec2Action.GetSubnetCidrReservations call -> reservations(xml, form, call);
      case Ec2Action.CreateNetworkInterface call -> {
        NetworkInterface eni = actions.create(call, dryRun);
        xml.element("networkInterface", x -> form.networkInterface(x, eni))
            .text("clientToken", call.clientToken());
      }
      case Ec2Action.AttachNetworkInterface call -> {
        Attachment attachment =
            actions.attach(
                call.networkInterfaceId(),
                call.instanceId(),
                call.deviceIndex(),
                call.networkCardIndex(),
                dryRun);
        xml.text("attachmentId", attachment.id).text("networkCardIndex", attachment.card);
      }
      case Ec2Action.DetachNetworkInterface call -> {
        actions.detach(call, dryRun);
        xml.text("return", true);
      }
      case Ec2Action.ModifyNetworkInterfaceAttribute call -> {
        actions.modify(call, dryRun);
        xml.text("return", true);
      }
      case Ec2Action.DeleteNetworkInterface call -> {
        actions.delete(call, dryRun);
        xml.text("return", true);
      }
      case Ec2Action.CreateTags call -> {
        actions.createTags(call, dryRun);
        xml.text("return", true);
      }
      case Ec2Action.DeleteTags call -> {
        actions.deleteTags(call, dryRun);
        xml.text("return", true);
      }
      case Ec2Action.AssignPrivateIpAddresses call -> {
        List<Ip> assigned = actions.assignIpv4(call, dryRun);
        xml.text("networkInterfaceId", call.networkInterfaceId())
            .items(
                "assignedPrivateIpAddressesSet",
                assigned,
                (x, ip) -> x.text("privateIpAddress", ip))
            .text("return", true);
      }
      case Ec2Action.UnassignPrivateIpAddresses call -> {
        actions.unassignIpv4(call, dryRun);
        xml.text("return", true);
      }
      case Ec2Action.AssignIpv6Addresses call -> {
        List<Ip> assigned = actions.assignIpv6(call, dryRun);
        xml.text("networkInterfaceId", call.networkInterfaceId())
            .items("assignedIpv6Addresses", assigned, Xml::raw);
      }
      case Ec2Action.UnassignIpv6Addresses call -> {
        List<Ip> gone = actions.unassignIpv6(call, dryRun);
        xml.text("networkInterfaceId", call.networkInterfaceId())
            .items("unassignedIpv6Addresses", gone, Xml::raw);
      }
      case Ec2Action.CreateSubnetCidrReservation call -> {
        CidrReservation reservation = actions.reserve(call, dryRun);
        Subnet subnet = world.subnetOf(call.subnetId());
        xml.element("subnetCidrReservation", x -> form.reservation(x, reservation, subnet));
      }
      case Ec2Action.TerminateInstances call -> terminate(xml, call.instanceIds(), dryRun);
    }
    // Describe calls have no effect to stop before; a dry run of them ends here.
    if (dryRun) {
      throw Ec2Errors.dryRun();
    }
    return xml;
  }

  private void describeInstances(Xml xml, Ec2Xml form, Selection selection) {
    List<Instance> all =
        select(
            selection,
            world.instances.values(),
            world::instanceOf,
            i -> i.id,
            i ->
                Ec2Filters.pass(
                    i, selection.filters(), name -> Ec2Filters.instanceValues(i, name)));
    Page<Instance> page =
        Page.of(all, selection.pageSize(1, 1000), selection.nextToken(), Resource::serial);
    xml.items(
            "reservationSet",
            page.items(),
            (x, instance) ->
                x.text("reservationId", instance.reservationId)
                    .text("ownerId", world.options.get().account())
                    .items("groupSet", List.of(), (e, none) -> {})
                    .items(
                        "instancesSet",
                        List.of(instance),
                        (e, i) -> form.instance(e, i, world.on(i.id))))
        .text("nextToken", page.nextToken());
  }

  private static void describeInstanceTypes(Xml xml, Ec2Xml form, Selection selection) {
    List<String> unknown =
        selection.ids().stream().filter(n -> InstanceTypes.find(n).isEmpty()).toList();
    if (!unknown.isEmpty()) {
      throw ApiError.of(
          "InvalidInstanceType",
          "The following supplied instance types do not exist: ["
              + String.join(", ", unknown)
              + "]");
    }
    List<InstanceTypeInfo> known = List.copyOf(InstanceTypes.all());
    List<InstanceTypeInfo> all =
        known.stream()
            .filter(t -> selection.ids().isEmpty() || selection.ids().contains(t.name()))
            .filter(t ->
                selection.filters().stream()
                    .allMatch(f -> f.matches(instanceTypeValues(t, f.name()))))
            .toList();
    Page<InstanceTypeInfo> page =
        Page.of(all, selection.pageSize(5, 100), selection.nextToken(), known::indexOf);
    xml.items("instanceTypeSet", page.items(), form::instanceType)
        .text("nextToken", page.nextToken());
  }

  private static Collection<String> instanceTypeValues(InstanceTypeInfo type, String name) {
    return switch (name) {
      case "instance-type" -> List.of(type.name());
      case "bare-metal" -> List.of(String.valueOf(type.bareMetal()));
      case "hypervisor" -> type.bareMetal() ? List.of() : List.of("nitro");
      default -> throw Ec2Filters.unknown(name);
    };
  }

  private void describeSubnets(Xml xml, Ec2Xml form, Selection selection) {
    List<Subnet> all =
        select(
            selection,
            world.subnets.values(),
            world::subnetOf,
            s -> s.id,
            s -> Ec2Filters.pass(s, selection.filters(), name -> Ec2Filters.subnetValues(s, name)));
    Page<Subnet> page =
        Page.of(all, selection.pageSize(5, 1000), selection.nextToken(), Resource::serial);
    xml.items("subnetSet", page.items(), form::subnet).text("nextToken", page.nextToken());
  }

  private void describeGroups(Xml xml, Ec2Xml form, Selection selection) {
    List<SecurityGroup> all =
        select(
            selection,
            world.groups.values(),
            world::groupOf,
            g -> g.id,
            g -> Ec2Filters.pass(g, selection.filters(), name -> Ec2Filters.groupValues(g, name)));
    Page<SecurityGroup> page =
        Page.of(all, selection.pageSize(5, 1000), selection.nextToken(), Resource::serial);
    xml.items("securityGroupInfo", page.items(), form::securityGroup)
        .text("nextToken", page.nextToken());
  }

  private void describeInterfaces(Xml xml, Ec2Xml form, Selection selection) {
    Instant now = world.clock.now();
    String account = world.options.get().account();
    List<NetworkInterface> all =
        select(
            selection,
            world.interfaces.values(),
            world::interfaceOf,
            e -> e.id,
            e ->
                !now.isBefore(e.visibleAt)
                    && Ec2Filters.pass(
                        e,
                        selection.filters(),
                        name -> Ec2Filters.interfaceValues(e, account, now, name)));
    Page<NetworkInterface> page =
        Page.of(all, selection.pageSize(5, 1000), selection.nextToken(), Resource::serial);
    xml.items("networkInterfaceSet", page.items(), form::networkInterface)
        .text("nextToken", page.nextToken());
  }

  private void reservations(Xml xml, Ec2Xml form, Ec2Action.GetSubnetCidrReservations call) {
    Subnet subnet = world.subnetOf(call.subnetId());
    Selection selection = call.selection();
    List<CidrReservation> all =
        subnet.reservations.stream()
            .filter(r ->
                Ec2Filters.pass(
                    r, selection.filters(), name -> Ec2Filters.reservationValues(r, subnet, name)))
            .toList();
    Page<CidrReservation> page =
        Page.of(all, selection.pageSize(5, 1000), selection.nextToken(), Resource::serial);
    for (boolean v6 : new boolean[] {false, true}) {
      xml.items(
          v6 ? "subnetIpv6CidrReservationSet" : "subnetIpv4CidrReservationSet",
          page.items().stream().filter(r -> r.cidr.v6() == v6).toList(),
          (x, r) -> form.reservation(x, r, subnet));
    }
    xml.text("nextToken", page.nextToken());
  }

  private void terminate(Xml xml, List<String> ids, boolean dryRun) {
    List<Instance> instances =
        new ArrayList<>(new LinkedHashSet<>(ids.stream().map(world::instanceOf).toList()));
    if (dryRun) {
      throw Ec2Errors.dryRun();
    }
    xml.items(
        "instancesSet",
        instances,
        (x, instance) -> {
          Instance.State before = instance.state;
          world.terminate(instance.id);
          x.text("instanceId", instance.id)
              .element("currentState", s -> Ec2Xml.state(s, instance.state))
              .element("previousState", s -> Ec2Xml.state(s, before));
        });
  }

  /** Ids are all to be found, or the call fails; filters are free to match nothing. */
  private static <T> List<T> select(
      Selection selection,
      Collection<T> all,
      Consumer<String> find,
      Function<T, String> id,
      Predicate<T> passes) {
    selection.ids().forEach(find);
    return all.stream()
        .filter(t -> selection.ids().isEmpty() || selection.ids().contains(id.apply(t)))
        .filter(passes)
        .toList();
  }
}
