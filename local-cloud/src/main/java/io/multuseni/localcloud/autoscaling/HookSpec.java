// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

import io.multuseni.localcloud.wire.ApiError;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A lifecycle hook. Bounds are those of the service model (botocore, {@code
 * autoscaling/2011-01-01}).
 *
 * @param name letters, digits, {@code - _ /}
 * @param transition what it holds
 * @param heartbeatTimeout how long an action waits without a heartbeat: 30 s to 2 h
 * @param defaultResult what expiry means
 * @param notificationMetadata text that events carry, at most 4000 characters
 */
public record HookSpec(
    String name,
    Transition transition,
    Duration heartbeatTimeout,
    HookResult defaultResult,
    Optional<String> notificationMetadata) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9\\-_/]{1,255}");
  private static final Duration LONGEST_WAIT = Duration.ofDays(2);

  /** Checks the bounds; what is outside of them is a {@code ValidationError}. */
  public HookSpec {
    if (!NAME.matcher(name).matches()) {
      throw invalid("Lifecycle hook name is invalid: " + name);
    }
    if (heartbeatTimeout.toSeconds() < 30 || heartbeatTimeout.toSeconds() > 7200) {
      throw invalid("Heartbeat timeout must be between 30 and 7200 seconds");
    }
    if (notificationMetadata.filter(m -> m.length() > 4000).isPresent()) {
      throw invalid("Notification metadata is longer than 4000 characters");
    }
  }

  /** A launch hook without metadata: one hour, then ABANDON, the defaults of the API. */
  public static HookSpec launching(String name) {
    return new HookSpec(
        name, Transition.LAUNCHING, Duration.ofHours(1), HookResult.ABANDON, Optional.empty());
  }

  /** A terminate hook without metadata: one hour, then ABANDON, the defaults of the API. */
  public static HookSpec terminating(String name) {
    return new HookSpec(
        name, Transition.TERMINATING, Duration.ofHours(1), HookResult.ABANDON, Optional.empty());
  }

  /** This hook with another heartbeat timeout, 30 s to 2 h. */
  public HookSpec withHeartbeatTimeout(Duration timeout) {
    return new HookSpec(name, transition, timeout, defaultResult, notificationMetadata);
  }

  /** This hook with another result on expiry. */
  public HookSpec withDefaultResult(HookResult result) {
    return new HookSpec(name, transition, heartbeatTimeout, result, notificationMetadata);
  }

  /** This hook with metadata for its events. */
  public HookSpec withNotificationMetadata(String metadata) {
    return new HookSpec(name, transition, heartbeatTimeout, defaultResult, Optional.of(metadata));
  }

  /**
   * The longest an action of this hook waits, heartbeats or not: 48 h or 100 heartbeat timeouts,
   * whichever is shorter (Auto Scaling user guide, lifecycle hooks).
   */
  public Duration globalTimeout() {
    Duration hundred = heartbeatTimeout.multipliedBy(100);
    return hundred.compareTo(LONGEST_WAIT) < 0 ? hundred : LONGEST_WAIT;
  }

  private static ApiError invalid(String message) {
    return ApiError.of("ValidationError", message);
  }
}
