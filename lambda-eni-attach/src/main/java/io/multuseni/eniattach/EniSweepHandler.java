// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.multuseni.aws.pacing.CallCounter;
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
   * @throws NotSweptException where something could not be read; then nothing was changed, and the
   *     schedule is the retry
   * @throws IllegalStateException where the configuration has problems
   */
  @Override
  public SweepReport handleRequest(@Nullable ScheduledEvent event, Context context) {
    return handle(
        Deadline.in(sandbox.time(), Duration.ofMillis(context.getRemainingTimeInMillis())));
  }

  /** As above, with the time by which the invocation ends. */
  SweepReport handle(Deadline deadline) {
    Instant began = sandbox.time().now();
    CallCounter counter = new CallCounter();
    SweepReport report;
    try {
      report = flow(deadline, counter).run(deadline, counter);
    } catch (CallFailure failure) {
      SweepReport unread =
          SweepReport.unread(
              failure.explained(),
              counter.byAction(),
              counter.throttledCalls(),
              Duration.between(began, sandbox.time().now()).toMillis(),
              sandbox.dryRun());
      sandbox.telemetry().swept(unread);
      throw new NotSweptException(unread);
    }
    sandbox.telemetry().swept(report);
    return report;
  }

  /** What a flow remembers was seen by its configuration, and counts as long as that stays. */
  private SweepFlow flow(Deadline deadline, CallCounter counter) {
    ProvisionerConfig config =
        sandbox.currentConfig(deadline.earlierBy(AttachFlow.RESERVE), counter);
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
