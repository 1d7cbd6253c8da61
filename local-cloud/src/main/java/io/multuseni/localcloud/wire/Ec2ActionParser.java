// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads {@link Ec2Action}s. Parameter names are those of the service model of API version
 * 2016-11-15 (botocore, {@code ec2/2016-11-15/service-2.json}).
 */
public final class Ec2ActionParser {
  private static final ActionTable<Ec2Action> TABLE =
      new ActionTable<Ec2Action>()
          .with(
              "DescribeInstances",
              Set.of("InstanceId", "Filter", "MaxResults", "NextToken", "IncludeManagedResources"),
              p -> new Ec2Action.DescribeInstances(Selection.ofEc2(p, "InstanceId")))
          .with(
              "DescribeInstanceTypes",
              Set.of(
                  "InstanceType",
                  "Filter",
                  "MaxResults",
                  "NextToken",
                  "IncludeUnsupportedInRegion"),
              p -> new Ec2Action.DescribeInstanceTypes(Selection.ofEc2(p, "InstanceType")))
          .with(
              "DescribeSubnets",
              Set.of("SubnetId", "Filter", "MaxResults", "NextToken"),
              p -> new Ec2Action.DescribeSubnets(Selection.ofEc2(p, "SubnetId")))
          .with(
              "DescribeSecurityGroups",
              Set.of("GroupId", "Filter", "MaxResults", "NextToken"),
              p -> new Ec2Action.DescribeSecurityGroups(Selection.ofEc2(p, "GroupId")))
          .with(
              "DescribeNetworkInterfaces",
              Set.of("NetworkInterfaceId", "Filter", "MaxResults", "NextToken"),
              p ->
                  new Ec2Action.DescribeNetworkInterfaces(Selection.ofEc2(p, "NetworkInterfaceId")))
          .with(
              "CreateNetworkInterface",
              Set.of(
                  "SubnetId",
                  "Description",
                  "PrivateIpAddress",
                  "PrivateIpAddresses",
                  "SecondaryPrivateIpAddressCount",
                  "Ipv6Addresses",
                  "Ipv6AddressCount",
                  "EnablePrimaryIpv6",
                  "SecurityGroupId",
                  "InterfaceType",
                  "TagSpecification",
                  "ClientToken"),
              Ec2ActionParser::createNetworkInterface)
          .with(
              "AttachNetworkInterface",
              Set.of("NetworkInterfaceId", "InstanceId", "DeviceIndex", "NetworkCardIndex"),
              p ->
                  new Ec2Action.AttachNetworkInterface(
                      p.required("NetworkInterfaceId"),
                      p.required("InstanceId"),
                      p.requiredNumber("DeviceIndex"),
                      p.number("NetworkCardIndex").orElse(0)))
          .with(
              "DetachNetworkInterface",
              Set.of("AttachmentId", "Force"),
              p ->
                  new Ec2Action.DetachNetworkInterface(
                      p.required("AttachmentId"), p.isTrue("Force")))
          .with(
              "ModifyNetworkInterfaceAttribute",
              Set.of(
                  "NetworkInterfaceId",
                  "Description",
                  "SourceDestCheck",
                  "SecurityGroupId",
                  "Attachment"),
              p ->
                  new Ec2Action.ModifyNetworkInterfaceAttribute(
                      p.required("NetworkInterfaceId"),
                      p.textOrEmpty("Description.Value"),
                      p.flag("SourceDestCheck.Value"),
                      p.list("SecurityGroupId"),
                      p.text("Attachment.AttachmentId"),
                      p.flag("Attachment.DeleteOnTermination")))
          .with(
              "DeleteNetworkInterface",
              Set.of("NetworkInterfaceId"),
              p -> new Ec2Action.DeleteNetworkInterface(p.required("NetworkInterfaceId")))
          .with(
              "CreateTags",
              Set.of("ResourceId", "Tag"),
              p -> new Ec2Action.CreateTags(needed(p, "ResourceId"), tags(p.items("Tag"))))
          .with(
              "DeleteTags",
              Set.of("ResourceId", "Tag"),
              p -> new Ec2Action.DeleteTags(needed(p, "ResourceId"), tagsToDelete(p)))
          .with(
              "AssignPrivateIpAddresses",
              Set.of(
                  "NetworkInterfaceId",
                  "PrivateIpAddress",
                  "SecondaryPrivateIpAddressCount",
                  "AllowReassignment"),
              p ->
                  new Ec2Action.AssignPrivateIpAddresses(
                      p.required("NetworkInterfaceId"),
                      p.list("PrivateIpAddress"),
                      p.number("SecondaryPrivateIpAddressCount"),
                      p.isTrue("AllowReassignment")))
          .with(
              "UnassignPrivateIpAddresses",
              Set.of("NetworkInterfaceId", "PrivateIpAddress"),
              p ->
                  new Ec2Action.UnassignPrivateIpAddresses(
                      p.required("NetworkInterfaceId"), needed(p, "PrivateIpAddress")))
          .with(
              "AssignIpv6Addresses",
              Set.of("NetworkInterfaceId", "Ipv6Addresses", "Ipv6AddressCount"),
              p ->
                  new Ec2Action.AssignIpv6Addresses(
                      p.required("NetworkInterfaceId"),
                      p.list("Ipv6Addresses"),
                      p.number("Ipv6AddressCount")))
          .with(
              "UnassignIpv6Addresses",
              Set.of("NetworkInterfaceId", "Ipv6Addresses"),
              p ->
                  new Ec2Action.UnassignIpv6Addresses(
                      p.required("NetworkInterfaceId"), needed(p, "Ipv6Addresses")))
          .with(
              "GetSubnetCidrReservations",
              Set.of("SubnetId", "Filter", "MaxResults", "NextToken"),
              p ->
                  new Ec2Action.GetSubnetCidrReservations(
                      p.required("SubnetId"),
                      new Selection(
                          List.of(), Filter.ofEc2(p), p.number("MaxResults"), p.text("NextToken"))))
          .with(
              "CreateSubnetCidrReservation",
              Set.of("SubnetId", "Cidr", "ReservationType", "Description", "TagSpecification"),
              p ->
                  new Ec2Action.CreateSubnetCidrReservation(
                      p.required("SubnetId"),
                      p.required("Cidr"),
                      p.required("ReservationType"),
                      p.text("Description").orElse(""),
                      tagSpecification(p, "subnet-cidr-reservation")))
          .with(
              "TerminateInstances",
              Set.of("InstanceId", "Force", "SkipOsShutdown"),
              p -> new Ec2Action.TerminateInstances(needed(p, "InstanceId")));

  private Ec2ActionParser() {}

  /** The names of the actions that are modelled. */
  public static Set<String> actions() {
    return TABLE.actions();
  }

  /**
   * Reads a call.
   *
   * @throws ApiError {@code InvalidAction} for an action that isn't modelled, {@code
   *     UnknownParameter} for a parameter that isn't, and what the parameters themselves deserve
   */
  public static Ec2Action read(Params params) {
    return TABLE.read(params);
  }

  private static Ec2Action createNetworkInterface(Params p) {
    Optional<String> primary = p.text("PrivateIpAddress");
    List<String> secondary = new ArrayList<>();
    for (Params item : p.items("PrivateIpAddresses")) {
      String address = item.required("PrivateIpAddress");
      if (!item.isTrue("Primary")) {
        secondary.add(address);
      } else if (primary.isEmpty() || primary.get().equals(address)) {
        primary = Optional.of(address);
      } else {
        throw ApiError.of(
            "InvalidParameterCombination", "Only one primary private IP address can be specified.");
      }
    }
    Map<String, String> fingerprint = new TreeMap<>(p.asMap());
    fingerprint.keySet().removeAll(Set.of("ClientToken", "DryRun"));
    fingerprint.keySet().removeIf(k -> k.startsWith("X-Amz-"));
    return new Ec2Action.CreateNetworkInterface(
        p.required("SubnetId"),
        p.textOrEmpty("Description").orElse(""),
        primary,
        List.copyOf(secondary),
        p.number("SecondaryPrivateIpAddressCount"),
        p.list("Ipv6Addresses").isEmpty() ? ipv6Addresses(p) : p.list("Ipv6Addresses"),
        p.number("Ipv6AddressCount"),
        p.isTrue("EnablePrimaryIpv6"),
        p.list("SecurityGroupId"),
        p.text("InterfaceType").orElse("interface"),
        tagSpecification(p, "network-interface"),
        p.text("ClientToken"),
        Map.copyOf(fingerprint));
  }

  private static List<String> ipv6Addresses(Params p) {
    return p.items("Ipv6Addresses").stream().map(i -> i.required("Ipv6Address")).toList();
  }

  private static Map<String, String> tagSpecification(Params p, String resourceType) {
    List<Params> tags = new ArrayList<>();
    for (Params specification : p.items("TagSpecification")) {
      String type = specification.required("ResourceType");
      if (!type.equals(resourceType)) {
        throw ApiError.of(
            "InvalidParameterValue",
            "'" + type + "' is not a valid taggable resource type for this operation.");
      }
      tags.addAll(specification.items("Tag"));
    }
    return tags(tags);
  }

  private static Map<String, String> tags(List<Params> items) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (Params item : items) {
      String key = item.required("Key");
      if (tags.put(key, item.textOrEmpty("Value").orElse("")) != null) {
        throw ApiError.of("InvalidParameterValue", "Duplicate tag key '" + key + "' specified.");
      }
    }
    return tags;
  }

  private static Map<String, Optional<String>> tagsToDelete(Params p) {
    Map<String, Optional<String>> tags = new LinkedHashMap<>();
    for (Params item : p.items("Tag")) {
      tags.put(item.required("Key"), item.textOrEmpty("Value"));
    }
    return tags;
  }

  private static List<String> needed(Params p, String name) {
    List<String> list = p.list(name);
    if (list.isEmpty()) {
      throw ApiError.of("MissingParameter", "The request must contain the parameter " + name);
    }
    return list;
  }
}
