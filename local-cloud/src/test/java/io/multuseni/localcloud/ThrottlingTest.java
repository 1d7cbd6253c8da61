// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static io.multuseni.localcloud.Fixture.filter;
import static io.multuseni.localcloud.Fixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** The token buckets, each with the figures of the EC2 developer guide. */
class ThrottlingTest {
  private final Fixture f = Fixture.start();

  @AfterEach
  void close() {
    f.close();
  }

  @ParameterizedTest
  @CsvSource({
    "AttachNetworkInterface, 50, 5",
    "DetachNetworkInterface, 50, 5",
    "CreateNetworkInterface, 100, 5",
    "DeleteNetworkInterface, 100, 5",
    "UnassignIpv6Addresses, 50, 5",
    "DescribeNetworkInterfaces, 50, 10",
    "DescribeInstances, 50, 10",
    "DescribeSubnets, 100, 20",
    "CreateSubnetCidrReservation, 5, 1"
  })
  void holdsTheTokensOfTheGuide(String action, int capacity, int refill) {
    for (int i = 0; i < capacity; i++) {
      assertThat(call(action, false)).isFalse();
    }
    assertThat(call(action, true)).isTrue();

    f.clock.advance(Duration.ofSeconds(1));
    for (int i = 0; i < refill; i++) {
      assertThat(call(action, false)).isFalse();
    }
    assertThat(call(action, true)).isTrue();
  }

  /** Whether the bucket refused a call that is wrong in every other respect. */
  private boolean call(String action, boolean expected) {
    String none = "eni-0123456789abcdef0";
    try {
      switch (action) {
        case "AttachNetworkInterface" -> f.attach(none, "i-0123456789abcdef0", 1);
        case "DetachNetworkInterface" ->
            f.ec2.detachNetworkInterface(r -> r.attachmentId("eni-attach-0123456789abcdef0"));
        case "CreateNetworkInterface" -> f.create("subnet-0123456789abcdef0");
        case "DeleteNetworkInterface" ->
            f.ec2.deleteNetworkInterface(r -> r.networkInterfaceId(none));
        case "UnassignIpv6Addresses" ->
            f.ec2.unassignIpv6Addresses(r -> r.networkInterfaceId(none).ipv6Addresses("::1"));
        case "DescribeNetworkInterfaces" -> f.ec2.describeNetworkInterfaces();
        case "DescribeInstances" -> f.ec2.describeInstances();
        case "DescribeSubnets" -> f.ec2.describeSubnets();
        case "CreateSubnetCidrReservation" ->
            f.ec2.createSubnetCidrReservation(
                r -> r.subnetId("subnet-0").cidr("10.0.1.0/28").reservationType("explicit"));
        default -> throw new IllegalArgumentException(action);
      }
      return false;
    } catch (AwsServiceException e) {
      boolean throttled = e.awsErrorDetails().errorCode().equals("RequestLimitExceeded");
      if (throttled && expected) {
        assertThat(e.statusCode()).isEqualTo(503);
        assertThat(e.awsErrorDetails().errorMessage()).isEqualTo("Request limit exceeded.");
      }
      return throttled;
    }
  }

  @Test
  void savesUpNoMoreThanItsCapacity() {
    f.ec2.describeNetworkInterfaces();
    f.clock.advance(Duration.ofHours(1));
    for (int i = 0; i < 50; i++) {
      assertThat(call("DescribeNetworkInterfaces", false)).isFalse();
    }

    assertThat(call("DescribeNetworkInterfaces", true)).isTrue();
  }

  @Test
  void givesFilteredAndPaginatedDescribesTheLargerBucket() {
    for (int i = 0; i < 50; i++) {
      f.ec2.describeNetworkInterfaces();
    }
    refused(() -> f.ec2.describeNetworkInterfaces(), "RequestLimitExceeded");

    f.ec2.describeNetworkInterfaces(r -> r.maxResults(5));
    f.ec2.describeNetworkInterfaces(r -> r.filters(filter("vpc-id", f.vpc)));
    assertThat(f.cloud.calls().throttled()).isEqualTo(1);
  }

  @Test
  void countsEachTerminatedInstance() {
    String[] many = new String[600];
    Arrays.fill(many, "i-0123456789abcdef0");

    refused(() -> f.ec2.terminateInstances(r -> r.instanceIds(many)), "InvalidInstanceID.NotFound");
    refused(() -> f.ec2.terminateInstances(r -> r.instanceIds(many)), "RequestLimitExceeded");
  }

  @Test
  void sharesOneBucketBetweenAllCallsOfAutoScaling() {
    for (int i = 0; i < 50; i++) {
      f.autoScaling.describeAutoScalingGroups();
      f.autoScaling.describeAutoScalingInstances();
    }

    assertThat(refused(() -> f.autoScaling.describeTags(), "Throttling").statusCode())
        .isEqualTo(400);
    f.clock.advance(Duration.ofMillis(100));
    f.autoScaling.describeTags();
  }

  @Test
  void refusesNothingWhenThrottlingIsOff() {
    f.cloud.reconfigure(f.cloud.settings().withThrottling(false));
    for (int i = 0; i < 60; i++) {
      f.ec2.describeNetworkInterfaces();
    }

    assertThat(f.cloud.calls().throttled()).isZero();
  }
}
