// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import io.multuseni.core.event.Incoming;
import io.multuseni.core.node.InterfaceFacts;
import java.util.List;

/**
 * What a sweep does.
 *
 * @param heartbeats waiting instances whose heartbeat timeout has run for a third
 * @param launches instances to provision: the event never came, its run died, or they serve without
 *     their interfaces
 * @param terminations terminating instances that still wait on our hook
 * @param orphansToMark interfaces that nobody needs any more and that are seen so for the first
 *     time
 * @param orphansToDelete interfaces that nobody has needed for longer than the grace
 * @param findings what people should know
 */
public record SweepPlan(
    List<Incoming.Action> heartbeats,
    List<Incoming.LaunchAction> launches,
    List<Incoming.TerminateAction> terminations,
    List<InterfaceFacts> orphansToMark,
    List<InterfaceFacts> orphansToDelete,
    List<Finding> findings) {
  /** Copies the lists. */
  public SweepPlan {
    heartbeats = List.copyOf(heartbeats);
    launches = List.copyOf(launches);
    terminations = List.copyOf(terminations);
    orphansToMark = List.copyOf(orphansToMark);
    orphansToDelete = List.copyOf(orphansToDelete);
    findings = List.copyOf(findings);
  }

  /**
   * What people should know.
   *
   * @param kind as a constant
   * @param resource what it is about
   * @param message for people, with the remedy
   */
  public record Finding(Kind kind, String resource, String message) {}

  /** Kinds of findings. */
  public enum Kind {
    /** A configured Auto Scaling group doesn't exist. */
    GROUP_MISSING,
    /** A configured Auto Scaling group lacks the launch hook. */
    HOOK_MISSING,
    /** An instance serves without all its interfaces. */
    INTERFACES_MISSING,
    /** The loop breaker holds a group's nodes back. */
    GROUP_HELD
  }
}
