// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

import java.time.Instant;
import java.util.Optional;

/**
 * A lifecycle action as it stands at the moment of the inspection.
 *
 * @param token its token, 36 characters
 * @param hookName its hook
 * @param groupName its group
 * @param instanceId the instance it holds
 * @param transition what the instance is in
 * @param origin where the instance comes from: {@code EC2}, {@code AutoScalingGroup}, {@code
 *     WarmPool}
 * @param destination where it goes to, one of the same
 * @param state where it stands
 * @param startedAt when it began to wait
 * @param lastHeartbeat the last heartbeat, or the start
 * @param heartbeats how many heartbeats it got
 * @param result its result once it has one, the default one after a time-out
 * @param completedAt when it ended
 */
public record LifecycleActionView(
    String token,
    String hookName,
    String groupName,
    String instanceId,
    Transition transition,
    String origin,
    String destination,
    ActionState state,
    Instant startedAt,
    Instant lastHeartbeat,
    int heartbeats,
    Optional<HookResult> result,
    Optional<Instant> completedAt) {}
