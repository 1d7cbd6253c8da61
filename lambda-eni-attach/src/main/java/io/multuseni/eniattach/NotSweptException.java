// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.core.report.SweepReport;
import java.io.Serial;

/**
 * Fails an invocation that could not read what a sweep needs, so that Lambda counts an error and
 * the alarm goes off. Nobody repeats it: the schedule does.
 */
public final class NotSweptException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient SweepReport report;

  NotSweptException(SweepReport report) {
    // No stack trace: this is an answer to Lambda, not a fault.
    super(String.join("; ", report.unfinished()), null, false, false);
    this.report = report;
  }

  /** What could not be read. */
  public SweepReport report() {
    return report;
  }
}
