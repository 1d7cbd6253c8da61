// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import io.multuseni.base.AgedCache;
import io.multuseni.core.node.InstanceLimits;
import io.multuseni.core.node.SubnetFacts;
import io.multuseni.core.slot.Slot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.SubnetIpv6CidrBlockAssociation;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * What both edges to EC2 need of it: describes page by page, and what rarely changes from memory.
 *
 * @param ec2 the client
 * @param scope counts the calls and bounds them
 * @param subnetCache subnets that were read lately, by id
 * @param limitsCache limits that were read lately, by instance type
 */
record Ec2Calls(
    Ec2Client ec2,
    CallScope scope,
    AgedCache<String, SubnetFacts> subnetCache,
    AgedCache<String, InstanceLimits> limitsCache) {
  /** EC2 takes this many values in one filter. */
  private static final int FILTER_VALUES = 200;

  /** Looks interfaces up by filters, page by page. */
  List<NetworkInterface> networkInterfaces(String resource, List<Filter> filters) {
    List<NetworkInterface> found = new ArrayList<>();
    scope.eachPage(
        "DescribeNetworkInterfaces",
        resource,
        (settings, token) -> {
          DescribeNetworkInterfacesResponse page =
              ec2.describeNetworkInterfaces(request ->
                  request
                      .overrideConfiguration(settings)
                      .nextToken(token)
                      .maxResults(1000)
                      .filters(filters));
          found.addAll(page.networkInterfaces());
          return page.nextToken();
        });
    return found;
  }

  /** Looks subnets up, from memory where they were read lately; missing ones don't exist. */
  Map<String, SubnetFacts> subnets(Collection<String> ids) {
    return remembered(
        subnetCache,
        ids,
        (part, found) ->
            scope.eachPage(
                "DescribeSubnets",
                String.join(", ", part),
                (settings, token) -> {
                  DescribeSubnetsResponse page =
                      ec2.describeSubnets(request ->
                          request
                              .overrideConfiguration(settings)
                              .nextToken(token)
                              .filters(filter("subnet-id", part)));
                  page.subnets().stream().map(Ec2Calls::toFacts).forEach(found);
                  return page.nextToken();
                }),
        SubnetFacts::subnetId);
  }

  /**
   * The limits of instance types, from memory where they were read lately; missing ones are unknown
   * to EC2. It is asked by filter, since one unknown name fails a describe by names.
   */
  Map<String, InstanceLimits> limits(Collection<String> instanceTypes) {
    return remembered(
        limitsCache,
        instanceTypes,
        (part, found) ->
            scope.eachPage(
                "DescribeInstanceTypes",
                String.join(", ", part),
                (settings, token) -> {
                  DescribeInstanceTypesResponse page =
                      ec2.describeInstanceTypes(request ->
                          request
                              .overrideConfiguration(settings)
                              .nextToken(token)
                              .filters(filter("instance-type", part)));
                  page.instanceTypes().stream().map(Ec2Calls::toLimits).forEach(found);
                  return page.nextToken();
                }),
        InstanceLimits::instanceType);
  }

  /** Drops what is remembered, so that the next look is a fresh one. */
  void forgetCachedFacts() {
    subnetCache.forget();
    limitsCache.forget();
  }

  /** Reads some of the entries and hands each to the consumer. */
  private interface Reader<V> {
    void read(List<String> part, Consumer<V> found);
  }

  private static <V> Map<String, V> remembered(
      AgedCache<String, V> cache,
      Collection<String> keys,
      Reader<V> reader,
      Function<V, String> keyOf) {
    Map<String, V> found = new HashMap<>();
    List<String> unread = new ArrayList<>();
    for (String key : new TreeSet<>(keys)) {
      cache.get(key).ifPresentOrElse(known -> found.put(key, known), () -> unread.add(key));
    }
    for (List<String> part : parts(unread)) {
      reader.read(part, one -> found.put(keyOf.apply(one), one));
    }
    unread.forEach(
        key -> Optional.ofNullable(found.get(key)).ifPresent(read -> cache.put(key, read)));
    return found;
  }

  static List<List<String>> parts(Collection<String> all) {
    List<String> ids = List.copyOf(new TreeSet<>(all));
    List<List<String>> parts = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += FILTER_VALUES) {
      parts.add(ids.subList(from, Math.min(ids.size(), from + FILTER_VALUES)));
    }
    return parts;
  }

  static Filter filter(String name, List<String> values) {
    return Filter.builder().name(name).values(values).build();
  }

  /** Answers about types with one card may leave its index out. */
  static Slot slotOf(@Nullable Integer card, int deviceIndex) {
    return new Slot(card == null ? 0 : card, deviceIndex);
  }

  static SortedMap<String, String> toMap(List<Tag> tags) {
    SortedMap<String, String> map = new TreeMap<>();
    tags.forEach(tag -> map.put(tag.key(), tag.value()));
    return map;
  }

  private static InstanceLimits toLimits(InstanceTypeInfo type) {
    SortedMap<Integer, Integer> cards = new TreeMap<>();
    type.networkInfo()
        .networkCards()
        .forEach(card -> cards.put(card.networkCardIndex(), card.maximumNetworkInterfaces()));
    if (cards.isEmpty()) {
      cards.put(0, type.networkInfo().maximumNetworkInterfaces());
    }
    return new InstanceLimits(
        type.instanceTypeAsString(),
        cards,
        Optional.ofNullable(type.networkInfo().ipv4AddressesPerInterface()).orElse(0),
        Optional.ofNullable(type.networkInfo().ipv6AddressesPerInterface()).orElse(0));
  }

  private static SubnetFacts toFacts(Subnet subnet) {
    return new SubnetFacts(
        subnet.subnetId(),
        subnet.vpcId(),
        subnet.availabilityZone(),
        Optional.ofNullable(subnet.cidrBlock()).orElse(""),
        Optional.ofNullable(subnet.availableIpAddressCount()).orElse(0),
        subnet.ipv6CidrBlockAssociationSet().stream()
            .filter(one -> "associated".equals(one.ipv6CidrBlockState().stateAsString()))
            .map(SubnetIpv6CidrBlockAssociation::ipv6CidrBlock)
            .toList());
  }
}
