// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import io.multuseni.aws.error.AwsErrors;
import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.aws.pacing.CountingInterceptor;
import io.multuseni.aws.pacing.LastTry;
import io.multuseni.base.Deadline;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
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
  <T extends @Nullable Object> T call(
      String action, String resource, Function<AwsRequestOverrideConfiguration, T> call) {
    Duration left = deadline.left();
    if (left.isZero()) {
      throw new CallFailure(
          ErrorMeaning.TRANSIENT, action, resource, "NoTimeLeft", "it was not sent", null);
    }
    LastTry lastTry = new LastTry();
    try {
      return ScopedValue.where(LastTry.OF_CALL, lastTry)
          .call(() ->
              call.apply(
                  AwsRequestOverrideConfiguration.builder()
                      .putExecutionAttribute(CountingInterceptor.COUNTER, counter)
                      .apiCallTimeout(left)
                      .build()));
    } catch (ApiCallTimeoutException e) {
      throw AwsErrors.timeout(action, resource, e, lastTry.failure());
    } catch (SdkException e) {
      throw AwsErrors.translate(action, resource, e);
    } catch (UncheckedIOException e) {
      throw new CallFailure(
          ErrorMeaning.UNKNOWN_EFFECT,
          action,
          resource,
          "NoAnswer",
          String.valueOf(e.getMessage()),
          e);
    }
  }

  /**
   * Reads page after page, each a call of its own under the deadline.
   *
   * @param action the API action
   * @param resource what it is about
   * @param page takes the settings and the token of the page, null for the first; gives the token
   *     of the next, null or empty after the last
   */
  void eachPage(
      String action,
      String resource,
      BiFunction<AwsRequestOverrideConfiguration, @Nullable String, @Nullable String> page) {
    @Nullable String token = null;
    do {
      String current = token;
      token =
          this.<@Nullable String>call(action, resource, settings -> page.apply(settings, current));
    } while (token != null && !token.isEmpty());
  }
}
