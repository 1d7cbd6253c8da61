// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.multuseni.base.Deadline;
import io.multuseni.core.report.ReconcileReport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * ▶ The reconcile function, called by a schedule. Whatever the schedule sends, it reconciles: the
 * event carries nothing that a reconciliation needs.
 */
public final class IpReconcileHandler
    implements RequestHandler<@Nullable ScheduledEvent, ReconcileReport> {
  private final Sandbox sandbox;
  private final ReconcileFlow flow;

  /** As Lambda makes it, configured by the environment. */
  public IpReconcileHandler() {
    this(Sandbox.fromEnvironment());
  }

  /** With everything given. */
  public IpReconcileHandler(Sandbox sandbox) {
    this.sandbox = sandbox;
    this.flow =
        new ReconcileFlow(
            sandbox.config(),
            sandbox.aws(),
            sandbox.kubernetes(),
            sandbox.time(),
            sandbox.dryRun());
  }

  /**
   * Reconciles once, and watches on where the configuration says so.
   *
   * <p>Where something could not be read, nothing was changed, and the report says so: the schedule
   * is the retry.
   *
   * @return the report of the pass
   */
  @Override
  public ReconcileReport handleRequest(@Nullable ScheduledEvent event, Context context) {
    return flow.run(
        Deadline.in(sandbox.time(), Duration.ofMillis(context.getRemainingTimeInMillis())),
        sandbox.telemetry()::reconciled);
  }
}
