// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.SweepReport;
import java.time.Duration;

/** Where reports go besides the function's result: one structured log line each, and metrics. */
public interface Telemetry {
  /**
   * A launch or termination was seen through, or an event ignored.
   *
   * @param report its report
   * @param sinceEvent time since the lifecycle action began
   */
  void attached(AttachReport report, Duration sinceEvent);

  /** A sweep was done. */
  void swept(SweepReport report);

  /** A run goes by an older copy of the cluster's configuration, since it can't be read again. */
  void ranOnOlderConfiguration(String cluster);

  /** Keeps nothing, for callers that print the report themselves. */
  static Telemetry none() {
    return new Telemetry() {
      @Override
      public void attached(AttachReport report, Duration sinceEvent) {}

      @Override
      public void swept(SweepReport report) {}

      @Override
      public void ranOnOlderConfiguration(String cluster) {}
    };
  }
}
