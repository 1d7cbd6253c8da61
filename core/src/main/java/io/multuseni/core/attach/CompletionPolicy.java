// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeGroup.OnRepeatedFailure;
import io.multuseni.core.event.IgnoredReason;
import java.time.Duration;

/** Decides between CONTINUE, ABANDON and another try. */
public final class CompletionPolicy {
  private CompletionPolicy() {}

  /**
   * Decides.
   *
   * @param progress how far the steps came
   * @param group the node group
   * @param sinceLaunch time since the lifecycle action began
   * @param sameFailures how many nodes of the group were ABANDONed lately for the same reason;
   *     asked for only where {@code progress} is {@link Progress.Stopped}
   */
  public static Outcome decide(
      Progress progress, NodeGroup group, Duration sinceLaunch, int sameFailures) {
    boolean patienceIsOver = sinceLaunch.compareTo(group.giveUpAfter()) >= 0;
    return switch (progress) {
      case Progress.Complete complete -> new Outcome.Continue();
      case Progress.InstanceGone(String message) ->
          new Outcome.Ignored(IgnoredReason.INSTANCE_GONE, message);
      case Progress.Unfinished(var meaning, String message) ->
          patienceIsOver
              ? new Outcome.Abandon(
                  RefusalReason.TIMED_OUT,
                  "%s after %d s, which is over giveUpAfter of node group %s (%d s): %s; %s"
                      .formatted(
                          meaning,
                          sinceLaunch.toSeconds(),
                          group.name(),
                          group.giveUpAfter().toSeconds(),
                          message,
                          RefusalReason.TIMED_OUT.remedy()))
              : new Outcome.Retry(meaning.name(), message);
      case Progress.Stopped(Refusal refusal) -> {
        boolean hold =
            group.onRepeatedFailure() == OnRepeatedFailure.HOLD
                && sameFailures >= LoopBreaker.THRESHOLD
                && !patienceIsOver;
        yield hold
            ? new Outcome.Retry(
                refusal.reason().name(),
                "held back after %d nodes of group %s were ABANDONed for the same reason: %s"
                    .formatted(sameFailures, group.name(), refusal.explained()))
            : new Outcome.Abandon(refusal.reason(), refusal.explained());
      }
    };
  }
}
