// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ErrorMeaningTest {
  @Test
  void onlyTheseMayPassWithNothingChangedByAnybody() {
    assertThat(Arrays.stream(ErrorMeaning.values()).filter(ErrorMeaning::passesByItself))
        .containsExactlyInAnyOrder(
            ErrorMeaning.THROTTLED,
            ErrorMeaning.TRANSIENT,
            ErrorMeaning.UNKNOWN_EFFECT,
            ErrorMeaning.NOT_YET_VISIBLE,
            ErrorMeaning.NOT_READY);
  }

  @Test
  void aFailureTellsActionResourceCodeAndMessage() {
    IllegalStateException cause = new IllegalStateException("as the SDK says it");
    CallFailure failure =
        new CallFailure(
            ErrorMeaning.QUOTA, "CreateNetworkInterface", "subnet-1", "Limit", "no more", cause);

    assertThat(failure.explained())
        .isEqualTo("CreateNetworkInterface on subnet-1 failed: Limit: no more");
    assertThat(failure).hasCause(cause);
    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.QUOTA);
    assertThat(failure.action()).isEqualTo("CreateNetworkInterface");
    assertThat(failure.resource()).isEqualTo("subnet-1");
    assertThat(failure.code()).isEqualTo("Limit");
    assertThat(failure.answer()).isEqualTo("no more");
  }
}
