// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import static io.multuseni.core.attach.Facts.group;
import static io.multuseni.core.attach.Facts.net;
import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeGroup.OnRepeatedFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.event.IgnoredReason;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CompletionPolicyTest {
  private static final Refusal REFUSAL =
      new Refusal(RefusalReason.SECURITY_GROUP_NOT_FOUND, "sg-typo", "sg-typo does not exist");

  private static NodeGroup nodeGroup(OnRepeatedFailure onRepeatedFailure) {
    return group(net("n3")).onRepeatedFailure(onRepeatedFailure).nodeGroup();
  }

  /** Every age, number of failures and setting; patience ends at 3,600 s. */
  static Stream<Arguments> circumstances() {
    return Stream.of(0L, 3_599L, 3_600L, 100_000L)
        .flatMap(seconds ->
            Stream.of(0, 2, 3, 50)
                .flatMap(failures ->
                    Stream.of(OnRepeatedFailure.values())
                        .map(setting ->
                            Arguments.of(Duration.ofSeconds(seconds), failures, setting))));
  }

  @ParameterizedTest
  @MethodSource("circumstances")
  void whatIsCompleteGoesOnHoweverLongItTook(
      Duration age, int failures, OnRepeatedFailure setting) {
    assertThat(
            CompletionPolicy.decide(
                new Progress.Complete(List.of()), nodeGroup(setting), age, failures))
        .isEqualTo(new Outcome.Continue());
  }

  @ParameterizedTest
  @MethodSource("circumstances")
  void anInstanceThatIsGoneIsIgnored(Duration age, int failures, OnRepeatedFailure setting) {
    assertThat(
            CompletionPolicy.decide(
                new Progress.InstanceGone("it was terminated"), nodeGroup(setting), age, failures))
        .isEqualTo(new Outcome.Ignored(IgnoredReason.INSTANCE_GONE, "it was terminated"));
  }

  @ParameterizedTest
  @MethodSource("circumstances")
  void slownessIsAbandonedOnlyWhenPatienceIsOver(
      Duration age, int failures, OnRepeatedFailure setting) {
    Outcome outcome =
        CompletionPolicy.decide(
            new Progress.Unfinished(ErrorMeaning.THROTTLED, "AttachNetworkInterface on eni-1"),
            nodeGroup(setting),
            age,
            failures);

    if (age.toSeconds() < 3_600) {
      assertThat(outcome)
          .isEqualTo(new Outcome.Retry("THROTTLED", "AttachNetworkInterface on eni-1"));
    } else {
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Abandon.class,
              abandon -> {
                assertThat(abandon.reason()).isEqualTo(RefusalReason.TIMED_OUT);
                assertThat(abandon.message())
                    .contains(
                        "THROTTLED",
                        age.toSeconds() + " s",
                        "node group upf",
                        "3600 s",
                        "AttachNetworkInterface on eni-1",
                        RefusalReason.TIMED_OUT.remedy());
              });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "   0, 0, HOLD,    abandon",
    "   0, 1, HOLD,    abandon",
    "   0, 2, HOLD,    abandon",
    "   0, 3, HOLD,    hold",
    "   0, 9, HOLD,    hold",
    "3599, 2, HOLD,    abandon",
    "3599, 3, HOLD,    hold",
    "3600, 0, HOLD,    abandon",
    "3600, 3, HOLD,    abandon",
    "9000, 9, HOLD,    abandon",
    "   0, 0, ABANDON, abandon",
    "   0, 2, ABANDON, abandon",
    "   0, 3, ABANDON, abandon",
    "   0, 9, ABANDON, abandon",
    "3600, 3, ABANDON, abandon",
  })
  void aPermanentFaultIsAbandonedUnlessItRepeatsInAGroupThatHolds(
      int seconds, int failures, OnRepeatedFailure setting, String expected) {
    Outcome outcome =
        CompletionPolicy.decide(
            new Progress.Stopped(REFUSAL),
            nodeGroup(setting),
            Duration.ofSeconds(seconds),
            failures);

    if (expected.equals("hold")) {
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Retry.class,
              retry -> {
                assertThat(retry.reason()).isEqualTo("SECURITY_GROUP_NOT_FOUND");
                assertThat(retry.message())
                    .contains(failures + " nodes of group upf", "sg-typo")
                    .endsWith(REFUSAL.reason().remedy());
              });
    } else {
      assertThat(outcome)
          .isEqualTo(
              new Outcome.Abandon(RefusalReason.SECURITY_GROUP_NOT_FOUND, REFUSAL.explained()));
    }
  }

  @ParameterizedTest
  @EnumSource(ErrorMeaning.class)
  void noMeaningOfAnUnfinishedRunAbandonsAYoungNode(ErrorMeaning meaning) {
    assertThat(
            CompletionPolicy.decide(
                new Progress.Unfinished(meaning, "why"),
                nodeGroup(OnRepeatedFailure.ABANDON),
                Duration.ZERO,
                0))
        .isEqualTo(new Outcome.Retry(meaning.name(), "why"));
  }

  @Test
  void anEventFromTheFutureIsNotTooOld() {
    assertThat(
            CompletionPolicy.decide(
                new Progress.Unfinished(ErrorMeaning.NOT_READY, "it boots"),
                nodeGroup(OnRepeatedFailure.HOLD),
                Duration.ofSeconds(-5),
                0))
        .isInstanceOf(Outcome.Retry.class);
  }
}
