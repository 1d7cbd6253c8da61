// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollScheduleTest {
  /** When the look comes that sees what took {@code wait}, and how many looks there were. */
  private record Seen(Duration at, int looks) {
    static Seen after(Duration wait) {
      Duration elapsed = Duration.ZERO;
      int looks = 1;
      while (elapsed.compareTo(wait) < 0) {
        elapsed = elapsed.plus(PollSchedule.gapAfter(elapsed));
        looks++;
      }
      return new Seen(elapsed, looks);
    }
  }

  @Test
  void theFirstGapIsTheShortest() {
    assertThat(PollSchedule.gapAfter(Duration.ZERO)).isEqualTo(PollSchedule.SHORTEST);
    assertThat(PollSchedule.gapAfter(Duration.ofSeconds(-3)))
        .as("a clock that was set back")
        .isEqualTo(PollSchedule.SHORTEST);
  }

  @Property(tries = 500)
  void gapsStayWithinTheirBoundsAndNeverShrink(
      @ForAll @IntRange(max = 7_200_000) int millis, @ForAll @IntRange(max = 60_000) int more) {
    Duration sooner = PollSchedule.gapAfter(Duration.ofMillis(millis));
    Duration later = PollSchedule.gapAfter(Duration.ofMillis(millis).plusMillis(more));

    assertThat(sooner).isBetween(PollSchedule.SHORTEST, PollSchedule.LONGEST);
    assertThat(later).isGreaterThanOrEqualTo(sooner);
  }

  @ParameterizedTest
  @CsvSource({
    "0,      1",
    "300,    20",
    "500,    27",
    "1700,   42",
    "4000,   53",
    "8000,   62",
    "30000,  80",
    "120000, 125",
    "300000, 215",
  })
  void anyWaitTakesABoundedNumberOfLooks(int waitMillis, int atMost) {
    assertThat(Seen.after(Duration.ofMillis(waitMillis)).looks()).isBetween(1, atMost);
  }

  @Property(tries = 500)
  void aWaitIsOvershotByATenthOrTwoSecondsAtMost(@ForAll @IntRange(max = 600_000) int millis) {
    Duration wait = Duration.ofMillis(millis);
    Duration overshoot = Seen.after(wait).at().minus(wait);
    Duration tenth = wait.dividedBy(10);

    assertThat(overshoot).isLessThanOrEqualTo(PollSchedule.LONGEST);
    assertThat(overshoot)
        .isLessThanOrEqualTo(
            tenth.compareTo(PollSchedule.SHORTEST) > 0 ? tenth : PollSchedule.SHORTEST);
  }

  @Test
  void aLookThatTakesItsTimeIsPartOfTheDistance() {
    Duration call = Duration.ofMillis(100);

    assertThat(PollSchedule.gapAfter(Duration.ofMillis(500), call))
        .as("the call is longer than the distance")
        .isZero();
    assertThat(PollSchedule.gapAfter(Duration.ofSeconds(4), call))
        .isEqualTo(Duration.ofMillis(300));
    assertThat(PollSchedule.gapAfter(Duration.ofSeconds(4), Duration.ofSeconds(-1)))
        .as("a clock that was set back")
        .isEqualTo(Duration.ofMillis(400));
  }

  @Test
  void theFirstLookComesWhenTheLastWaitWasOver() {
    assertThat(PollSchedule.firstLookAfter(Duration.ZERO)).as("nothing is known").isZero();
    assertThat(PollSchedule.firstLookAfter(Duration.ofMillis(3))).as("at once").isZero();
    assertThat(PollSchedule.firstLookAfter(Duration.ofSeconds(2)))
        .isEqualTo(Duration.ofSeconds(2).plus(PollSchedule.MARGIN));
    assertThat(PollSchedule.firstLookAfter(Duration.ofMinutes(5)))
        .as("one slow attachment says little of the next")
        .isEqualTo(PollSchedule.LONGEST_EXPECTED);
  }
}
