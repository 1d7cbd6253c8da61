// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.base.Deadline;
import io.multuseni.core.address.ReleaseGuard;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.report.ReconcileReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * ▶ The reconcile function, called by a schedule. Whatever the schedule sends, it reconciles: the
 * event carries nothing that a reconciliation needs.
 */
public final class IpReconcileHandler
    implements RequestHandler<@Nullable ScheduledEvent, ReconcileReport> {
  private final Sandbox sandbox;
  private Optional<Reconciled> last = Optional.empty();

  /** A flow with what it remembers, and the configuration that it goes by. */
  private record Reconciled(ProvisionerConfig config, ReconcileFlow flow) {}

  /** As Lambda makes it, configured by what the environment names. */
  public IpReconcileHandler() {
    this(Sandbox.asLambdaRunsIt());
  }

  /** With everything given. */
  public IpReconcileHandler(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  /**
   * Reconciles once, and watches on where the configuration says so.
   *
   * <p>Where something could not be read, nothing was changed, and the report says so: the schedule
   * is the retry.
   *
   * @return the report of the pass
   * @throws IllegalStateException where the configuration has problems
   */
  @Override
  public ReconcileReport handleRequest(@Nullable ScheduledEvent event, Context context) {
    return handle(
        Deadline.in(sandbox.time(), Duration.ofMillis(context.getRemainingTimeInMillis())));
  }

  /** As above, with the time by which the invocation ends. */
  ReconcileReport handle(Deadline deadline) {
    Instant began = sandbox.time().now();
    CallCounter counter = new CallCounter();
    ReconcileFlow flow;
    try {
      flow = flow(sandbox.currentConfig(deadline.earlierBy(ReconcileFlow.RESERVE), counter));
    } catch (CallFailure failure) {
      ReconcileReport unread =
          ReconcileReport.unread(
              sandbox.config().cluster().orElse(""),
              new ReconcileReport.Guard(
                  ReleaseGuard.Kind.UNREADABLE.name(),
                  "the configuration could not be read: " + failure.explained()),
              counter.byAction(),
              new TreeMap<>(),
              Duration.between(began, sandbox.time().now()).toMillis(),
              counter.throttledCalls(),
              sandbox.dryRun());
      sandbox.telemetry().reconciled(unread);
      return unread;
    }
    return flow.run(deadline, counter, sandbox.telemetry()::reconciled);
  }

  /** What a flow remembers was seen by its configuration, and counts as long as that stays. */
  private ReconcileFlow flow(ProvisionerConfig config) {
    Reconciled reconciled =
        last.filter(one -> one.config().equals(config))
            .orElseGet(() ->
                new Reconciled(
                    config,
                    new ReconcileFlow(
                        config,
                        sandbox.aws(),
                        sandbox.kubernetes().apply(config),
                        sandbox.time(),
                        sandbox.dryRun())));
    last = Optional.of(reconciled);
    return reconciled.flow();
  }
}
