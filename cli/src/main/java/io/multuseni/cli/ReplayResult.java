// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.SweepReport;
import java.util.stream.Stream;

/** What became of a replayed event. */
sealed interface ReplayResult {
  /** 0 where the goal is reached, 1 where it isn't, 2 where the event is no use. */
  int exitCode();

  /**
   * The attach function took it.
   *
   * @param report its report
   * @param readable whether the event has what an event needs
   */
  record Attached(AttachReport report, boolean readable) implements ReplayResult {
    @Override
    public int exitCode() {
      return readable ? codeOf(report) : 2;
    }
  }

  /**
   * The sweep function took it.
   *
   * @param report its report
   */
  record Swept(SweepReport report) implements ReplayResult {
    @Override
    public int exitCode() {
      boolean allDone =
          report.unfinished().isEmpty()
              && Stream.concat(report.launches().stream(), report.terminations().stream())
                  .allMatch(one -> codeOf(one) == 0);
      return allDone ? 0 : 1;
    }
  }

  private static int codeOf(AttachReport report) {
    return switch (report.outcome()) {
      case CONTINUE, IGNORED -> 0;
      case ABANDON, RETRY -> 1;
    };
  }
}
