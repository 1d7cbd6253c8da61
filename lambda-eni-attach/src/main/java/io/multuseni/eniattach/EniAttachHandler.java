// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.base.Deadline;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.event.EventEnvelope;
import io.multuseni.core.event.Incoming;
import io.multuseni.core.event.IncomingParser;
import io.multuseni.core.report.AttachReport;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * ▶ The attach function. Lifecycle events of Auto Scaling come in through an EventBridge rule; the
 * report goes out. It fails only where another try can succeed.
 */
public final class EniAttachHandler
    implements RequestHandler<@Nullable ScheduledEvent, AttachReport> {
  private final Sandbox sandbox;

  /** As Lambda makes it, configured by what the environment names. */
  public EniAttachHandler() {
    this(Sandbox.asLambdaRunsIt(Priming::launch));
  }

  /** With everything given. */
  public EniAttachHandler(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  /**
   * Sees one event through.
   *
   * @throws NotDoneException where it isn't done yet and another try may do it
   * @throws IllegalStateException where the configuration has problems
   */
  @Override
  public AttachReport handleRequest(@Nullable ScheduledEvent event, Context context) {
    return handle(
        event, Deadline.in(sandbox.time(), Duration.ofMillis(context.getRemainingTimeInMillis())));
  }

  /** As above, with the time by which the invocation ends. */
  AttachReport handle(@Nullable ScheduledEvent event, Deadline deadline) {
    Instant now = sandbox.time().now();
    CallCounter counter = new CallCounter();
    EventEnvelope envelope = envelope(event);
    ProvisionerConfig config = config(envelope, now, deadline, counter);
    Incoming incoming = IncomingParser.parse(envelope, config, now);
    AttachFlow flow = new AttachFlow(config, sandbox.clients(), sandbox.time(), sandbox.dryRun());
    AttachReport report = flow.run(incoming, deadline, counter);
    sandbox.telemetry().attached(report, sinceEvent(incoming));
    if (report.outcome() == AttachReport.Outcome.RETRY) {
      throw new NotDoneException(report);
    }
    return report;
  }

  private ProvisionerConfig config(
      EventEnvelope envelope, Instant began, Deadline deadline, CallCounter counter) {
    try {
      return sandbox.currentConfig(deadline.earlierBy(AttachFlow.RESERVE), counter);
    } catch (CallFailure failure) {
      AttachReport unread =
          AttachReport.unread(
              envelope,
              failure,
              counter.byAction(),
              counter.throttledCalls(),
              Duration.between(began, sandbox.time().now()).toMillis(),
              sandbox.dryRun());
      sandbox.telemetry().attached(unread, Duration.ZERO);
      throw new NotDoneException(unread);
    }
  }

  private Duration sinceEvent(Incoming incoming) {
    return incoming instanceof Incoming.LaunchAction launch
        ? Duration.between(launch.action().since(), sandbox.time().now())
        : Duration.ZERO;
  }

  private static EventEnvelope envelope(@Nullable ScheduledEvent event) {
    if (event == null) {
      return new EventEnvelope(null, null, null, Map.of());
    }
    Map<String, @Nullable Object> detail = new HashMap<>();
    if (event.getDetail() != null) {
      detail.putAll(event.getDetail());
    }
    return new EventEnvelope(
        event.getSource(),
        event.getDetailType(),
        event.getTime() == null ? null : Instant.ofEpochMilli(event.getTime().getMillis()),
        detail);
  }
}
