// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws.pacing;

import io.multuseni.aws.error.AwsErrors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Tells each request to the counter that the request carries, every repetition of it too. */
public final class CountingInterceptor implements ExecutionInterceptor {
  /** Where a request carries its counter. */
  public static final ExecutionAttribute<CallCounter> COUNTER =
      new ExecutionAttribute<>("multus-eni-call-counter");

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    CallCounter counter = attributes.getAttribute(COUNTER);
    if (counter != null) {
      counter.sent(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME));
    }
  }

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    CallCounter counter = attributes.getAttribute(COUNTER);
    if (counter == null
        || context.httpResponse().isSuccessful()
        || context.responseBody().isEmpty()) {
      return context.responseBody();
    }
    // The SDK tells only about the last try; a throttled one before it is seen here alone.
    try (InputStream body = context.responseBody().get()) {
      byte[] bytes = body.readAllBytes();
      if (AwsErrors.isThrottlingBody(new String(bytes, StandardCharsets.UTF_8))) {
        counter.throttled();
      }
      return Optional.of(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      // Half an answer is none: the SDK repeats the call, as it does where the connection breaks.
      throw SdkClientException.create("the answer broke off: " + e.getMessage(), e);
    }
  }
}
