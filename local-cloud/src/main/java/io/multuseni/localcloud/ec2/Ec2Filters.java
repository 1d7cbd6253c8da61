// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import io.multuseni.localcloud.wire.ApiError;
import io.multuseni.localcloud.wire.Filter;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a resource holds against a filter name. A name that is not modelled is refused. */
final class Ec2Filters {
  private Ec2Filters() {}

  /** Whether all filters match; {@code values} finds the resource's values of a filter name. */
  static boolean pass(
      Resource resource, List<Filter> filters, Function<String, Collection<String>> values) {
    for (Filter filter : filters) {
      if (!filter.matches(valuesOf(resource, filter.name(), values))) {
        return false;
      }
    }
    return true;
  }

  private static Collection<String> valuesOf(
      Resource resource, String name, Function<String, Collection<String>> values) {
    if (name.startsWith("tag:")) {
      return one(Optional.ofNullable(resource.tags.get(name.substring("tag:".length()))));
    }
    if (name.equals("tag-key")) {
      return resource.tags.keySet();
    }
    return values.apply(name);
  }

  static Collection<String> interfaceValues(
      NetworkInterface eni, String account, Instant now, String name) {
    if (name.startsWith("attachment.")) {
      return one(eni.attachment.map(a -> attachmentValue(a, account, now, name)));
    }
    return switch (name) {
      case "network-interface-id" -> List.of(eni.id);
      case "subnet-id" -> List.of(eni.subnet.id);
      case "vpc-id" -> List.of(eni.subnet.vpcId);
      case "availability-zone" -> List.of(eni.subnet.zone);
      case "status" -> List.of(eni.status());
      case "description" -> List.of(eni.description);
      case "interface-type" -> List.of(eni.interfaceType);
      case "mac-address" -> List.of(eni.mac);
      case "owner-id" -> List.of(account);
      case "requester-managed" -> List.of(String.valueOf(eni.requesterManaged));
      case "source-dest-check" -> List.of(String.valueOf(eni.sourceDestCheck));
      case "group-id" -> eni.groups.stream().map(g -> g.id).toList();
      case "private-ip-address" -> List.of(eni.ipv4.getFirst().toString());
      case "addresses.private-ip-address" -> eni.shownIpv4(now).stream().map(Ip::toString).toList();
      case "ipv6-addresses.ipv6-address" -> eni.shownIpv6(now).stream().map(Ip::toString).toList();
      default -> throw unknown(name);
    };
  }

  private static String attachmentValue(Attachment a, String account, Instant now, String name) {
    return switch (name) {
      case "attachment.attachment-id" -> a.id;
      case "attachment.instance-id" -> a.instanceId;
      case "attachment.instance-owner-id" -> account;
      case "attachment.device-index" -> String.valueOf(a.device);
      case "attachment.delete-on-termination" -> String.valueOf(a.deleteOnTermination);
      case "attachment.status" -> a.status(now);
      case "attachment.attach-time" -> a.attachTime.toString();
      default -> throw unknown(name);
    };
  }

  static Collection<String> instanceValues(Instance instance, String name) {
    return switch (name) {
      case "instance-id" -> List.of(instance.id);
      case "instance-state-name" -> List.of(instance.state.text);
      case "instance-state-code" -> List.of(String.valueOf(instance.state.code));
      case "instance-type" -> List.of(instance.type.name());
      case "vpc-id" -> List.of(instance.subnet.vpcId);
      case "subnet-id" -> List.of(instance.subnet.id);
      case "availability-zone" -> List.of(instance.subnet.zone);
      default -> throw unknown(name);
    };
  }

  static Collection<String> subnetValues(Subnet subnet, String name) {
    return switch (name) {
      case "subnet-id" -> List.of(subnet.id);
      case "vpc-id" -> List.of(subnet.vpcId);
      case "availability-zone", "availabilityZone" -> List.of(subnet.zone);
      case "cidr-block", "cidr", "cidrBlock" -> List.of(subnet.cidr.toString());
      case "state" -> List.of("available");
      default -> throw unknown(name);
    };
  }

  static Collection<String> groupValues(SecurityGroup group, String name) {
    return switch (name) {
      case "group-id" -> List.of(group.id);
      case "group-name" -> List.of(group.name);
      case "vpc-id" -> List.of(group.vpcId);
      default -> throw unknown(name);
    };
  }

  static Collection<String> reservationValues(
      CidrReservation reservation, Subnet subnet, String name) {
    return switch (name) {
      case "reservationType" -> List.of(reservation.type());
      case "subnet-id" -> List.of(subnet.id);
      default -> throw unknown(name);
    };
  }

  static ApiError unknown(String name) {
    return ApiError.of("InvalidParameterValue", "The filter '" + name + "' is invalid");
  }

  private static List<String> one(Optional<String> value) {
    return value.map(List::of).orElse(List.of());
  }
}
