// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.multuseni.localcloud.autoscaling.GroupSpec;
import io.multuseni.localcloud.time.CloudClock;
import io.multuseni.localcloud.time.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void pinsEveryDefault() {
    assertThat(Settings.defaults())
        .isEqualTo(
            new Settings(
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                true,
                true,
                Duration.ofMillis(50),
                CloudClock.real(),
                "us-east-1",
                "123456789012",
                1));
  }

  @Test
  void changesEachSetting() {
    VirtualClock clock = VirtualClock.startingAt(Fixture.START);

    assertThat(
            Settings.defaults()
                .withLatency(Duration.ofSeconds(1))
                .withAttachTime(Duration.ofSeconds(2))
                .withDetachTime(Duration.ofSeconds(3))
                .withBootTime(Duration.ofSeconds(4))
                .withVisibilityDelay(Duration.ofSeconds(5))
                .withAddressLag(Duration.ofSeconds(7))
                .withThrottling(false)
                .withReplaceAbandoned(false)
                .withTick(Duration.ofSeconds(6))
                .withClock(clock)
                .withRegion("eu-west-1")
                .withAccount("210987654321")
                .withSeed(9))
        .isEqualTo(
            new Settings(
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                Duration.ofSeconds(7),
                false,
                false,
                Duration.ofSeconds(6),
                clock,
                "eu-west-1",
                "210987654321",
                9));
  }

  @Test
  void refusesDurationsThatMakeNoSense() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.defaults().withLatency(SECOND.negated()))
        .withMessage("latency is negative: PT-1S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.defaults().withTick(Duration.ZERO));
  }

  @Test
  void computesTheCriticalPath() {
    Settings settings = Settings.defaults().withLatency(SECOND).withAttachTime(SECOND);

    assertThat(settings.criticalPath(0)).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.criticalPath(3)).isEqualTo(Duration.ofSeconds(2 + 3 * 2 + 3));
    assertThat(settings.withBootTime(Duration.ofSeconds(30)).criticalPath(3))
        .isEqualTo(Duration.ofSeconds(30 + 3 * 2 + 3));
  }

  @Test
  void appliesWhatIsDueByItselfOnARealClock() throws InterruptedException {
    Duration blink = Duration.ofMillis(2);
    try (LocalCloud cloud =
        LocalCloud.start(Settings.defaults().withTick(blink).withBootTime(blink))) {
      assertThat(cloud.clock()).isSameAs(CloudClock.real());
      String vpc = cloud.world().vpc("10.0.0.0/16");
      String subnet = cloud.world().subnet(vpc, "us-east-1a", "10.0.0.0/24");
      cloud
          .world()
          .autoScalingGroup("workers", GroupSpec.of("c5.large", subnet).withDesiredCapacity(1));
      for (int i = 0; i < 1000 && cloud.events().history().isEmpty(); i++) {
        cloud.clock().sleep(blink);
      }

      assertThat(cloud.events().history()).hasSize(1);
      assertThat(cloud.criticalPath(0)).isEqualTo(blink);
    }
  }
}
