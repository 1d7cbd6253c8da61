// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.launch;

import io.multuseni.core.config.TimeChain;
import java.time.Duration;

/**
 * How late a launch event may be at each of the two places where it can wait. Together they are
 * {@link TimeChain#EVENT_AGE}, which every heartbeat timeout exceeds by more than a run of the
 * function.
 */
public final class EventTimes {
  /**
   * How long EventBridge tries to hand an event over to Lambda. Lambda takes events into a queue
   * and hardly ever refuses, so that most of the time is left for that queue.
   */
  public static final Duration IN_RULE = Duration.ofMinutes(5);

  /** How long an event may wait in the function's queue, between tries too. */
  public static final Duration IN_QUEUE = TimeChain.EVENT_AGE.minus(IN_RULE);

  /** How often EventBridge repeats the handing over; the age ends it sooner, mostly. */
  public static final int TRIES_IN_RULE = 20;

  /** How often Lambda repeats a run that failed: its most, after one and after two minutes. */
  public static final int TRIES_IN_QUEUE = 2;

  private EventTimes() {}
}
