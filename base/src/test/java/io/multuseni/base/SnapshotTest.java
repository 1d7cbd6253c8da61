// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ServiceConfigurationError;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.crac.Core;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SnapshotTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  @Test
  void dropsWhatPrimingPrintsAndSaysNothingWhereItWorks() {
    AtomicBoolean primed = new AtomicBoolean();
    PrintStream usual = System.out;

    checkpoint(
        () -> {
          assertThat(System.out).isNotSameAs(usual);
          primed.set(true);
        },
        LONG);

    assertThat(primed).isTrue();
    assertThat(System.out).isSameAs(usual);
    assertThat(log.toString(UTF_8)).isEmpty();
  }

  static Stream<Throwable> whatPrimingMayThrow() {
    return Stream.of(
        new IllegalStateException("no such thing"),
        new NoClassDefFoundError("no such thing"),
        new ServiceConfigurationError("no such thing"),
        new AssertionError("no such thing"));
  }

  @ParameterizedTest
  @MethodSource("whatPrimingMayThrow")
  void goesOnWithAWarningWhereItFails(Throwable thrown) {
    checkpoint(() -> sneak(thrown), LONG);

    assertThat(log.toString(UTF_8).lines())
        .singleElement()
        .asString()
        .contains(
            "\"level\":\"WARN\"",
            "priming failed",
            thrown.getClass().getSimpleName(),
            "no such thing");
  }

  @Test
  void makesNoSnapshotOfAJvmThatIsBroken() {
    OutOfMemoryError broken = new OutOfMemoryError("heap");

    assertThatThrownBy(() -> checkpoint(() -> sneak(broken), LONG)).isSameAs(broken);
  }

  @Test
  void interruptsPrimingThatDoesNotEndAndGoesOn() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);

    checkpoint(
        () -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
        },
        Duration.ofMillis(500));

    assertThat(log.toString(UTF_8))
        .contains("\"level\":\"WARN\"", "priming failed", "not over within PT0.5S");
    assertThat(interrupted.await(1, TimeUnit.MINUTES)).isTrue();
  }

  private void checkpoint(Runnable priming, Duration longest) {
    new Snapshot(priming, () -> {}, new PrintStream(log, true, UTF_8), longest)
        .beforeCheckpoint(Core.getGlobalContext());
  }

  private static void sneak(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }
}
