// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import org.jspecify.annotations.Nullable;

/** Decodes an event the way Lambda's managed Java runtime does, mistakes included. */
final class EventDecoder {
  private final PojoSerializer<ScheduledEvent> serializer =
      LambdaEventSerializers.serializerFor(
          ScheduledEvent.class, EventDecoder.class.getClassLoader());

  /**
   * Decodes an event.
   *
   * @param json the event as EventBridge sends it
   * @throws BadInputException where the runtime would fail before it calls a handler
   */
  @Nullable ScheduledEvent decode(String json) {
    try {
      return serializer.fromJson(json);
    } catch (RuntimeException e) {
      throw new BadInputException("the event can't be decoded: " + firstLine(e));
    }
  }

  private static String firstLine(RuntimeException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }
}
