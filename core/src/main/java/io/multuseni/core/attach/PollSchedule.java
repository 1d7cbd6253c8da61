// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import java.time.Duration;

/**
 * When to look again at something that takes its time: an attachment, a booting instance. The gap
 * grows with what has passed, so that a wait is overshot by a bounded share of itself whether it
 * lasts 0.3 s or 4 s, and the number of looks grows with the logarithm of the wait only.
 */
public final class PollSchedule {
  /** Below this the request's own way dominates. */
  static final Duration SHORTEST = Duration.ofMillis(15);

  /** Above this a node would wait for our patience and not for EC2. */
  static final Duration LONGEST = Duration.ofSeconds(2);

  /** The gap as a divisor of what has passed. */
  private static final int SHARE = 12;

  private PollSchedule() {}

  /**
   * How long to wait before the next look.
   *
   * @param elapsed time since the waiting began
   * @return between 15 ms and 2 s
   */
  public static Duration gapAfter(Duration elapsed) {
    Duration gap = elapsed.dividedBy(SHARE);
    if (gap.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return gap.compareTo(LONGEST) > 0 ? LONGEST : gap;
  }
}
