// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import io.multuseni.localcloud.time.TokenBucket;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The token buckets of EC2, one per action, with the figures of the EC2 developer guide, "Request
 * throttling for the Amazon EC2 API". Not safe for use by many threads: the cloud's lock guards it.
 */
public final class Throttles {
  /** The second, smaller bucket of some describe calls when they neither filter nor page. */
  private static final Limit UNFILTERED = new Limit(50, 10);

  private static final Limit NON_MUTATING = new Limit(100, 20);
  private static final Limit MUTATING = new Limit(50, 5);
  private static final Limit TERMINATED_INSTANCES = new Limit(1000, 20);

  private static final Map<String, Limit> LISTED =
      Map.ofEntries(
          Map.entry("CreateNetworkInterface", new Limit(100, 5)),
          Map.entry("DeleteNetworkInterface", new Limit(100, 5)),
          Map.entry("ModifyNetworkInterfaceAttribute", new Limit(100, 5)),
          Map.entry("AssignPrivateIpAddresses", new Limit(100, 5)),
          Map.entry("UnassignPrivateIpAddresses", new Limit(100, 5)),
          Map.entry("AssignIpv6Addresses", new Limit(100, 5)),
          Map.entry("CreateTags", new Limit(100, 10)),
          Map.entry("DeleteTags", new Limit(100, 10)),
          Map.entry("TerminateInstances", new Limit(100, 5)),
          Map.entry("CreateSubnetCidrReservation", new Limit(5, 1)));

  private final Map<String, TokenBucket> buckets = new HashMap<>();

  /** Buckets that are full. */
  public Throttles() {}

  /**
   * Takes a token for a call.
   *
   * @param unfiltered whether a describe call neither filters nor pages; ids alone count as
   *     unfiltered here, since the guide doesn't say otherwise
   * @param instances how many instances the call terminates, 0 for other calls
   * @throws io.multuseni.localcloud.wire.ApiError {@code RequestLimitExceeded}, HTTP 503
   */
  public void take(String action, boolean unfiltered, int instances, Instant now) {
    boolean describes = action.startsWith("Describe") || action.startsWith("Get");
    boolean smaller = unfiltered && isCostly(action);
    Limit limit =
        smaller ? UNFILTERED : LISTED.getOrDefault(action, describes ? NON_MUTATING : MUTATING);
    if (!bucket(smaller ? action + " unfiltered" : action, limit, now).take(1, now)) {
      throw Ec2Errors.throttled();
    }
    if (instances > 0
        && !bucket(action + " resources", TERMINATED_INSTANCES, now).take(instances, now)) {
      throw Ec2Errors.throttled();
    }
  }

  private static boolean isCostly(String action) {
    return switch (action) {
      case "DescribeInstances", "DescribeNetworkInterfaces", "DescribeSecurityGroups" -> true;
      default -> false;
    };
  }

  private TokenBucket bucket(String key, Limit limit, Instant now) {
    return buckets.computeIfAbsent(
        key, k -> new TokenBucket(limit.capacity(), limit.refillPerSecond(), now));
  }

  private record Limit(int capacity, int refillPerSecond) {}
}
