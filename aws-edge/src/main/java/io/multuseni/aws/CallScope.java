// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import io.multuseni.aws.error.AwsErrors;
import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.aws.pacing.CountingInterceptor;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import java.time.Duration;
import java.util.function.Function;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;

/** What the calls of one invocation share: who counts them, and when they have to be over. */
record CallScope(CallCounter counter, Deadline deadline) {
  /**
   * Makes a call, bounded by the deadline.
   *
   * @param action the API action
   * @param resource what it is about
   * @param call takes the settings that the request must carry
   * @throws CallFailure whatever goes wrong
   */
  <T> T call(String action, String resource, Function<AwsRequestOverrideConfiguration, T> call) {
    Duration left = deadline.left();
    if (left.isZero()) {
      throw new CallFailure(
          ErrorMeaning.TRANSIENT, action, resource, "NoTimeLeft", "it was not sent", null);
    }
    try {
      return call.apply(
          AwsRequestOverrideConfiguration.builder()
              .putExecutionAttribute(CountingInterceptor.COUNTER, counter)
              .apiCallTimeout(left)
              .build());
    } catch (SdkException e) {
      throw AwsErrors.translate(action, resource, e);
    }
  }
}
