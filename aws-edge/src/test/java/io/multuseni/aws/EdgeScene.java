// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.aws.pacing.RetrySettings;
import io.multuseni.base.Deadline;
import io.multuseni.base.Time;
import io.multuseni.localcloud.LocalCloud;
import io.multuseni.localcloud.Settings;
import io.multuseni.localcloud.time.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** A cloud on a virtual clock with one zone's subnets, and the edges of one invocation on it. */
final class EdgeScene implements AutoCloseable {
  static final String CLUSTER = "core5g";
  static final String ZONE = "us-east-1a";

  final VirtualClock clock = VirtualClock.startingAt(Instant.parse("2026-11-25T00:00:00Z"));
  final LocalCloud cloud =
      LocalCloud.start(Settings.defaults().withClock(clock).withThrottling(false));
  final String vpc = cloud.world().vpc("10.0.0.0/16");
  final String nodes = cloud.world().subnet(vpc, ZONE, "10.0.0.0/23");
  final String n3 = cloud.world().subnet(vpc, ZONE, "10.0.30.0/24", "2001:db8:0:30::/64");
  final String n6 = cloud.world().subnet(vpc, ZONE, "10.0.60.0/24");
  final String securityGroup = cloud.world().securityGroup(vpc, "multus");
  final Time time =
      new Time() {
        @Override
        public Instant now() {
          return clock.now();
        }

        @Override
        public void pause(Duration duration) {
          clock.sleep(duration);
        }
      };
  // Few and short, since the SDK waits by the wall clock.
  final AwsClients clients =
      AwsClients.emulator(
          cloud.endpoint(),
          new RetrySettings(3, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(2)),
          time);
  final CallCounter counter = new CallCounter();
  private final Deadline deadline = Deadline.in(time, Duration.ofHours(24));
  final Ec2Edge ec2 = clients.ec2(counter, deadline);
  final AddressEdge addresses = clients.addresses(counter, deadline);
  final AutoScalingEdge autoScaling = clients.autoScaling(counter, deadline);
  final ParameterEdge parameters = clients.parameters(counter, deadline);

  /** The edges of another invocation of the same sandbox, whose time is up. */
  AutoScalingEdge autoScalingTooLate() {
    return clients.autoScaling(counter, Deadline.in(time, Duration.ZERO));
  }

  Ec2Edge ec2TooLate() {
    return clients.ec2(counter, Deadline.in(time, Duration.ZERO));
  }

  AddressEdge addressesTooLate() {
    return clients.addresses(counter, Deadline.in(time, Duration.ZERO));
  }

  /** Somebody's interface, unattached, made with calls of its own; returns its id. */
  String createTagged(String subnet, Map<String, String> tags, int ipv6Addresses) {
    return byHand(ec2 -> {
      String eni =
          ec2.createNetworkInterface(
                  request -> {
                    request.subnetId(subnet);
                    if (ipv6Addresses > 0) {
                      request.ipv6AddressCount(ipv6Addresses);
                    }
                  })
              .networkInterface()
              .networkInterfaceId();
      tags.forEach((key, value) -> cloud.world().setTag(eni, key, value));
      return eni;
    });
  }

  /** Begins to take an interface off its instance. */
  void detach(String eni) {
    String attachment =
        cloud.world().networkInterface(eni).orElseThrow().attachment().orElseThrow().id();
    byHand(ec2 -> ec2.detachNetworkInterface(request -> request.attachmentId(attachment)));
  }

  private <T> T byHand(Function<Ec2Client, T> call) {
    try (Ec2Client ec2 =
        Ec2Client.builder()
            .endpointOverride(cloud.endpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
            .build()) {
      return call.apply(ec2);
    }
  }

  String launch() {
    return cloud.world().launchInstance("m5.xlarge", nodes, Map.of("Name", "worker"));
  }

  /** The parameters of each call of an action. */
  List<Map<String, String>> sent(String action) {
    return cloud.calls().of(action).stream().map(call -> call.params()).toList();
  }

  @Override
  public void close() {
    clients.close();
    cloud.close();
  }
}
