// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.core.config.Deployment.ReservedConcurrency;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.Reconciliation;
import io.multuseni.core.config.TimeChain;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a reconcile run may take, and how many there may be at a time.
 *
 * @param timeout up to 900 s
 * @param concurrency what is reserved; empty where nothing is
 */
public record ReconcileRuns(Duration timeout, Optional<Integer> concurrency) {
  /** Works them out; the configuration has refused what can't be. */
  public static ReconcileRuns of(ProvisionerConfig config) {
    Reconciliation reconciliation = config.reconciliation();
    return new ReconcileRuns(
        timeout(reconciliation),
        config
            .deployment()
            .reconcile()
            .concurrency()
            .reserved(reconciliation.watch() ? ReservedConcurrency.LEAST_TO_WATCH : 1));
  }

  private static Duration timeout(Reconciliation reconciliation) {
    Duration period = reconciliation.period();
    if (reconciliation.watch()) {
      return period.plus(TimeChain.RECONCILE_OVERLAP).plus(TimeChain.RECONCILE_ROOM);
    }
    // What a run leaves unfinished waits for the next one, which mustn't find it still there.
    return period.compareTo(TimeChain.LAMBDA_TIMEOUT_MAX) < 0
        ? period
        : TimeChain.LAMBDA_TIMEOUT_MAX;
  }
}
