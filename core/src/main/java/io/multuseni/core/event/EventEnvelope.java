// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.event;

import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An EventBridge event as it arrived, nothing checked yet.
 *
 * @param source the event's source, such as {@code aws.autoscaling}
 * @param detailType what happened
 * @param time when
 * @param detail the fields of what happened
 */
public record EventEnvelope(
    @Nullable String source,
    @Nullable String detailType,
    @Nullable Instant time,
    Map<String, @Nullable Object> detail) {
  /** Copies the map. */
  // Written out, since the compact form loses the nested annotation of the map in the class file.
  public EventEnvelope(
      @Nullable String source,
      @Nullable String detailType,
      @Nullable Instant time,
      Map<String, @Nullable Object> detail) {
    this.source = source;
    this.detailType = detailType;
    this.time = time;
    this.detail = Collections.unmodifiableMap(new HashMap<>(detail));
  }
}
