// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.core.report.AttachReport;
import java.io.Serial;

/** Fails an invocation so that Lambda repeats it; the report says what is missing. */
public final class NotDoneException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient AttachReport report;

  NotDoneException(AttachReport report) {
    // No stack trace: this is an answer to Lambda, not a fault.
    super(report.reason() + ": " + report.message(), null, false, false);
    this.report = report;
  }

  /** What is done and what isn't. */
  public AttachReport report() {
    return report;
  }
}
