// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.address.Step.Assign;
import io.multuseni.core.address.Step.Release;
import io.multuseni.core.address.Step.TakeOver;
import io.multuseni.core.ip.IpAddress;
import io.multuseni.core.node.InstanceLimits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Carries a plan out as EC2 would, and refuses what EC2 would refuse. The steps of a wave come in
 * any order, since they may be sent side by side.
 */
final class ModelEc2 {
  private final VpcFacts facts;
  private final Map<String, String> typeByInstance;
  private final SortedMap<String, SortedSet<IpAddress>> secondary = new TreeMap<>();

  /** What EC2 would have refused. */
  static final class Refused extends AssertionError {
    private static final long serialVersionUID = 1L;

    Refused(Step step, String why) {
      super(why + ": " + step);
    }
  }

  ModelEc2(VpcFacts facts, Map<String, String> typeByInstance) {
    this.facts = facts;
    this.typeByInstance = typeByInstance;
    facts.interfaces().forEach((id, one) -> secondary.put(id, new TreeSet<>(one.secondary())));
  }

  /** What EC2 shows now. */
  VpcFacts facts() {
    SortedMap<String, MultusInterface> now = new TreeMap<>();
    facts.interfaces().forEach((id, one) -> now.put(id, one.withSecondary(secondaryOf(id))));
    return facts.withInterfaces(now);
  }

  SortedSet<IpAddress> secondaryOf(String networkInterfaceId) {
    return secondary.getOrDefault(networkInterfaceId, new TreeSet<>());
  }

  void carryOut(AddressPlan plan, Random random) {
    for (List<Step> wave : plan.waves()) {
      List<Step> anyOrder = new ArrayList<>(wave);
      Collections.shuffle(anyOrder, random);
      anyOrder.forEach(this::carryOut);
    }
  }

  private void carryOut(Step step) {
    MultusInterface target = facts.interfaces().get(step.networkInterfaceId());
    if (target == null) {
      throw new Refused(step, "InvalidNetworkInterfaceID.NotFound");
    }
    if (step.addresses().isEmpty()
        || new HashSet<>(step.addresses()).size() < step.addresses().size()
        || step.addresses().stream().map(IpAddress::family).distinct().count() > 1) {
      throw new Refused(step, "MalformedQueryString");
    }
    for (IpAddress address : step.addresses()) {
      switch (step) {
        case Assign _ -> {
          refuseUnlessInSubnet(step, target, address);
          if (holder(target.subnetId(), address).isPresent()
              || isPrimary(target.subnetId(), address)) {
            throw new Refused(step, address + " assigned, but move is not allowed");
          }
          secondaryOf(target.networkInterfaceId()).add(address);
        }
        case TakeOver _ -> {
          refuseUnlessInSubnet(step, target, address);
          if (address.isIpv6()) {
            throw new Refused(step, "an IPv6 address can't be reassigned");
          }
          String holder =
              holder(target.subnetId(), address)
                  .filter(id -> !id.equals(target.networkInterfaceId()))
                  .orElseThrow(
                      () -> new Refused(step, address + " is no secondary address of another"));
          secondaryOf(holder).remove(address);
          secondaryOf(target.networkInterfaceId()).add(address);
        }
        case Release _ -> {
          if (!secondaryOf(target.networkInterfaceId()).remove(address)) {
            throw new Refused(step, address + " is no secondary address of it");
          }
        }
      }
    }
    IpAddress.Family family = step.addresses().getFirst().family();
    int count = target.withSecondary(secondaryOf(target.networkInterfaceId())).count(family);
    if (!(step instanceof Release) && count > limitOf(target, family)) {
      throw new Refused(step, "PrivateIpAddressLimitExceeded");
    }
  }

  private void refuseUnlessInSubnet(Step step, MultusInterface target, IpAddress address) {
    SubnetRange subnet = facts.subnets().get(target.subnetId());
    if (subnet == null || !subnet.contains(address) || subnet.isReservedByAws(address)) {
      throw new Refused(step, address + " is not in the subnet, or kept by AWS");
    }
  }

  private Optional<String> holder(String subnetId, IpAddress address) {
    return facts.interfaces().values().stream()
        .filter(one -> one.subnetId().equals(subnetId))
        .map(MultusInterface::networkInterfaceId)
        .filter(id -> secondaryOf(id).contains(address))
        .findFirst();
  }

  private boolean isPrimary(String subnetId, IpAddress address) {
    return facts.interfaces().values().stream()
        .anyMatch(one -> one.subnetId().equals(subnetId) && one.primary().contains(address));
  }

  private int limitOf(MultusInterface one, IpAddress.Family family) {
    InstanceLimits limits =
        facts
            .limits()
            .get(
                one.place()
                    .map(place -> typeByInstance.getOrDefault(place.instanceId(), ""))
                    .orElse(""));
    if (limits == null) {
      return Integer.MAX_VALUE;
    }
    return family == IpAddress.Family.IPV4
        ? limits.ipv4AddressesPerInterface()
        : limits.ipv6AddressesPerInterface();
  }
}
