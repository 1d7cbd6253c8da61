// SPDX-License-Identifier: Apache-2.0
package io.multuseni.callrecorder;

import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.Tags;
import io.multuseni.localcloud.LocalCloud;
import io.multuseni.localcloud.ec2.AttachmentView;
import io.multuseni.localcloud.ec2.InstanceView;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.services.autoscaling.model.CompleteLifecycleActionRequest;
import software.amazon.awssdk.services.autoscaling.model.CreateOrUpdateTagsRequest;
import software.amazon.awssdk.services.autoscaling.model.RecordLifecycleActionHeartbeatRequest;
import software.amazon.awssdk.services.ec2.model.AssignIpv6AddressesRequest;
import software.amazon.awssdk.services.ec2.model.AssignPrivateIpAddressesRequest;
import software.amazon.awssdk.services.ec2.model.AttachNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceResponse;
import software.amazon.awssdk.services.ec2.model.CreateTagsRequest;
import software.amazon.awssdk.services.ec2.model.DeleteNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;
import software.amazon.awssdk.services.ec2.model.ModifyNetworkInterfaceAttributeRequest;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.UnassignIpv6AddressesRequest;
import software.amazon.awssdk.services.ec2.model.UnassignPrivateIpAddressesRequest;

/** A cloud with what its calls need to be told as IAM sees them. */
final class Account {
  private static final String GROUP_TAG = "aws:autoscaling:groupName";

  private final LocalCloud cloud;
  private final ProvisionerConfig config;

  /** Which cluster an interface is tagged for, by id; kept when the interface is gone. */
  private final Map<String, String> clusters;

  Account(LocalCloud cloud, ProvisionerConfig config) {
    this(cloud, config, new ConcurrentHashMap<>());
  }

  private Account(LocalCloud cloud, ProvisionerConfig config, Map<String, String> clusters) {
    this.cloud = cloud;
    this.config = config;
    this.clusters = clusters;
  }

  LocalCloud cloud() {
    return cloud;
  }

  Account under(ProvisionerConfig other) {
    return new Account(cloud, other, clusters);
  }

  /** What is to be known of an answer. */
  void learn(SdkResponse response) {
    switch (response) {
      case CreateNetworkInterfaceResponse created ->
          remember(
              created.networkInterface().networkInterfaceId(),
              tags(created.networkInterface().tagSet()));
      case DescribeNetworkInterfacesResponse described ->
          described
              .networkInterfaces()
              .forEach(one -> remember(one.networkInterfaceId(), tags(one.tagSet())));
      default -> {
        // Nothing else shows tags of interfaces.
      }
    }
  }

  /**
   * A request as IAM checks it.
   *
   * @param service name of the SDK's client
   * @param operation name of the action
   * @param request the request
   * @return a line for each action that the caller must be allowed: a create with tags has two
   */
  List<String> linesOf(String service, String operation, SdkRequest request) {
    String action = service.replace(" ", "").toLowerCase(Locale.ROOT) + ":" + operation;
    return callsOf(action, request).stream().map(call -> call.toLine(config)).toList();
  }

  private List<RecordedCall> callsOf(String action, SdkRequest request) {
    return switch (request) {
      case CreateNetworkInterfaceRequest create -> created(action, create);
      case AttachNetworkInterfaceRequest attach ->
          one(action, ours(attach.networkInterfaceId()), instance(attach.instanceId()));
      case ModifyNetworkInterfaceAttributeRequest modify -> List.of(modified(action, modify));
      case DeleteNetworkInterfaceRequest delete -> one(action, ours(delete.networkInterfaceId()));
      case AssignPrivateIpAddressesRequest it -> one(action, ours(it.networkInterfaceId()));
      case AssignIpv6AddressesRequest it -> one(action, ours(it.networkInterfaceId()));
      case UnassignPrivateIpAddressesRequest it -> one(action, ours(it.networkInterfaceId()));
      case UnassignIpv6AddressesRequest it -> one(action, ours(it.networkInterfaceId()));
      case CreateTagsRequest tag ->
          tag.resources().stream()
              .map(id -> RecordedCall.of(action, List.of(ours(id))).withTags(tags(tag.tags())))
              .toList();
      case CompleteLifecycleActionRequest it -> one(action, group(it.autoScalingGroupName()));
      case RecordLifecycleActionHeartbeatRequest it ->
          one(action, group(it.autoScalingGroupName()));
      case CreateOrUpdateTagsRequest tag -> marked(action, tag);
      default -> List.of(other(action, request));
    };
  }

  private static List<RecordedCall> one(String action, RecordedCall.Resource... resources) {
    return List.of(RecordedCall.of(action, List.of(resources)));
  }

  private List<RecordedCall> created(String action, CreateNetworkInterfaceRequest create) {
    SortedMap<String, String> tags =
        tags(
            create.tagSpecifications().stream()
                .flatMap(specification -> specification.tags().stream())
                .toList());
    RecordedCall.Resource made = new RecordedCall.Resource("network-interface/*", new TreeMap<>());
    List<RecordedCall.Resource> resources = new ArrayList<>();
    resources.add(made);
    resources.add(plain("subnet/" + create.subnetId()));
    create.groups().forEach(group -> resources.add(plain("security-group/" + group)));
    return List.of(
        RecordedCall.of(action, resources).withTags(tags),
        RecordedCall.of("ec2:CreateTags", List.of(made))
            .withTags(tags)
            .whileCalling("CreateNetworkInterface"));
  }

  private RecordedCall modified(String action, ModifyNetworkInterfaceAttributeRequest modify) {
    List<RecordedCall.Resource> resources = new ArrayList<>();
    resources.add(ours(modify.networkInterfaceId()));
    if (modify.attachment() != null) {
      cloud
          .world()
          .networkInterface(modify.networkInterfaceId())
          .flatMap(InterfaceView::attachment)
          .map(AttachmentView::instanceId)
          .ifPresent(instance -> resources.add(instance(instance)));
    }
    modify.groups().forEach(group -> resources.add(plain("security-group/" + group)));
    return RecordedCall.of(action, resources);
  }

  private List<RecordedCall> marked(String action, CreateOrUpdateTagsRequest request) {
    return request.tags().stream()
        .map(tag -> {
          SortedMap<String, String> tags = new TreeMap<>();
          tags.put(tag.key(), tag.value());
          return RecordedCall.of(action, List.of(group(tag.resourceId()))).withTags(tags);
        })
        .toList();
  }

  /** Reading has no resource in EC2 and Auto Scaling; the parameters of SSM have names. */
  private static RecordedCall other(String action, SdkRequest request) {
    if (action.equals("ssm:GetParameters")) {
      return RecordedCall.of(
          action,
          request.getValueForField("Names", List.class).stream()
              .flatMap(names -> Stream.of(names.toArray()))
              .map(name -> plain("parameter" + name))
              .toList());
    }
    return RecordedCall.of(action, List.of(plain("*")));
  }

  private static RecordedCall.Resource plain(String resource) {
    return new RecordedCall.Resource(resource, new TreeMap<>());
  }

  private static RecordedCall.Resource group(String name) {
    return plain(
        "autoScalingGroup:00000000-0000-0000-0000-000000000000:autoScalingGroupName/" + name);
  }

  private RecordedCall.Resource instance(String id) {
    SortedMap<String, String> tags = new TreeMap<>();
    cloud.world().instances().stream()
        .filter(one -> one.id().equals(id))
        .findFirst()
        .flatMap(InstanceView::groupName)
        .ifPresent(group -> tags.put(GROUP_TAG, group));
    return new RecordedCall.Resource("instance/" + id, tags);
  }

  private RecordedCall.Resource ours(String id) {
    cloud.world().networkInterface(id).ifPresent(found -> remember(id, found.tags()));
    SortedMap<String, String> tags = new TreeMap<>();
    Optional.ofNullable(clusters.get(id)).ifPresent(cluster -> tags.put(Tags.CLUSTER, cluster));
    return new RecordedCall.Resource("network-interface/" + id, tags);
  }

  private void remember(String networkInterfaceId, Map<String, String> tags) {
    if (tags.containsKey(Tags.CLUSTER)) {
      clusters.put(networkInterfaceId, tags.get(Tags.CLUSTER));
    } else {
      clusters.remove(networkInterfaceId);
    }
  }

  private static SortedMap<String, String> tags(List<Tag> tags) {
    return tags.stream()
        .collect(Collectors.toMap(Tag::key, Tag::value, (_, last) -> last, TreeMap::new));
  }
}
