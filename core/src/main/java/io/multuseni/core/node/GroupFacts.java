// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.node;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An Auto Scaling group as found.
 *
 * @param name its name
 * @param launchHooks its launch hooks, name to heartbeat timeout
 * @param terminateHooks names of its termination hooks
 * @param members its instances, those of its warm pool included
 * @param tags its tags, as far as they were read
 */
public record GroupFacts(
    String name,
    Map<String, Duration> launchHooks,
    List<String> terminateHooks,
    List<Member> members,
    Map<String, String> tags) {
  /** Copies the collections. */
  public GroupFacts {
    launchHooks = Map.copyOf(launchHooks);
    terminateHooks = List.copyOf(terminateHooks);
    members = List.copyOf(members);
    tags = Map.copyOf(tags);
  }

  /**
   * An instance of the group.
   *
   * @param instanceId its id
   * @param lifecycleState such as {@code Pending:Wait} or {@code InService}
   */
  public record Member(String instanceId, String lifecycleState) {
    /** Whether a launch hook holds it, on its way into the group or the warm pool. */
    public boolean waitsToLaunch() {
      return lifecycleState.equals("Pending:Wait") || lifecycleState.equals("Warmed:Pending:Wait");
    }

    /**
     * Whether a hook holds it on its way into the warm pool: a launch hook where it is new, a
     * termination hook where it comes back from service.
     */
    public boolean entersWarmPool() {
      return lifecycleState.equals("Warmed:Pending:Wait");
    }

    /** Whether a termination hook holds it. */
    public boolean waitsToTerminate() {
      return lifecycleState.equals("Terminating:Wait")
          || lifecycleState.equals("Warmed:Terminating:Wait");
    }

    /** Whether it serves. */
    public boolean isInService() {
      return lifecycleState.equals("InService");
    }
  }
}
