// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.core.config.Deployment.Concurrency;
import io.multuseni.core.config.Deployment.ReservedConcurrency;
import io.multuseni.core.config.Deployment.SuitableConcurrency;
import io.multuseni.core.config.Deployment.UnreservedConcurrency;
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
  /** While one watches to its end, the next one has begun. */
  private static final int WATCHING = 2;

  /**
   * Works them out.
   *
   * @throws BadInput where a run that watches can't end in time, or could not overlap the next
   */
  public static ReconcileRuns of(ProvisionerConfig config) throws BadInput {
    Reconciliation reconciliation = config.reconciliation();
    return new ReconcileRuns(
        timeout(reconciliation),
        concurrency(reconciliation, config.deployment().reconcile().concurrency()));
  }

  private static Duration timeout(Reconciliation reconciliation) throws BadInput {
    Duration period = reconciliation.period();
    if (!reconciliation.watch()) {
      // What a run leaves unfinished waits for the next one, which mustn't find it still there.
      return period.compareTo(TimeChain.LAMBDA_TIMEOUT_MAX) < 0
          ? period
          : TimeChain.LAMBDA_TIMEOUT_MAX;
    }
    Duration timeout = period.plus(TimeChain.RECONCILE_OVERLAP).plus(TimeChain.RECONCILE_ROOM);
    if (timeout.compareTo(TimeChain.LAMBDA_TIMEOUT_MAX) > 0) {
      throw new BadInput(
          "reconcile.periodSeconds: a run that watches for %d s needs a timeout of %d s, and a Lambda function has %d s at most; use at most %d, or watch: false"
              .formatted(
                  period.toSeconds(),
                  timeout.toSeconds(),
                  TimeChain.LAMBDA_TIMEOUT_MAX.toSeconds(),
                  TimeChain.RECONCILE_PERIOD_MAX_WATCHED.toSeconds()));
    }
    return timeout;
  }

  private static Optional<Integer> concurrency(
      Reconciliation reconciliation, Concurrency configured) throws BadInput {
    return switch (configured) {
      case SuitableConcurrency() -> Optional.of(reconciliation.watch() ? WATCHING : 1);
      case UnreservedConcurrency() -> Optional.empty();
      case ReservedConcurrency(int runs) -> {
        if (reconciliation.watch() && runs < WATCHING) {
          throw new BadInput(
              "deployment.reconcile.reservedConcurrency: with "
                  + runs
                  + " no run could begin while another still watches; use 2, or none, or"
                  + " reconcile.watch: false");
        }
        yield Optional.of(runs);
      }
    };
  }
}
