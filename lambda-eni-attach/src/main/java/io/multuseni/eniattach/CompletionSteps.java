// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.aws.AutoScalingEdge.Result;
import io.multuseni.core.attach.CompletionPolicy;
import io.multuseni.core.attach.LoopBreaker;
import io.multuseni.core.attach.Outcome;
import io.multuseni.core.attach.Progress;
import io.multuseni.core.attach.Refusal;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.event.Incoming;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** Decides how a lifecycle action goes on, and says it to Auto Scaling where it is ours to say. */
final class CompletionSteps {
  private final Invocation run;

  CompletionSteps(Invocation run) {
    this.run = run;
  }

  /**
   * ◆ ● CONTINUE, ABANDON or another try.
   *
   * @param action the lifecycle action
   * @param proven whether the instance is known to belong to the node group; otherwise nothing is
   *     said
   * @param progress how far the steps came
   * @return what was decided; another try where it could not be said
   */
  Outcome tell(Incoming.Action action, boolean proven, Progress progress) {
    boolean say = action.ours() && proven && !run.dryRun();
    Map<String, String> marks =
        progress instanceof Progress.Stopped && say ? marksOf(action) : Map.of();
    Outcome outcome = decide(action, proven, progress, marks);
    if (!say) {
      return outcome;
    }
    try {
      switch (outcome) {
        case Outcome.Continue() -> run.autoScaling().complete(action, Result.CONTINUE);
        case Outcome.Abandon abandon -> abandon(action, abandon, marks);
        case Outcome.Retry retry -> run.autoScaling().heartbeat(action);
        case Outcome.Ignored ignored -> {}
      }
      return outcome;
    } catch (CallFailure failure) {
      return new Outcome.Retry(
          failure.meaning().name(),
          "%s could not be told to Auto Scaling: %s"
              .formatted(nameOf(outcome), failure.explained()),
          false);
    }
  }

  private Outcome decide(
      Incoming.Action action, boolean proven, Progress progress, Map<String, String> marks) {
    Instant now = run.time().now();
    return switch (progress) {
      case Progress.Stopped(Refusal refusal) when !proven ->
          new Outcome.Retry(
              refusal.reason().name(),
              refusal.explained()
                  + "; whether the instance is of this cluster could not be seen, so nothing was said",
              false);
      case Progress.Stopped(Refusal refusal) ->
          CompletionPolicy.decide(
              progress,
              action.nodeGroup(),
              Duration.between(action.since(), now),
              LoopBreaker.sameFailures(marks, refusal.reason(), action.nodeGroup(), now));
      default ->
          CompletionPolicy.decide(
              progress, action.nodeGroup(), Duration.between(action.since(), now), 0);
    };
  }

  private void abandon(Incoming.Action action, Outcome.Abandon abandon, Map<String, String> marks) {
    Instant now = run.time().now();
    LoopBreaker.Mark mark =
        LoopBreaker.mark(abandon.reason(), action.nodeGroup(), action.instanceId(), now);
    try {
      run.autoScaling()
          .mark(
              action.autoScalingGroup(),
              LoopBreaker.keyFor(mark, marks, action.nodeGroup(), now),
              mark);
    } catch (CallFailure failure) {
      // The mark only counts failures. Without it a loop is broken later; the node must not wait.
      run.note("no mark was left for the loop breaker: " + failure.explained());
    }
    run.autoScaling().complete(action, Result.ABANDON);
  }

  private Map<String, String> marksOf(Incoming.Action action) {
    try {
      return run.autoScaling().marks(action.autoScalingGroup());
    } catch (CallFailure failure) {
      run.note("the loop breaker's marks could not be read: " + failure.explained());
      return Map.of();
    }
  }

  private static String nameOf(Outcome outcome) {
    return outcome.getClass().getSimpleName().toUpperCase(Locale.ROOT);
  }
}
