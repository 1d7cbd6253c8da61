// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static io.multuseni.localcloud.Fixture.filter;
import static io.multuseni.localcloud.Fixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What takes time takes it on the virtual clock. */
class TimeTest {
  private static final Duration TEN = Duration.ofSeconds(10);
  private static final Duration ALMOST_TEN = Duration.ofMillis(9_999);
  private static final Duration REST = Duration.ofMillis(1);

  @Test
  void hidesANewInterfaceForTheVisibilityDelay() {
    try (Fixture f = Fixture.start(s -> s.withVisibilityDelay(TEN))) {
      String instance = f.launch();
      String eni = f.create();
      f.pass(ALMOST_TEN);

      refused(
          () -> f.ec2.describeNetworkInterfaces(r -> r.networkInterfaceIds(eni)),
          "InvalidNetworkInterfaceID.NotFound");
      refused(() -> f.attach(eni, instance, 1), "InvalidNetworkInterfaceID.NotFound");
      refused(
          () ->
              f.ec2.modifyNetworkInterfaceAttribute(
                  r -> r.networkInterfaceId(eni).description(d -> d.value("x"))),
          "InvalidNetworkInterfaceID.NotFound");
      refused(
          () -> f.ec2.deleteNetworkInterface(r -> r.networkInterfaceId(eni)),
          "InvalidNetworkInterfaceID.NotFound");
      assertThat(available(f)).isZero();
      assertThat(f.world.interfaces()).hasSize(2);

      f.pass(REST);

      assertThat(available(f)).isEqualTo(1);
      f.attach(eni, instance, 1);
    }
  }

  private static int available(Fixture f) {
    return f.ec2
        .describeNetworkInterfaces(r -> r.filters(filter("status", "available")))
        .networkInterfaces()
        .size();
  }

  @Test
  void attachesForTheAttachTime() {
    try (Fixture f = Fixture.start(s -> s.withAttachTime(TEN))) {
      String eni = f.create();
      f.attach(eni, f.launch(), 1);
      f.pass(ALMOST_TEN);
      assertThat(f.eni(eni).attachment().orElseThrow().status()).isEqualTo("attaching");
      assertThat(f.eni(eni).status()).isEqualTo("in-use");

      f.pass(REST);
      assertThat(f.eni(eni).attachment().orElseThrow().status()).isEqualTo("attached");
    }
  }

  @Test
  void detachesForTheDetachTime() {
    try (Fixture f = Fixture.start(s -> s.withDetachTime(TEN))) {
      String eni = f.create();
      String attachment = f.attach(eni, f.launch(), 1);
      f.ec2.detachNetworkInterface(r -> r.attachmentId(attachment));
      f.pass(ALMOST_TEN);
      assertThat(f.eni(eni).attachment().orElseThrow().status()).isEqualTo("detaching");
      refused(
          () -> f.ec2.deleteNetworkInterface(r -> r.networkInterfaceId(eni)),
          "InvalidParameterValue");

      f.pass(REST);
      assertThat(f.eni(eni).attachment()).isEmpty();
    }
  }

  @Test
  void refusesAnAttachWhileTheInstanceBoots() {
    try (Fixture f = Fixture.start(s -> s.withBootTime(TEN))) {
      String instance = f.launch();
      String eni = f.create();
      f.pass(ALMOST_TEN);
      assertThat(f.world.instance(instance).state()).isEqualTo("pending");
      refused(() -> f.attach(eni, instance, 1), "IncorrectInstanceState");

      f.pass(REST);
      f.attach(eni, instance, 1);
    }
  }

  @Test
  void addsLatencyToEachCall() {
    try (Fixture f = Fixture.start(s -> s.withLatency(TEN))) {
      f.create();
      f.create();

      assertThat(f.clock.now()).isEqualTo(Fixture.START.plusSeconds(20));
      assertThat(f.eni(f.world.interfaces().getFirst().id()).createdAt())
          .isEqualTo(Fixture.START.plusSeconds(10));
    }
  }

  @Test
  void ticksOncePerCall() {
    try (Fixture f = Fixture.start(s -> s.withBootTime(TEN))) {
      f.clock.tickPerCall(Duration.ofSeconds(1));
      String instance = f.launch();
      int calls = 0;
      while (f.ec2
          .describeInstances(r ->
              r.filters(filter("instance-id", instance), filter("instance-state-name", "running")))
          .reservations()
          .isEmpty()) {
        calls++;
      }

      assertThat(calls).isEqualTo(9);
    }
  }

  @Test
  void changesItsBehaviourWhileItRuns() {
    try (Fixture f = Fixture.start()) {
      f.cloud.reconfigure(f.cloud.settings().withAttachTime(TEN));
      String eni = f.create();
      f.attach(eni, f.launch(), 1);

      assertThat(f.eni(eni).attachment().orElseThrow().status()).isEqualTo("attaching");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> f.cloud.reconfigure(f.cloud.settings().withSeed(2)));
    }
  }

  @Test
  void neverRunsBackwards() {
    try (Fixture f = Fixture.start()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> f.clock.advance(Duration.ofSeconds(-1)));
    }
  }

  @Test
  void repeatsIdsAndAddressesWithTheSameSeed() {
    String first;
    try (Fixture f = Fixture.start()) {
      first = f.eni(f.create()).toString();
    }
    try (Fixture f = Fixture.start()) {
      assertThat(f.eni(f.create())).hasToString(first);
    }
    try (Fixture f = Fixture.start(s -> s.withSeed(2))) {
      assertThat(f.eni(f.create()).toString()).isNotEqualTo(first);
    }
  }
}
