// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.multuseni.base.Deadline;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.report.SweepReport;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * ▶ The sweep function, called by a schedule each minute. Whatever the schedule sends, it sweeps:
 * the event carries nothing that a sweep needs.
 */
public final class EniSweepHandler
    implements RequestHandler<@Nullable ScheduledEvent, SweepReport> {
  private final Sandbox sandbox;
  private final SweepFlow flow;

  /** As Lambda makes it, configured by the environment. */
  public EniSweepHandler() {
    this(Sandbox.fromEnvironment());
  }

  /** With everything given. */
  public EniSweepHandler(Sandbox sandbox) {
    this.sandbox = sandbox;
    this.flow =
        new SweepFlow(sandbox.config(), sandbox.clients(), sandbox.time(), sandbox.dryRun());
  }

  /**
   * Sweeps once.
   *
   * <p>Where something could not be read, nothing was changed, and the report says so: the schedule
   * is the retry.
   */
  @Override
  public SweepReport handleRequest(@Nullable ScheduledEvent event, Context context) {
    SweepReport report = sweep(context);
    sandbox.telemetry().swept(report);
    return report;
  }

  private SweepReport sweep(Context context) {
    Instant began = sandbox.time().now();
    try {
      return flow.run(
          Deadline.in(sandbox.time(), Duration.ofMillis(context.getRemainingTimeInMillis())));
    } catch (CallFailure failure) {
      return SweepReport.unread(
          failure.explained(),
          Duration.between(began, sandbox.time().now()).toMillis(),
          sandbox.dryRun());
    }
  }
}
