// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

import java.time.Instant;
import java.util.Optional;

/** A hook that holds an instance, or did. */
final class LifecycleAction {
  final String token;

  /** As it was when the action began: a later change of the hook is for later actions. */
  final HookSpec hook;

  final String groupName;
  final String instanceId;
  final Journey journey;
  final Instant startedAt;
  Instant lastHeartbeat;
  int heartbeats;
  ActionState state = ActionState.WAITING;
  Optional<HookResult> result = Optional.empty();
  Optional<Instant> completedAt = Optional.empty();

  LifecycleAction(
      String token,
      HookSpec hook,
      String groupName,
      String instanceId,
      Journey journey,
      Instant startedAt) {
    this.token = token;
    this.hook = hook;
    this.groupName = groupName;
    this.instanceId = instanceId;
    this.journey = journey;
    this.startedAt = startedAt;
    this.lastHeartbeat = startedAt;
  }

  boolean isWaiting() {
    return state == ActionState.WAITING;
  }

  /**
   * When it expires: a heartbeat timeout after the last heartbeat, the global one at the latest.
   */
  Instant dueAt() {
    Instant beat = lastHeartbeat.plus(hook.heartbeatTimeout());
    Instant latest = startedAt.plus(hook.globalTimeout());
    return beat.isBefore(latest) ? beat : latest;
  }

  LifecycleActionView view() {
    return new LifecycleActionView(
        token,
        hook.name(),
        groupName,
        instanceId,
        journey.transition,
        journey.origin,
        journey.destination,
        state,
        startedAt,
        lastHeartbeat,
        heartbeats,
        result,
        completedAt);
  }
}
