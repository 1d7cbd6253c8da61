// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.error.ErrorMeaning;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalReasonTest {
  @ParameterizedTest
  @EnumSource(RefusalReason.class)
  void eachHasARemedyThatContinuesASentence(RefusalReason reason) {
    assertThat(reason.remedy()).hasSizeGreaterThan(20).matches("[a-z].*[^.]");
    assertThat(new Refusal(reason, "x", "x is wrong").explained())
        .isEqualTo("x is wrong; " + reason.remedy());
  }

  @Test
  void noTwoHaveTheSameRemedy() {
    assertThat(Arrays.stream(RefusalReason.values()).map(RefusalReason::remedy))
        .doesNotHaveDuplicates();
  }

  @Test
  void aTakenIndexPointsToTheBootGate() {
    assertThat(RefusalReason.DEVICE_INDEX_TAKEN.remedy()).contains("boot gate", "kubelet");
  }

  @ParameterizedTest
  @CsvSource({
    "THROTTLED,           TIMED_OUT",
    "TRANSIENT,           TIMED_OUT",
    "UNKNOWN_EFFECT,      TIMED_OUT",
    "NOT_YET_VISIBLE,     TIMED_OUT",
    "NOT_READY,           TIMED_OUT",
    "ALREADY_DONE,        INVALID_REQUEST",
    "GONE,                INVALID_REQUEST",
    "IN_USE,              DEVICE_INDEX_TAKEN",
    "SLOT_TAKEN,          DEVICE_INDEX_TAKEN",
    "ADDRESS_TAKEN,       SUBNET_OUT_OF_ADDRESSES",
    "NO_ROOM_IN_SUBNET,   SUBNET_OUT_OF_ADDRESSES",
    "TOKEN_REUSED,        INVALID_REQUEST",
    "NO_ROOM_ON_INSTANCE, INSTANCE_TYPE_TOO_SMALL",
    "NO_ROOM_ON_INTERFACE, INSTANCE_TYPE_TOO_SMALL",
    "QUOTA,               QUOTA_EXCEEDED",
    "MISSING_DEPENDENCY,  SECURITY_GROUP_NOT_FOUND",
    "DENIED,              ACCESS_DENIED",
    "INVALID,             INVALID_REQUEST",
  })
  void eachMeaningOfAnErrorStandsForAReason(ErrorMeaning meaning, RefusalReason reason) {
    assertThat(RefusalReason.of(meaning)).isEqualTo(reason);
  }

  @ParameterizedTest
  @EnumSource(ErrorMeaning.class)
  void whatPassesByItselfIsNeverCalledPermanent(ErrorMeaning meaning) {
    assertThat(RefusalReason.of(meaning) == RefusalReason.TIMED_OUT)
        .isEqualTo(meaning.passesByItself());
  }
}
