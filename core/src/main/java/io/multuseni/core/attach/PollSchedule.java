// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import java.time.Duration;

/**
 * When to look again at something that takes its time: an attachment, a booting instance. The
 * distance from one look to the next grows with what has passed, so that a wait is overshot by a
 * bounded share of itself whether it lasts 0.5 s or 40 s, and the number of looks grows with the
 * logarithm of the wait only. A look takes time itself, which is part of the distance: as long as a
 * call takes longer than the distance should be, one look follows the other at once.
 */
public final class PollSchedule {
  /** The shortest distance, for endpoints that answer at once. */
  static final Duration SHORTEST = Duration.ofMillis(15);

  /** Above this a node would wait for our patience and not for EC2. */
  static final Duration LONGEST = Duration.ofSeconds(2);

  /**
   * The distance as a divisor of what has passed: a node gets ready at most a tenth later than it
   * could.
   */
  private static final int SHARE = 10;

  /** A wait is not expected to be longer than this, however long the last one was. */
  static final Duration LONGEST_EXPECTED = Duration.ofSeconds(5);

  /** Lets a first look arrive after what it looks for rather than just before. */
  static final Duration MARGIN = Duration.ofMillis(10);

  private PollSchedule() {}

  /**
   * How long to wait before the first look at one of several things of a kind. The looks that could
   * only have found nothing are spared, and with them the account's request rate.
   *
   * @param quickest the shortest wait so far for one of the kind: from its beginning to the sending
   *     of the look that found it done; zero where there was none
   * @return between nothing and about 5 s
   */
  public static Duration firstLookAfter(Duration quickest) {
    if (quickest.compareTo(SHORTEST) < 0) {
      return Duration.ZERO;
    }
    return quickest.compareTo(LONGEST_EXPECTED) > 0 ? LONGEST_EXPECTED : quickest.plus(MARGIN);
  }

  /**
   * How long to wait before the next look, where the last one took no time worth mentioning.
   *
   * @param elapsed time since the waiting began
   * @return between 15 ms and 2 s
   */
  public static Duration gapAfter(Duration elapsed) {
    return gapAfter(elapsed, Duration.ZERO);
  }

  /**
   * How long to wait before the next look.
   *
   * @param elapsed time since the waiting began
   * @param look how much of it the last look took
   * @return between nothing and 2 s
   */
  public static Duration gapAfter(Duration elapsed, Duration look) {
    Duration distance = elapsed.dividedBy(SHARE);
    if (distance.compareTo(SHORTEST) < 0) {
      distance = SHORTEST;
    } else if (distance.compareTo(LONGEST) > 0) {
      distance = LONGEST;
    }
    // A clock that was set back makes a look take less than nothing.
    Duration gap = look.isPositive() ? distance.minus(look) : distance;
    return gap.isNegative() ? Duration.ZERO : gap;
  }
}
