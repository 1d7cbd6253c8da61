// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** Shows that something is still at work. */
final class Waiting {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private Waiting() {}

  /** Does the work; what lasts less than a second shows nothing. */
  static <T> T during(Terminal terminal, String text, Supplier<T> work) {
    return during(new Progress(terminal, Instant.now()), text, work);
  }

  /** The same with a progress that others use too. */
  static <T> T during(Progress progress, String text, Supplier<T> work) {
    Thread shown =
        Thread.startVirtualThread(() -> {
          try {
            while (true) {
              Thread.sleep(EVERY);
              progress.at(Instant.now(), text);
            }
          } catch (InterruptedException e) {
            progress.done();
          }
        });
    try {
      return work.get();
    } finally {
      shown.interrupt();
      try {
        // Its line must be gone before anything else is printed.
        shown.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
