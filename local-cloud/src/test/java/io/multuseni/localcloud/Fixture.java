// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multuseni.localcloud.autoscaling.GroupSpec;
import io.multuseni.localcloud.ec2.InterfaceView;
import io.multuseni.localcloud.time.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;

/** A cloud on a virtual clock with two zones and the SDK's clients on it. */
final class Fixture implements AutoCloseable {
  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  final VirtualClock clock = VirtualClock.startingAt(START);
  final LocalCloud cloud;
  final World world;
  final Ec2Client ec2;
  final AutoScalingClient autoScaling;
  final String vpc;
  final String subnetA;
  final String subnetB;

  private Fixture(UnaryOperator<Settings> change) {
    cloud = LocalCloud.start(change.apply(Settings.defaults().withClock(clock)));
    world = cloud.world();
    ec2 = Clients.ec2(cloud);
    autoScaling = Clients.autoScaling(cloud);
    vpc = world.vpc("10.0.0.0/16");
    subnetA = world.subnet(vpc, "us-east-1a", "10.0.1.0/24", "2001:db8:1:1::/64");
    subnetB = world.subnet(vpc, "us-east-1b", "10.0.2.0/24");
  }

  static Fixture start() {
    return new Fixture(s -> s);
  }

  static Fixture start(UnaryOperator<Settings> change) {
    return new Fixture(change);
  }

  GroupSpec spec() {
    return GroupSpec.of("c5.large", subnetA, subnetB);
  }

  String launch() {
    return world.launchInstance("c5.large", subnetA, Map.of());
  }

  String create() {
    return create(subnetA);
  }

  String create(String subnetId) {
    return ec2.createNetworkInterface(r -> r.subnetId(subnetId))
        .networkInterface()
        .networkInterfaceId();
  }

  String attach(String eni, String instance, int deviceIndex) {
    return ec2.attachNetworkInterface(
            r -> r.networkInterfaceId(eni).instanceId(instance).deviceIndex(deviceIndex))
        .attachmentId();
  }

  InterfaceView eni(String id) {
    return world.networkInterface(id).orElseThrow();
  }

  void pass(Duration duration) {
    clock.advance(duration);
    cloud.settle();
  }

  static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }

  /** The call is refused with this code and text. */
  static void refused(ThrowingCallable call, String code, String message) {
    AwsServiceException refusal = refused(call, code);
    assertThat(refusal.awsErrorDetails().errorMessage()).isEqualTo(message);
  }

  /** The call is refused with this code. */
  static AwsServiceException refused(ThrowingCallable call, String code) {
    AwsServiceException refusal = catchThrowableOfType(AwsServiceException.class, call);
    assertThat(refusal).as("refused").isNotNull();
    assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(code);
    return refusal;
  }

  @Override
  public void close() {
    ec2.close();
    autoScaling.close();
    cloud.close();
  }
}
