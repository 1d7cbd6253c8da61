// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

import io.multuseni.localcloud.wire.ApiError;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/**
 * The lifecycle actions of all groups: begun, kept alive, decided or expired. It knows what an
 * action's end means for its instance ({@link Outcome}), but not how instances move.
 */
final class LifecycleActionMachine {
  private final Map<String, LifecycleAction> byToken = new LinkedHashMap<>();
  private final Random random;

  LifecycleActionMachine(Random random) {
    this.random = random;
  }

  /** What the end of one action means for the instance it held. */
  enum Outcome {
    /** Other hooks still hold it. */
    HELD,
    /** Every hook said CONTINUE. */
    CONTINUED,
    /** One hook said ABANDON: the others don't count any more. */
    ABANDONED
  }

  LifecycleAction begin(
      HookSpec hook, String groupName, String instanceId, Journey journey, Instant now) {
    String token = new UUID(random.nextLong(), random.nextLong()).toString();
    LifecycleAction action = new LifecycleAction(token, hook, groupName, instanceId, journey, now);
    byToken.put(token, action);
    return action;
  }

  /**
   * The waiting action that a caller names by token or instance.
   *
   * @throws ApiError {@code ValidationError} if there is none, be it unknown or over
   */
  LifecycleAction waiting(
      String groupName, String hookName, Optional<String> token, Optional<String> instanceId) {
    if (token.isEmpty() && instanceId.isEmpty()) {
      throw ApiError.of(
          "ValidationError", "Either a lifecycle action token or an instance ID is needed.");
    }
    return byToken.values().stream()
        .filter(LifecycleAction::isWaiting)
        .filter(a -> a.groupName.equals(groupName) && a.hook.name().equals(hookName))
        .filter(a -> token.map(a.token::equals).orElse(true))
        .filter(a -> instanceId.map(a.instanceId::equals).orElse(true))
        .findFirst()
        .orElseThrow(() ->
            ApiError.of(
                "ValidationError",
                "No active Lifecycle Action found with "
                    + token
                        .map(t -> "token " + t)
                        .orElseGet(() -> "instance ID " + instanceId.orElse(""))));
  }

  void heartbeat(LifecycleAction action, Instant now) {
    action.lastHeartbeat = now;
    action.heartbeats++;
  }

  Outcome complete(LifecycleAction action, HookResult result, Instant now) {
    ActionState state =
        result == HookResult.CONTINUE ? ActionState.CONTINUED : ActionState.ABANDONED;
    return end(action, state, result, now);
  }

  /** Ends an action whose time is over with its hook's default result. */
  Outcome expire(LifecycleAction action) {
    return end(action, ActionState.TIMED_OUT, action.hook.defaultResult(), action.dueAt());
  }

  /** The action whose time was over first, of those whose time is over. */
  Optional<LifecycleAction> firstExpired(Instant now) {
    return byToken.values().stream()
        .filter(a -> a.isWaiting() && !now.isBefore(a.dueAt()))
        .min(Comparator.comparing(LifecycleAction::dueAt));
  }

  /** Ends whatever still holds an instance, with no result. */
  void cancel(String instanceId, Instant now) {
    for (LifecycleAction action : byToken.values()) {
      if (action.isWaiting() && action.instanceId.equals(instanceId)) {
        action.state = ActionState.CANCELLED;
        action.completedAt = Optional.of(now);
      }
    }
  }

  List<LifecycleActionView> views() {
    return byToken.values().stream().map(LifecycleAction::view).toList();
  }

  private Outcome end(LifecycleAction action, ActionState state, HookResult result, Instant at) {
    action.state = state;
    action.result = Optional.of(result);
    action.completedAt = Optional.of(at);
    if (result == HookResult.ABANDON) {
      cancel(action.instanceId, at);
      return Outcome.ABANDONED;
    }
    boolean held =
        byToken.values().stream()
            .anyMatch(a -> a.isWaiting() && a.instanceId.equals(action.instanceId));
    return held ? Outcome.HELD : Outcome.CONTINUED;
  }
}
