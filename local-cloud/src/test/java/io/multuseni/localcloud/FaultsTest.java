// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import static io.multuseni.localcloud.Fixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multuseni.localcloud.fault.PlantedFault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Each kind of fault, and what is left of the call it hits. */
class FaultsTest {
  private final Fixture f = Fixture.start();

  @AfterEach
  void close() {
    f.close();
  }

  @Test
  void failsBeforeTheEffect() {
    PlantedFault fault =
        f.cloud
            .faults()
            .fail("CreateNetworkInterface")
            .onCall(2)
            .beforeEffect()
            .with("InternalError", 500, "boom");

    f.create();
    assertThat(refused(f::create, "InternalError").statusCode()).isEqualTo(500);
    f.create();

    assertThat(f.world.interfaces()).hasSize(2);
    assertThat(fault.hits()).isEqualTo(1);
    assertThat(f.cloud.faults().hits()).isEqualTo(1);
  }

  @Test
  void failsAfterTheEffect() {
    f.cloud
        .faults()
        .fail("CreateNetworkInterface")
        .afterEffect()
        .with("InternalError", 500, "boom");

    refused(f::create, "InternalError", "boom");

    assertThat(f.world.interfaces()).hasSize(1);
    assertThat(f.cloud.calls().all().getFirst().httpStatus()).isEqualTo(500);
  }

  @Test
  void losesTheAnswerButNotTheEffect() {
    f.cloud.faults().fail("CreateNetworkInterface").dropAnswer();

    assertThatThrownBy(f::create).isInstanceOf(SdkClientException.class);

    assertThat(f.world.interfaces()).hasSize(1);
    assertThat(f.cloud.calls().all())
        .singleElement()
        .satisfies(c -> assertThat(c.httpStatus()).isZero());
  }

  @Test
  void losesTheRequestWithoutEffect() {
    f.cloud.faults().fail("CreateNetworkInterface").dropRequest();

    assertThatThrownBy(f::create).isInstanceOf(SdkClientException.class);

    assertThat(f.world.interfaces()).isEmpty();
    assertThat(f.cloud.calls().all()).hasSize(1);
  }

  @Test
  void letsSomethingHappenBeforeTheEffect() {
    String first = f.create();
    f.cloud.faults().fail("DescribeNetworkInterfaces").run(() -> f.world.deleteByHand(first));

    assertThat(f.ec2.describeNetworkInterfaces().networkInterfaces()).isEmpty();
    assertThat(f.cloud.faults().hits()).isEqualTo(1);
  }

  @Test
  void letsSomethingHappenAfterTheEffectAndBeforeTheAnswer() {
    String first = f.create();
    f.cloud
        .faults()
        .fail("DescribeNetworkInterfaces")
        .afterEffect()
        .run(() -> f.world.deleteByHand(first));

    assertThat(f.ec2.describeNetworkInterfaces().networkInterfaces()).hasSize(1);
    assertThat(f.world.interfaces()).isEmpty();
    assertThat(f.ec2.describeNetworkInterfaces().networkInterfaces()).isEmpty();
  }

  @Test
  void hitsTheCallOfThatNumberWhateverItsAction() {
    f.create();
    f.cloud.faults().failCall(2).beforeEffect().with("Unavailable", 503, "later");

    f.ec2.describeSubnets();
    refused(() -> f.autoScaling.describeAutoScalingGroups(), "Unavailable");
    f.ec2.describeSubnets();
  }

  @Test
  void hitsSeveralTimesOrAlways() {
    f.cloud.faults().fail("DescribeSubnets").times(2).with("InternalError", 500, "x");
    refused(() -> f.ec2.describeSubnets(), "InternalError");
    refused(() -> f.ec2.describeSubnets(), "InternalError");
    f.ec2.describeSubnets();

    f.cloud.faults().fail("DescribeSubnets").onCall(2).always().with("InternalError", 500, "x");
    f.ec2.describeSubnets();
    for (int i = 0; i < 5; i++) {
      refused(() -> f.ec2.describeSubnets(), "InternalError");
    }
    f.cloud.faults().clear();
    f.ec2.describeSubnets();
    assertThat(f.cloud.faults().hits()).isEqualTo(7);
  }

  @Test
  void hitsAtRandomButAlikeForTheSameSeed() {
    String first = randomHits(7);

    assertThat(randomHits(7)).isEqualTo(first);
    assertThat(randomHits(8)).isNotEqualTo(first);
    assertThat(first).contains("x", ".");
  }

  private String randomHits(long seed) {
    try (Fixture g = Fixture.start()) {
      g.cloud.faults().randomly(0.5, seed).beforeEffect().with("InternalError", 500, "x");
      StringBuilder hits = new StringBuilder();
      for (int i = 0; i < 20; i++) {
        int before = g.cloud.faults().hits();
        try {
          g.ec2.describeSubnets();
        } catch (RuntimeException hit) {
          assertThat(g.cloud.faults().hits()).isEqualTo(before + 1);
        }
        hits.append(g.cloud.faults().hits() > before ? 'x' : '.');
      }
      return hits.toString();
    }
  }

  @Test
  void looksLikeThrottlingWhenItSaysSo() {
    f.cloud
        .faults()
        .fail("DescribeSubnets")
        .with("RequestLimitExceeded", 503, "Request limit exceeded.");

    refused(() -> f.ec2.describeSubnets(), "RequestLimitExceeded");

    assertThat(f.cloud.calls().throttled()).isEqualTo(1);
  }

  @Test
  void refusesFaultsThatCouldNeverFire() {
    assertThatIllegalArgumentException().isThrownBy(() -> f.cloud.faults().failCall(0));
    assertThatIllegalArgumentException().isThrownBy(() -> f.cloud.faults().fail("X").times(0));
    assertThatIllegalArgumentException().isThrownBy(() -> f.cloud.faults().randomly(1.1, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> f.cloud.faults().fail("X").with("OK", 200, "fine"));
  }
}
