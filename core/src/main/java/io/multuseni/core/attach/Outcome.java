// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import io.multuseni.core.event.IgnoredReason;

/** What a launch comes to. */
public sealed interface Outcome {
  /** The node is right: let it go on. */
  record Continue() implements Outcome {}

  /**
   * The node can't be right: Auto Scaling replaces it.
   *
   * @param reason why, as a constant
   * @param message why, for people
   */
  record Abandon(RefusalReason reason, String message) implements Outcome {}

  /**
   * Not yet: the node goes on waiting, by heartbeat where the hook is ours.
   *
   * @param reason why, as a constant
   * @param message why, for people
   */
  record Retry(String reason, String message) implements Outcome {}

  /**
   * Nothing to do.
   *
   * @param reason why, as a constant
   * @param message why, for people
   */
  record Ignored(IgnoredReason reason, String message) implements Outcome {}
}
