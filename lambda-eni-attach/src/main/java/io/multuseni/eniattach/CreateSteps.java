// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.aws.Ec2Edge;
import io.multuseni.core.attach.AddressChooser;
import io.multuseni.core.attach.PlannedInterface;
import io.multuseni.core.attach.PollSchedule;
import io.multuseni.core.config.Network.PrimaryAddress;
import io.multuseni.core.config.Tags;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.node.SubnetFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Creates network interfaces: in the subnet with most room, at the address that the network asks
 * for, with a client token that has one meaning for every run.
 */
final class CreateSteps {
  /**
   * A used client token leads to the next generation; so many in one run, and something is wrong.
   */
  static final int GENERATIONS = 4;

  private final Invocation run;
  private final Ec2Edge ec2;
  private final String instanceId;

  CreateSteps(Invocation run, String instanceId) {
    this.run = run;
    this.ec2 = run.ec2();
    this.instanceId = instanceId;
  }

  /**
   * Creates the interface of a slot, or adopts the one that another run created.
   *
   * @param planned what is planned for the slot
   * @param firstGeneration the generation to begin with
   * @throws CallFailure where neither is possible
   */
  Underway create(PlannedInterface planned, int firstGeneration) {
    int generation = firstGeneration;
    while (true) {
      try {
        InterfaceFacts made = createInSomeSubnet(planned, generation);
        return new Underway(planned, made, generation, true);
      } catch (CallFailure failure) {
        if (failure.meaning() != ErrorMeaning.TOKEN_REUSED) {
          throw failure;
        }
        // Another run made it with other parameters, or somebody deleted what it made.
        Optional<InterfaceFacts> adopted = madeFor(planned);
        if (adopted.isPresent()) {
          return new Underway(planned, adopted.get(), generation, false);
        }
        generation++;
        if (generation >= firstGeneration + GENERATIONS) {
          throw failure;
        }
      }
    }
  }

  private InterfaceFacts createInSomeSubnet(PlannedInterface planned, int generation) {
    List<SubnetFacts> subnets = planned.subnets();
    for (int i = 0; ; i++) {
      try {
        return createIn(planned, subnets.get(i), generation);
      } catch (CallFailure failure) {
        boolean full = failure.meaning() == ErrorMeaning.NO_ROOM_IN_SUBNET;
        if (!full || i + 1 >= subnets.size()) {
          throw failure;
        }
      }
    }
  }

  private InterfaceFacts createIn(PlannedInterface planned, SubnetFacts subnet, int generation) {
    if (planned.network().primaryAddress() == PrimaryAddress.ANY || subnet.ipv4Cidr().isEmpty()) {
      return ec2.create(run.cluster(), instanceId, planned, subnet, Optional.empty(), generation);
    }
    List<String> free =
        AddressChooser.lowestFree(subnet.ipv4Cidr(), ec2.usedAddresses(subnet.subnetId()));
    for (String address : free) {
      try {
        return ec2.create(
            run.cluster(), instanceId, planned, subnet, Optional.of(address), generation);
      } catch (CallFailure failure) {
        // Nodes that launch at once all see the same lowest address; one of them gets it.
        if (failure.meaning() != ErrorMeaning.ADDRESS_TAKEN) {
          throw failure;
        }
      }
    }
    throw new CallFailure(
        ErrorMeaning.NO_ROOM_IN_SUBNET,
        "CreateNetworkInterface",
        "subnet " + subnet.subnetId() + " for " + instanceId,
        "NoLowFreeAddress",
        free.isEmpty()
            ? "the subnet has no free address"
            : "the %d lowest free addresses were taken meanwhile".formatted(free.size()),
        null);
  }

  /** Looks for what another run made for the slot, for as long as it may not be visible yet. */
  private Optional<InterfaceFacts> madeFor(PlannedInterface planned) {
    List<String> subnetIds = planned.subnets().stream().map(SubnetFacts::subnetId).toList();
    Instant began = run.time().now();
    while (true) {
      Optional<InterfaceFacts> found =
          ec2.taggedFor(instanceId).stream()
              .filter(one -> one.hasTag(Tags.CLUSTER, run.cluster()))
              .filter(one -> one.hasTag(Tags.NETWORK, planned.network().name()))
              .filter(one ->
                  one.hasTag(Tags.DEVICE_INDEX, Integer.toString(planned.slot().deviceIndex())))
              .filter(one ->
                  one.hasTag(
                      Tags.NETWORK_CARD, Integer.toString(planned.slot().networkCardIndex())))
              .filter(one -> subnetIds.contains(one.subnetId()))
              .filter(one ->
                  one.attachment().isEmpty()
                      || one.slotOn(instanceId).filter(planned.slot()::equals).isPresent())
              .findFirst();
      Duration waited = Duration.between(began, run.time().now());
      if (found.isPresent()
          || waited.compareTo(AttachSteps.VISIBILITY) >= 0
          || run.stepsDeadline().isOver()) {
        return found;
      }
      run.time().pause(PollSchedule.gapAfter(waited));
    }
  }
}
