// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.multuseni.base.Deadline;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.report.SweepReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * ▶ The sweep function, called by a schedule each minute. Whatever the schedule sends, it sweeps:
 * the event carries nothing that a sweep needs.
 */
public final class EniSweepHandler
    implements RequestHandler<@Nullable ScheduledEvent, SweepReport> {
  private final Sandbox sandbox;
  private Optional<Swept> last = Optional.empty();

  /** A flow with what it remembers, and the configuration that it goes by. */
  private record Swept(ProvisionerConfig config, SweepFlow flow) {}

  /** As Lambda makes it, configured by what the environment names. */
  public EniSweepHandler() {
    this(Sandbox.asLambdaRunsIt(Priming::sweep));
  }

  /** With everything given. */
  public EniSweepHandler(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  /**
   * Sweeps once.
   *
   * <p>Where something could not be read, nothing was changed, and the report says so: the schedule
   * is the retry.
   *
   * @throws IllegalStateException where the configuration has problems
   */
  @Override
  public SweepReport handleRequest(@Nullable ScheduledEvent event, Context context) {
    return handle(
        Deadline.in(sandbox.time(), Duration.ofMillis(context.getRemainingTimeInMillis())));
  }

  /** As above, with the time by which the invocation ends. */
  SweepReport handle(Deadline deadline) {
    SweepReport report = sweep(deadline);
    sandbox.telemetry().swept(report);
    return report;
  }

  private SweepReport sweep(Deadline deadline) {
    Instant began = sandbox.time().now();
    try {
      return flow(deadline).run(deadline);
    } catch (CallFailure failure) {
      return SweepReport.unread(
          failure.explained(),
          Duration.between(began, sandbox.time().now()).toMillis(),
          sandbox.dryRun());
    }
  }

  /** What a flow remembers was seen by its configuration, and counts as long as that stays. */
  private SweepFlow flow(Deadline deadline) {
    ProvisionerConfig config = sandbox.config().current(deadline.earlierBy(AttachFlow.RESERVE));
    Swept swept =
        last.filter(one -> one.config().equals(config))
            .orElseGet(() ->
                new Swept(
                    config,
                    new SweepFlow(config, sandbox.clients(), sandbox.time(), sandbox.dryRun())));
    last = Optional.of(swept);
    return swept.flow();
  }
}
