// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.multuseni.aws.Deadline;
import io.multuseni.core.report.SweepReport;
import java.time.Duration;
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
   * @throws io.multuseni.core.error.CallFailure where something could not be read; nothing was
   *     changed
   */
  @Override
  public SweepReport handleRequest(@Nullable ScheduledEvent event, Context context) {
    SweepReport report =
        flow.run(
            Deadline.in(sandbox.time(), Duration.ofMillis(context.getRemainingTimeInMillis())));
    sandbox.telemetry().swept(report);
    return report;
  }
}
