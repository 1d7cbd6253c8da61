// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Deadlines, caches that age, and calls side by side. */
class TimesTest {
  private static final Instant START = Instant.parse("2026-11-25T00:00:00Z");

  /** A clock that moves by its pauses alone. */
  private static final class HandClock implements Time {
    private Instant now = START;

    @Override
    public Instant now() {
      return now;
    }

    @Override
    public void pause(Duration duration) {
      now = now.plus(duration);
    }
  }

  private final HandClock time = new HandClock();

  private static CallFailure failed(String what) {
    return new CallFailure(ErrorMeaning.INVALID, what, "x", "Code", "message", null);
  }

  @Test
  void aDeadlineRunsDownToZeroAndNotBelow() {
    Deadline deadline = Deadline.in(time, Duration.ofSeconds(10));
    assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(10));
    assertThat(deadline.earlierBy(Duration.ofSeconds(4)).left()).isEqualTo(Duration.ofSeconds(6));
    assertThat(deadline.isOver()).isFalse();

    time.pause(Duration.ofSeconds(10));
    assertThat(deadline.isOver()).isTrue();
    time.pause(Duration.ofSeconds(10));
    assertThat(deadline.left()).isZero();
  }

  @Test
  void whatWasReadCountsUntilItsAgeIsReached() {
    AgedCache<String, String> cache = new AgedCache<>(time, Duration.ofMinutes(5));
    cache.put("a", "1");
    time.pause(Duration.ofSeconds(299));
    cache.put("b", "2");
    assertThat(cache.get("a")).contains("1");

    time.pause(Duration.ofSeconds(1));
    assertThat(cache.get("a")).isEmpty();
    assertThat(cache.get("b")).contains("2");

    cache.forget();
    assertThat(cache.get("b")).isEmpty();
  }

  @Test
  void eachOfSeveralCallsHasItsOwnEndInTheOrderOfTheItems() {
    List<Parallel.Result<Integer, String>> results =
        Parallel.forEach(
            List.of(1, 2, 3),
            item -> {
              if (item == 2) {
                throw failed("second");
              }
              return "done " + item;
            });

    assertThat(results).extracting(Parallel.Result::item).containsExactly(1, 2, 3);
    assertThat(results.get(0)).isEqualTo(new Parallel.Worked<>(1, "done 1"));
    assertThat(results.get(1)).isInstanceOf(Parallel.Failed.class);
    assertThat(results.get(2)).isEqualTo(new Parallel.Worked<>(3, "done 3"));
    assertThat(Parallel.forEach(List.<Integer>of(), item -> "x")).isEmpty();
  }

  @Test
  void aFaultOfOurOwnIsNotTakenForAFailedCall() {
    for (List<Integer> items : List.of(List.of(1), List.of(1, 2))) {
      assertThatThrownBy(() ->
              Parallel.forEach(
                  items,
                  item -> {
                    throw new IllegalArgumentException("a bug");
                  }))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void ofTwoFailuresTheFirstIsToldWithTheSecondInIt() {
    CallFailure first = failed("first");
    CallFailure second = failed("second");

    assertThatThrownBy(() ->
            Parallel.both(
                () -> {
                  throw first;
                },
                () -> {
                  throw second;
                }))
        .isSameAs(first)
        .hasSuppressedException(second);
    assertThatThrownBy(() ->
            Parallel.both(
                () -> "fine",
                () -> {
                  throw second;
                }))
        .isSameAs(second);
    assertThat(Parallel.both(() -> "a", () -> 1)).isEqualTo(new Parallel.Pair<>("a", 1));
  }
}
