// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import io.multuseni.base.Parallel;
import io.multuseni.core.attach.ClientToken;
import io.multuseni.core.attach.PlannedInterface;
import io.multuseni.core.config.Network;
import io.multuseni.core.config.Tags;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.ip.AddressBlock;
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
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAttachmentChanges;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceIpv6Address;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * The calls of the attach and sweep functions that read or change EC2; beside them, only {@link
 * AddressEdge} can. All of them throw {@link io.multuseni.core.error.CallFailure} whatever goes
 * wrong.
 *
 * <p>Describes go by filter and not by id: one id that isn't visible yet fails a whole describe by
 * ids, and a describe without a filter draws on EC2's smaller token bucket.
 */
public final class Ec2Edge {
  /** RFC 4291, section 2.4, as IANA gives it out. */
  private static final AddressBlock GLOBAL_UNICAST = AddressBlock.of("2000::/3");

  private final Ec2Calls calls;
  private final Ec2Client ec2;
  private final CallScope scope;

  Ec2Edge(Ec2Calls calls) {
    this.calls = calls;
    this.ec2 = calls.ec2();
    this.scope = calls.scope();
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
        Ec2Calls.toMap(instance.tags()),
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
                        .filters(Ec2Calls.filter("instance-id", List.of(instanceId)))))
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
    for (List<String> part : Ec2Calls.parts(ids)) {
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
                        .filters(Ec2Calls.filter("instance-id", part)));
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
    return Optional.ofNullable(calls.limits(List.of(instanceType)).get(instanceType))
        .orElseThrow(() ->
            new CallFailure(
                ErrorMeaning.INVALID,
                "DescribeInstanceTypes",
                instanceType,
                "NoSuchType",
                "EC2 says nothing of this type",
                null));
  }

  /** Looks subnets up, from memory where they were read lately; missing ones don't exist. */
  public Map<String, SubnetFacts> subnets(Collection<String> ids) {
    return calls.subnets(ids);
  }

  /** Drops what is remembered, so that the next look is a fresh one. */
  public void forgetCachedFacts() {
    calls.forgetCachedFacts();
  }

  /** The interfaces that are tagged for an instance, attached or not. */
  public List<InterfaceFacts> taggedFor(String instanceId) {
    return describeInterfaces(
        "tag " + Tags.INSTANCE + "=" + instanceId,
        List.of(Ec2Calls.filter("tag:" + Tags.INSTANCE, List.of(instanceId))));
  }

  /** Every interface of a cluster. */
  public List<InterfaceFacts> ofCluster(String cluster) {
    return describeInterfaces(
        "tag " + Tags.CLUSTER + "=" + cluster,
        List.of(Ec2Calls.filter("tag:" + Tags.CLUSTER, List.of(cluster))));
  }

  /** Looks interfaces up by id; those that aren't visible are missing in the answer. */
  public List<InterfaceFacts> interfaces(Collection<String> ids) {
    List<InterfaceFacts> found = new ArrayList<>();
    for (List<String> part : Ec2Calls.parts(ids)) {
      found.addAll(
          describeInterfaces(
              String.join(", ", part), List.of(Ec2Calls.filter("network-interface-id", part))));
    }
    return found;
  }

  /** The IPv4 addresses in use in a subnet, as far as this account sees them. */
  public Set<String> usedAddresses(String subnetId) {
    return calls
        .networkInterfaces(subnetId, List.of(Ec2Calls.filter("subnet-id", List.of(subnetId))))
        .stream()
        .flatMap(one -> one.privateIpAddresses().stream())
        .map(address -> address.privateIpAddress())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<InterfaceFacts> describeInterfaces(String resource, List<Filter> filters) {
    return calls.networkInterfaces(resource, filters).stream().map(Ec2Edge::toFacts).toList();
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
      if (hasOnlyGlobalIpv6(subnet)) {
        request.enablePrimaryIpv6(true);
      }
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
   * Whether the first IPv6 address of an interface can be made its primary one, which nobody can
   * take away while it is attached: otherwise it would look like a pod's address that is left over.
   * EC2 does so with global unicast addresses only (EC2 API reference, CreateNetworkInterface).
   */
  private static boolean hasOnlyGlobalIpv6(SubnetFacts subnet) {
    return subnet.ipv6Cidrs().stream()
        .allMatch(cidr -> AddressBlock.parse(cidr).filter(GLOBAL_UNICAST::contains).isPresent());
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
        Ec2Calls.toMap(one.tagSet()),
        Optional.ofNullable(one.description()).orElse(""),
        Optional.ofNullable(one.attachment())
            .filter(attachment -> attachment.attachmentId() != null)
            .map(attachment ->
                new Attachment(
                    attachment.attachmentId(),
                    Optional.ofNullable(attachment.instanceId()),
                    Ec2Calls.slotOf(attachment.networkCardIndex(), attachment.deviceIndex()),
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
                Ec2Calls.slotOf(
                    one.attachment().networkCardIndex(), one.attachment().deviceIndex()),
                one.attachment().statusAsString(),
                Boolean.TRUE.equals(one.attachment().deleteOnTermination()))));
  }

  private static List<Tag> toTags(SortedMap<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }
}
