// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.core.report.ReconcileReport;

/** Where reports go besides the function's result: one structured log line each, and metrics. */
@FunctionalInterface
public interface Telemetry {
  /** A part of a run is over. */
  void reconciled(ReconcileReport report);

  /** A run goes by an older copy of the cluster's configuration, since it can't be read again. */
  default void ranOnOlderConfiguration(String cluster) {}

  /** Keeps nothing, for callers that print the report themselves. */
  static Telemetry none() {
    return report -> {};
  }
}
