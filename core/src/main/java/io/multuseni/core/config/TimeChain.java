// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import java.time.Duration;

/**
 * The times that must fit together, in one place.
 *
 * <p>A launch event may reach the function as late as {@link #EVENT_AGE} after it was sent, and the
 * function may then run for {@link #FUNCTION_TIMEOUT}. Were the hook's heartbeat timeout not longer
 * than both together, Auto Scaling could take its default result while we still work. The
 * deployment sets the function from the same constants.
 */
public final class TimeChain {
  /** Highest age of an event at which the function is still tried with it, 1,500 s. */
  public static final Duration EVENT_AGE = Duration.ofMinutes(25);

  /** Timeout of the function, 120 s. */
  public static final Duration FUNCTION_TIMEOUT = Duration.ofMinutes(2);

  /** What a heartbeat timeout must exceed. */
  public static final Duration LATEST_END = EVENT_AGE.plus(FUNCTION_TIMEOUT);

  /** Default heartbeat timeout, 1,800 s: leaves three minutes beside {@link #LATEST_END}. */
  public static final Duration HEARTBEAT_DEFAULT = Duration.ofMinutes(30);

  /** Shortest heartbeat timeout of Auto Scaling (PutLifecycleHook). */
  public static final Duration HEARTBEAT_MIN = Duration.ofSeconds(30);

  /** Longest heartbeat timeout, 7,200 s, of Auto Scaling (PutLifecycleHook). */
  public static final Duration HEARTBEAT_MAX = Duration.ofHours(2);

  /** How many heartbeat timeouts an instance may wait in all (PutLifecycleHook, global timeout). */
  public static final int HEARTBEATS_IN_ALL = 100;

  /** How long an instance may wait in all, whatever the heartbeats (PutLifecycleHook). */
  public static final Duration WAIT_MAX = Duration.ofDays(2);

  /** Default of {@code giveUpAfter} for self-managed Auto Scaling groups, 3,600 s. */
  public static final Duration GIVE_UP_DEFAULT = Duration.ofHours(1);

  /**
   * Default of {@code giveUpAfter} for EKS managed node groups, 840 s: a minute before EKS loses
   * patience.
   */
  public static final Duration GIVE_UP_DEFAULT_MANAGED = Duration.ofMinutes(14);

  /**
   * Longest {@code giveUpAfter} for EKS managed node groups: during an update EKS fails where a new
   * node hasn't joined within about 15 minutes (EKS user guide, managed node update behaviour).
   */
  public static final Duration GIVE_UP_MAX_MANAGED = Duration.ofMinutes(15);

  /**
   * Default age, 900 s, from which the sweep may delete an unattached network interface of ours.
   */
  public static final Duration SWEEP_GRACE_DEFAULT = Duration.ofMinutes(15);

  /**
   * Shortest such age. Below a minute the sweep could delete what a launch has just created and not
   * yet attached.
   */
  public static final Duration SWEEP_GRACE_MIN = Duration.ofSeconds(60);

  /** Longest such age; beyond a day, leaked interfaces fill the subnets. */
  public static final Duration SWEEP_GRACE_MAX = Duration.ofDays(1);

  /** Longest grace before an address without a reservation is released, 3,600 s. */
  public static final Duration RELEASE_GRACE_MAX = Duration.ofHours(1);

  /** Shortest time between two starts of a reconcile run: an EventBridge schedule goes no lower. */
  public static final Duration RECONCILE_PERIOD_MIN = Duration.ofMinutes(1);

  /** Longest time between two starts of a reconcile run, a day. */
  public static final Duration RECONCILE_PERIOD_MAX = Duration.ofDays(1);

  /**
   * Longest such time, 600 s, where a run watches until the next one starts: a Lambda function runs
   * for 900 s at most, and its pass takes some of them.
   */
  public static final Duration RECONCILE_PERIOD_MAX_WATCHED = Duration.ofMinutes(10);

  /** A run that watches does so until the next one has surely read its lists, 15 s. */
  public static final Duration RECONCILE_OVERLAP = Duration.ofSeconds(15);

  /**
   * What a watching run gets beyond its watch, 45 s: for what its last look still has to do, and
   * for the report. With it a run of the shortest period ends when the second next begins, so that
   * there are never three at a time.
   */
  public static final Duration RECONCILE_ROOM = Duration.ofSeconds(45);

  /** Longest timeout of a Lambda function, 900 s (Lambda quotas). */
  public static final Duration LAMBDA_TIMEOUT_MAX = Duration.ofMinutes(15);

  private TimeChain() {}

  /** The default of {@code giveUpAfter} for a kind of membership. */
  static Duration giveUpDefault(NodeGroup.Membership membership) {
    return switch (membership) {
      case NodeGroup.AutoScalingGroups _ -> GIVE_UP_DEFAULT;
      case NodeGroup.EksManagedNodegroup _ -> GIVE_UP_DEFAULT_MANAGED;
    };
  }
}
