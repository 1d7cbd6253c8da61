// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import java.time.Duration;
import java.time.Instant;

/**
 * Progress of long work on standard error: one line that is overwritten on a terminal, a plain line
 * now and then elsewhere. Safe for several threads.
 */
final class Progress {
  private static final Duration PLAIN_EVERY = Duration.ofSeconds(10);

  private final Terminal terminal;
  private final Instant began;
  private Instant lastPlain;
  private int width;

  Progress(Terminal terminal, Instant now) {
    this.terminal = terminal;
    this.began = now;
    this.lastPlain = now;
  }

  /** Says how far it is; may be called as often as one likes. */
  synchronized void at(Instant now, String text) {
    if (terminal.looks().live()) {
      String line = "%s (%d s)".formatted(text, Duration.between(began, now).toSeconds());
      terminal.err().print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
      terminal.err().flush();
      width = line.length();
    } else if (Duration.between(lastPlain, now).compareTo(PLAIN_EVERY) >= 0) {
      lastPlain = now;
      terminal
          .err()
          .println("%s, after %d s".formatted(text, Duration.between(began, now).toSeconds()));
    }
  }

  /** Says something that stays to be read. */
  synchronized void line(String text) {
    done();
    terminal.err().println(text);
  }

  /** Takes the line away. */
  synchronized void done() {
    if (width > 0) {
      terminal.err().print("\r" + " ".repeat(width) + "\r");
      terminal.err().flush();
      width = 0;
    }
  }
}
