// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.aws.AutoScalingEdge.Result;
import io.multuseni.core.attach.CompletionPolicy;
import io.multuseni.core.attach.LoopBreaker;
import io.multuseni.core.attach.Outcome;
import io.multuseni.core.attach.Progress;
import io.multuseni.core.attach.Refusal;
import io.multuseni.core.attach.RefusalReason;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.event.IgnoredReason;
import io.multuseni.core.event.Incoming;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Decides how a lifecycle action goes on, and says it to Auto Scaling where it is ours to say. */
final class CompletionSteps {
  private final Invocation run;
  private final Incoming.Action action;
  private final boolean proven;
  private final boolean say;
  private Map<String, Map<String, String>> marks = Map.of();
  private boolean completed;

  /**
   * Takes what it is about.
   *
   * @param run the run
   * @param action the lifecycle action
   * @param proven whether the instance is known to belong to the node group; otherwise nothing is
   *     said
   */
  CompletionSteps(Invocation run, Incoming.Action action, boolean proven) {
    this.run = run;
    this.action = action;
    this.proven = proven;
    this.say = action.ours() && proven && !run.dryRun();
  }

  /**
   * ◆ CONTINUE, ABANDON or another try.
   *
   * @param progress how far the steps came
   */
  Outcome decide(Progress progress) {
    // Patience is the hook's: where none of ours waits, slowness is a reason to try again only.
    Duration waiting = say ? Duration.between(action.since(), run.time().now()) : Duration.ZERO;
    return switch (progress) {
      case Progress.Stopped(Refusal refusal) when !proven ->
          new Outcome.Retry(
              refusal.reason().name(),
              refusal.explained()
                  + "; whether the instance is of this cluster could not be seen, so nothing was said");
      case Progress.Stopped(Refusal refusal) ->
          CompletionPolicy.decide(
              progress, action.nodeGroup(), waiting, sameFailures(refusal.reason()));
      default -> CompletionPolicy.decide(progress, action.nodeGroup(), waiting, 0);
    };
  }

  private int sameFailures(RefusalReason reason) {
    if (!say) {
      return 0;
    }
    try {
      marks = run.autoScalingBriefly().marks(groups());
    } catch (CallFailure failure) {
      run.note("the loop breaker's marks could not be read: " + failure.explained());
    }
    return LoopBreaker.sameFailures(
        LoopBreaker.together(marks), reason, action.nodeGroup(), run.time().now());
  }

  private List<String> groups() {
    return switch (action.nodeGroup().membership()) {
      case NodeGroup.AutoScalingGroups(List<String> names) -> names;
      case NodeGroup.EksManagedNodegroup managed -> List.of(action.autoScalingGroup());
    };
  }

  /**
   * ● Says it.
   *
   * @param outcome what was decided
   * @return what became of it: another try where it could not be said, ignored where nothing waited
   *     for an ABANDON
   */
  Outcome say(Outcome outcome) {
    if (!say) {
      return outcome;
    }
    try {
      return switch (outcome) {
        case Outcome.Continue done -> {
          completed = run.autoScaling().complete(action, Result.CONTINUE);
          yield done;
        }
        case Outcome.Abandon abandon -> abandon(abandon);
        case Outcome.Retry retry -> {
          run.autoScaling().heartbeat(action);
          yield retry;
        }
        case Outcome.Ignored ignored -> ignored;
      };
    } catch (CallFailure failure) {
      return new Outcome.Retry(
          failure.meaning().name(),
          "%s could not be told to Auto Scaling: %s"
              .formatted(nameOf(outcome), failure.explained()));
    }
  }

  /** Whether this run completed the lifecycle action. */
  boolean completed() {
    return completed;
  }

  private Outcome abandon(Outcome.Abandon abandon) {
    completed = run.autoScaling().complete(action, Result.ABANDON);
    if (!completed) {
      return new Outcome.Ignored(
          IgnoredReason.NO_ACTION_PENDING,
          "the lifecycle action is over, so the node stays; %s: %s"
              .formatted(abandon.reason(), abandon.message()));
    }
    if (abandon.reason() != RefusalReason.TIMED_OUT) {
      leaveMark(abandon.reason());
    }
    return abandon;
  }

  private void leaveMark(RefusalReason reason) {
    Instant now = run.time().now();
    LoopBreaker.Mark mark = LoopBreaker.mark(reason, action.nodeGroup(), action.instanceId(), now);
    String group = action.autoScalingGroup();
    try {
      run.autoScalingBriefly()
          .mark(
              group,
              LoopBreaker.keyFor(
                  mark, marks.getOrDefault(group, Map.of()), action.nodeGroup(), now),
              mark);
    } catch (CallFailure failure) {
      // The mark only counts failures. Without it a loop is broken later.
      run.note("no mark was left for the loop breaker: " + failure.explained());
    }
  }

  private static String nameOf(Outcome outcome) {
    return outcome.getClass().getSimpleName().toUpperCase(Locale.ROOT);
  }
}
