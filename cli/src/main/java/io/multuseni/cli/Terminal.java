// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a command prints.
 *
 * @param out results, and nothing else
 * @param err messages and progress
 * @param looks what the two can show
 */
record Terminal(PrintWriter out, PrintWriter err, Looks looks) {
  /** The launcher says here which of {@code out} and {@code err} are terminals. */
  static final String PROPERTY = "multus-eni.terminals";

  /**
   * What the two streams can show.
   *
   * @param colours whether results may be coloured
   * @param live whether a line of progress can be overwritten
   */
  record Looks(boolean colours, boolean live) {
    /** A file or a pipe. */
    static final Looks PLAIN = new Looks(false, false);

    /**
     * Of this process. Java itself can only tell whether both standard input and output are a
     * terminal, which is why the launcher is asked.
     */
    static Looks ofProcess() {
      return of(System.getProperty(PROPERTY, ""), System.getenv("NO_COLOR"), System.getenv("TERM"));
    }

    /** By the launcher's word, and by what {@code NO_COLOR} and {@code TERM} ask for. */
    static Looks of(String terminals, @Nullable String noColor, @Nullable String term) {
      boolean dumb = "dumb".equals(term);
      boolean refused = noColor != null && !noColor.isEmpty();
      return new Looks(
          terminals.contains("out") && !refused && !dumb, terminals.contains("err") && !dumb);
    }
  }

  String good(String text) {
    return coloured("32", text);
  }

  String bad(String text) {
    return coloured("31", text);
  }

  String strong(String text) {
    return coloured("1", text);
  }

  String faint(String text) {
    return coloured("2", text);
  }

  private String coloured(String code, String text) {
    return looks.colours() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  /** Seconds as people read them. */
  static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.2f s", seconds);
  }
}
