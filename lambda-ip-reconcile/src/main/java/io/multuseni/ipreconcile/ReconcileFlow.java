// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.aws.AwsClients;
import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.base.Deadline;
import io.multuseni.base.Time;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.TimeChain;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.ipreconcile.Look.Looked;
import io.multuseni.kube.KubeClients;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;

/** The story of one reconciliation: a pass over everything, then a watch for what changes. */
public final class ReconcileFlow {
  /** Kept back from everything, so that the report is written before Lambda ends the run. */
  static final Duration RESERVE = Duration.ofSeconds(3);

  /** A run watches until the next one has surely read its lists. */
  public static final Duration OVERLAP = TimeChain.RECONCILE_OVERLAP;

  private final ProvisionerConfig config;
  private final AwsClients aws;
  private final KubeClients kubernetes;
  private final Time time;
  private final boolean dryRun;
  private final StaleMemory memory;

  /** Interfaces that the last run did not finish. */
  private final Set<String> backlog = new ConcurrentSkipListSet<>();

  private final HolderMemory holders = new HolderMemory();

  /**
   * Takes what all runs share.
   *
   * @param config the configuration
   * @param aws clients and caches for AWS
   * @param kubernetes clients for the Kubernetes API
   * @param time the clock
   * @param dryRun whether to decide and report only
   */
  public ReconcileFlow(
      ProvisionerConfig config, AwsClients aws, KubeClients kubernetes, Time time, boolean dryRun) {
    this.config = config;
    this.aws = aws;
    this.kubernetes = kubernetes;
    this.time = time;
    this.dryRun = dryRun;
    // Two sandboxes take turns while runs overlap, so that each sees every second run.
    this.memory = new StaleMemory(config.reconciliation().period().multipliedBy(2).plus(OVERLAP));
  }

  /**
   * Makes one pass, whatever the configuration says about watching.
   *
   * @param deadline when the run must be over
   * @return what it did; where something could not be read it changed nothing, and says so
   */
  public ReconcileReport pass(Deadline deadline) {
    return pass(deadline, new CallCounter());
  }

  private ReconcileReport pass(Deadline deadline, CallCounter counter) {
    try (Look look = look(deadline, counter)) {
      return pass(look);
    }
  }

  /**
   * Makes one pass and, where the configuration says so, watches on until the next run has begun.
   *
   * @param deadline when the run must be over
   * @param told gets each report as soon as its part is over
   * @return the report of the pass
   */
  public ReconcileReport run(Deadline deadline, Consumer<ReconcileReport> told) {
    return run(deadline, new CallCounter(), told);
  }

  /** As above, with the counter of what the invocation has called already. */
  ReconcileReport run(Deadline deadline, CallCounter counter, Consumer<ReconcileReport> told) {
    Instant until = time.now().plus(config.reconciliation().period()).plus(OVERLAP);
    if (!config.reconciliation().watch()) {
      ReconcileReport report = pass(deadline, counter);
      told.accept(report);
      return report;
    }
    try (Look look = look(deadline, counter)) {
      Pass pass = new Pass(look, config, memory, time);
      Looked looked;
      ReconcileReport report;
      try {
        looked = pass.run(true);
        report = look.report(ReconcileReport.Kind.PASS, pass.overdue());
      } catch (CallFailure failure) {
        // The watch reads everything as soon as it can be read.
        looked = look.nothing();
        report = look.unread(failure);
      }
      told.accept(report);
      told.accept(new WatchLoop(look, pass, memory, time).run(looked, until));
      return report;
    }
  }

  private ReconcileReport pass(Look look) {
    Pass pass = new Pass(look, config, memory, time);
    try {
      pass.run(false);
      return look.report(ReconcileReport.Kind.PASS, pass.overdue());
    } catch (CallFailure failure) {
      return look.unread(failure);
    }
  }

  private Look look(Deadline deadline, CallCounter counter) {
    return new Look(
        config,
        aws,
        kubernetes,
        time,
        deadline.earlierBy(RESERVE),
        counter,
        dryRun,
        backlog,
        holders);
  }
}
