// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import io.multuseni.base.AgedCache;
import io.multuseni.base.Parallel;
import io.multuseni.core.attach.ClientToken;
import io.multuseni.core.attach.PlannedInterface;
import io.multuseni.core.config.Network;
import io.multuseni.core.config.Tags;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.node.Attachment;
import io.multuseni.core.node.InstanceLimits;
import io.multuseni.core.node.InstanceSummary;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.node.NodeFacts;
import io.multuseni.core.node.SubnetFacts;
import io.multuseni.core.slot.Slot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterface;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAttachmentChanges;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceIpv6Address;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * Every call that reads or changes EC2; nothing else can. All of them throw {@link
 * io.multuseni.core.error.CallFailure} whatever goes wrong.
 *
 * <p>Describes go by filter and not by id: one id that isn't visible yet fails a whole describe by
 * ids, and a describe without a filter draws on EC2's smaller token bucket.
 */
public final class Ec2Edge {
  /** EC2 takes this many values in one filter. */
  private static final int FILTER_VALUES = 200;

  private final Ec2Client ec2;
  private final CallScope scope;
  private final AgedCache<String, SubnetFacts> subnetCache;
  private final AgedCache<String, InstanceLimits> limitsCache;

  Ec2Edge(
      Ec2Client ec2,
      CallScope scope,
      AgedCache<String, SubnetFacts> subnetCache,
      AgedCache<String, InstanceLimits> limitsCache) {
    this.ec2 = ec2;
    this.scope = scope;
    this.subnetCache = subnetCache;
    this.limitsCache = limitsCache;
  }

  /**
   * Looks an instance up, and beside it the interfaces that are tagged for it.
   *
   * @param instanceId the instance
   * @return empty where EC2 doesn't know it
   */
  public Optional<NodeFacts> nodeFacts(String instanceId) {
    Parallel.Pair<Optional<Instance>, List<InterfaceFacts>> read =
        Parallel.both(() -> describeInstance(instanceId), () -> taggedFor(instanceId));
    return read.first().map(instance -> toNode(instance, read.second()));
  }

  private NodeFacts toNode(Instance instance, List<InterfaceFacts> tagged) {
    Map<String, InterfaceFacts> interfaces = new LinkedHashMap<>();
    tagged.forEach(one -> interfaces.put(one.networkInterfaceId(), one));
    List<String> unknown = new ArrayList<>();
    for (InstanceNetworkInterface one : instance.networkInterfaces()) {
      if (interfaces.putIfAbsent(one.networkInterfaceId(), toFacts(instance, one)) == null
          && one.attachment().deviceIndex() > 0) {
        unknown.add(one.networkInterfaceId());
      }
    }
    // DescribeInstances gives no tags, and whose an interface is stands in its tags alone.
    if (!unknown.isEmpty()) {
      interfaces(unknown).forEach(one -> interfaces.put(one.networkInterfaceId(), one));
    }
    return new NodeFacts(
        instance.instanceId(),
        stateOf(instance),
        instance.placement().availabilityZone(),
        Optional.ofNullable(instance.vpcId()).orElse(""),
        limits(instance.instanceTypeAsString()),
        instance.launchTime(),
        toMap(instance.tags()),
        List.copyOf(interfaces.values()));
  }

  private Optional<Instance> describeInstance(String instanceId) {
    return scope
        .call(
            "DescribeInstances",
            instanceId,
            settings ->
                ec2.describeInstances(request ->
                    request
                        .overrideConfiguration(settings)
                        .filters(filter("instance-id", List.of(instanceId)))))
        .reservations()
        .stream()
        .flatMap(reservation -> reservation.instances().stream())
        .findFirst();
  }

  /**
   * The state of an instance.
   *
   * @return empty where EC2 doesn't know it
   */
  public Optional<NodeFacts.State> instanceState(String instanceId) {
    return describeInstance(instanceId).map(Ec2Edge::stateOf);
  }

  /** Looks instances up; those that EC2 doesn't know are missing in the answer. */
  public Map<String, InstanceSummary> instances(Collection<String> ids) {
    Map<String, InstanceSummary> found = new HashMap<>();
    for (List<String> part : parts(ids)) {
      scope.eachPage(
          "DescribeInstances",
          part.size() + " instances",
          (settings, token) -> {
            DescribeInstancesResponse page =
                ec2.describeInstances(request ->
                    request
                        .overrideConfiguration(settings)
                        .nextToken(token)
                        .maxResults(1000)
                        .filters(filter("instance-id", part)));
            for (Reservation reservation : page.reservations()) {
              for (Instance one : reservation.instances()) {
                found.put(
                    one.instanceId(),
                    new InstanceSummary(one.instanceId(), stateOf(one), one.launchTime()));
              }
            }
            return page.nextToken();
          });
    }
    return found;
  }

  private InstanceLimits limits(String instanceType) {
    return limitsCache
        .get(instanceType)
        .orElseGet(() -> {
          InstanceLimits limits =
              toLimits(
                  describeInstanceType(instanceType)
                      .orElseThrow(() ->
                          new CallFailure(
                              ErrorMeaning.INVALID,
                              "DescribeInstanceTypes",
                              instanceType,
                              "NoSuchType",
                              "EC2 says nothing of this type",
                              null)));
          limitsCache.put(instanceType, limits);
          return limits;
        });
  }

  private Optional<InstanceTypeInfo> describeInstanceType(String instanceType) {
    return scope
        .call(
            "DescribeInstanceTypes",
            instanceType,
            settings ->
                ec2.describeInstanceTypes(request ->
                    request.overrideConfiguration(settings).instanceTypesWithStrings(instanceType)))
        .instanceTypes()
        .stream()
        .findFirst();
  }

  /** Looks subnets up, from memory where they were read lately; missing ones don't exist. */
  public Map<String, SubnetFacts> subnets(Collection<String> ids) {
    Map<String, SubnetFacts> found = new HashMap<>();
    List<String> unread = new ArrayList<>();
    for (String id : new TreeSet<>(ids)) {
      subnetCache.get(id).ifPresentOrElse(known -> found.put(id, known), () -> unread.add(id));
    }
    for (List<String> part : parts(unread)) {
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
            page.subnets().forEach(subnet -> found.put(subnet.subnetId(), toFacts(subnet)));
            return page.nextToken();
          });
    }
    unread.forEach(
        id -> Optional.ofNullable(found.get(id)).ifPresent(read -> subnetCache.put(id, read)));
    return found;
  }

  /** Drops what is remembered, so that the next look is a fresh one. */
  public void forgetCachedFacts() {
    subnetCache.forget();
    limitsCache.forget();
  }

  /** The interfaces that are tagged for an instance, attached or not. */
  public List<InterfaceFacts> taggedFor(String instanceId) {
    return describeInterfaces(
        "tag " + Tags.INSTANCE + "=" + instanceId,
        List.of(filter("tag:" + Tags.INSTANCE, List.of(instanceId))));
  }

  /** Every interface of a cluster. */
  public List<InterfaceFacts> ofCluster(String cluster) {
    return describeInterfaces(
        "tag " + Tags.CLUSTER + "=" + cluster,
        List.of(filter("tag:" + Tags.CLUSTER, List.of(cluster))));
  }

  /** Looks interfaces up by id; those that aren't visible are missing in the answer. */
  public List<InterfaceFacts> interfaces(Collection<String> ids) {
    List<InterfaceFacts> found = new ArrayList<>();
    for (List<String> part : parts(ids)) {
      found.addAll(
          describeInterfaces(
              String.join(", ", part), List.of(filter("network-interface-id", part))));
    }
    return found;
  }

  /** The IPv4 addresses in use in a subnet, as far as this account sees them. */
  public Set<String> usedAddresses(String subnetId) {
    return networkInterfaces(subnetId, List.of(filter("subnet-id", List.of(subnetId)))).stream()
        .flatMap(one -> one.privateIpAddresses().stream())
        .map(address -> address.privateIpAddress())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<InterfaceFacts> describeInterfaces(String resource, List<Filter> filters) {
    return networkInterfaces(resource, filters).stream().map(Ec2Edge::toFacts).toList();
  }

  private List<NetworkInterface> networkInterfaces(String resource, List<Filter> filters) {
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

  /**
   * Creates an interface with all that it must carry from its first moment.
   *
   * @param cluster the cluster's name
   * @param instanceId the instance that it is for
   * @param planned what is planned for the slot
   * @param subnet the subnet it comes from
   * @param address the primary IPv4 address; empty leaves it to EC2
   * @param generation of the client token
   */
  public InterfaceFacts create(
      String cluster,
      String instanceId,
      PlannedInterface planned,
      SubnetFacts subnet,
      Optional<String> address,
      int generation) {
    Network network = planned.network();
    SortedMap<String, String> tags = new TreeMap<>((Map<String, String>) planned.tags());
    tags.put(Tags.GENERATION, Integer.toString(generation));
    CreateNetworkInterfaceRequest.Builder request =
        CreateNetworkInterfaceRequest.builder()
            .subnetId(subnet.subnetId())
            .groups(network.securityGroups())
            .description(
                "multus-eni %s: network %s of %s".formatted(cluster, network.name(), instanceId))
            .clientToken(ClientToken.of(cluster, instanceId, planned.slot(), generation))
            .tagSpecifications(
                TagSpecification.builder()
                    .resourceType(ResourceType.NETWORK_INTERFACE)
                    .tags(toTags(tags))
                    .build());
    address.ifPresent(request::privateIpAddress);
    if (planned.ipv6Addresses() > 0) {
      request.ipv6AddressCount(planned.ipv6Addresses());
    }
    return scope.call(
        "CreateNetworkInterface",
        "subnet %s with security group(s) %s for %s"
            .formatted(subnet.subnetId(), String.join(", ", network.securityGroups()), instanceId),
        settings ->
            toFacts(
                ec2.createNetworkInterface(request.overrideConfiguration(settings).build())
                    .networkInterface()));
  }

  /**
   * Attaches an interface, network card always named: EC2 checks the wrong slot where it is left
   * out.
   */
  public void attach(String networkInterfaceId, String instanceId, Slot slot) {
    scope.call(
        "AttachNetworkInterface",
        networkInterfaceId + " to " + instanceId + " at " + slot,
        settings ->
            ec2.attachNetworkInterface(request ->
                request
                    .overrideConfiguration(settings)
                    .networkInterfaceId(networkInterfaceId)
                    .instanceId(instanceId)
                    .networkCardIndex(slot.networkCardIndex())
                    .deviceIndex(slot.deviceIndex())));
  }

  /** Lets EC2 delete the interface with its instance. */
  public void setDeleteOnTermination(String networkInterfaceId, String attachmentId) {
    scope.call(
        "ModifyNetworkInterfaceAttribute",
        networkInterfaceId + " DeleteOnTermination",
        settings ->
            ec2.modifyNetworkInterfaceAttribute(request ->
                request
                    .overrideConfiguration(settings)
                    .networkInterfaceId(networkInterfaceId)
                    .attachment(
                        NetworkInterfaceAttachmentChanges.builder()
                            .attachmentId(attachmentId)
                            .deleteOnTermination(true)
                            .build())));
  }

  /** Sets whether EC2 drops packets that are not addressed to the interface. */
  public void setSourceDestCheck(String networkInterfaceId, boolean check) {
    scope.call(
        "ModifyNetworkInterfaceAttribute",
        networkInterfaceId + " SourceDestCheck",
        settings ->
            ec2.modifyNetworkInterfaceAttribute(request ->
                request
                    .overrideConfiguration(settings)
                    .networkInterfaceId(networkInterfaceId)
                    .sourceDestCheck(value -> value.value(check))));
  }

  /** Sets the interface's security groups. */
  public void setSecurityGroups(String networkInterfaceId, List<String> groups) {
    scope.call(
        "ModifyNetworkInterfaceAttribute",
        networkInterfaceId + " Groups",
        settings ->
            ec2.modifyNetworkInterfaceAttribute(request ->
                request
                    .overrideConfiguration(settings)
                    .networkInterfaceId(networkInterfaceId)
                    .groups(groups)));
  }

  /** Adds tags, or sets them anew. */
  public void tag(String networkInterfaceId, SortedMap<String, String> tags) {
    scope.call(
        "CreateTags",
        networkInterfaceId,
        settings ->
            ec2.createTags(request ->
                request
                    .overrideConfiguration(settings)
                    .resources(networkInterfaceId)
                    .tags(toTags(tags))));
  }

  /** Deletes an interface; EC2 refuses while it is attached. */
  public void delete(String networkInterfaceId) {
    scope.call(
        "DeleteNetworkInterface",
        networkInterfaceId,
        settings ->
            ec2.deleteNetworkInterface(request ->
                request.overrideConfiguration(settings).networkInterfaceId(networkInterfaceId)));
  }

  /**
   * Deletes an interface, content where it is gone already: an earlier answer was lost.
   *
   * @return its id
   */
  public String deleteUnlessGone(String networkInterfaceId) {
    try {
      delete(networkInterfaceId);
    } catch (CallFailure failure) {
      if (failure.meaning() != ErrorMeaning.NOT_YET_VISIBLE) {
        throw failure;
      }
    }
    return networkInterfaceId;
  }

  private static List<List<String>> parts(Collection<String> all) {
    List<String> ids = List.copyOf(new TreeSet<>(all));
    List<List<String>> parts = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += FILTER_VALUES) {
      parts.add(ids.subList(from, Math.min(ids.size(), from + FILTER_VALUES)));
    }
    return parts;
  }

  private static Filter filter(String name, List<String> values) {
    return Filter.builder().name(name).values(values).build();
  }

  private static NodeFacts.State stateOf(Instance instance) {
    return switch (instance.state().name()) {
      case PENDING -> NodeFacts.State.PENDING;
      case RUNNING -> NodeFacts.State.RUNNING;
      case STOPPING -> NodeFacts.State.STOPPING;
      case STOPPED -> NodeFacts.State.STOPPED;
      case SHUTTING_DOWN -> NodeFacts.State.SHUTTING_DOWN;
      case TERMINATED -> NodeFacts.State.TERMINATED;
      case UNKNOWN_TO_SDK_VERSION -> NodeFacts.State.PENDING;
    };
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
            .anyMatch(one -> "associated".equals(one.ipv6CidrBlockState().stateAsString())));
  }

  private static InterfaceFacts toFacts(NetworkInterface one) {
    return new InterfaceFacts(
        one.networkInterfaceId(),
        one.subnetId(),
        one.statusAsString(),
        Optional.ofNullable(one.macAddress()).orElse(""),
        Optional.ofNullable(one.privateIpAddress()),
        one.ipv6Addresses().stream().map(NetworkInterfaceIpv6Address::ipv6Address).toList(),
        Boolean.TRUE.equals(one.sourceDestCheck()),
        one.groups().stream().map(GroupIdentifier::groupId).toList(),
        toMap(one.tagSet()),
        Optional.ofNullable(one.description()).orElse(""),
        Optional.ofNullable(one.attachment())
            .filter(attachment -> attachment.attachmentId() != null)
            .map(attachment ->
                new Attachment(
                    attachment.attachmentId(),
                    Optional.ofNullable(attachment.instanceId()),
                    slotOf(attachment.networkCardIndex(), attachment.deviceIndex()),
                    attachment.statusAsString(),
                    Boolean.TRUE.equals(attachment.deleteOnTermination()))));
  }

  private static InterfaceFacts toFacts(Instance instance, InstanceNetworkInterface one) {
    return new InterfaceFacts(
        one.networkInterfaceId(),
        one.subnetId(),
        one.statusAsString(),
        Optional.ofNullable(one.macAddress()).orElse(""),
        Optional.ofNullable(one.privateIpAddress()),
        List.of(),
        Boolean.TRUE.equals(one.sourceDestCheck()),
        one.groups().stream().map(GroupIdentifier::groupId).toList(),
        new TreeMap<>(),
        Optional.ofNullable(one.description()).orElse(""),
        Optional.of(
            new Attachment(
                one.attachment().attachmentId(),
                Optional.of(instance.instanceId()),
                slotOf(one.attachment().networkCardIndex(), one.attachment().deviceIndex()),
                one.attachment().statusAsString(),
                Boolean.TRUE.equals(one.attachment().deleteOnTermination()))));
  }

  /** Answers about types with one card may leave its index out. */
  private static Slot slotOf(@Nullable Integer card, int deviceIndex) {
    return new Slot(card == null ? 0 : card, deviceIndex);
  }

  private static SortedMap<String, String> toMap(List<Tag> tags) {
    SortedMap<String, String> map = new TreeMap<>();
    tags.forEach(tag -> map.put(tag.key(), tag.value()));
    return map;
  }

  private static List<Tag> toTags(SortedMap<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }
}
