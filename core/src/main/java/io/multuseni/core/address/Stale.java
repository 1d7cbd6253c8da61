// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

/**
 * An address on an interface of ours that nobody there needs.
 *
 * @param seat the address and the interface
 * @param reason why
 */
public record Stale(Seat seat, Reason reason) {
  /** Why an address isn't needed where it is. */
  public enum Reason {
    /** Nobody reserves it. */
    NO_RESERVATION(true, false),
    /** The reservation's pod doesn't exist. */
    POD_GONE(true, false),
    /** The reservation's pod has finished. */
    POD_FINISHED(true, false),
    /** Its pod uses another reservation. */
    SUPERSEDED(false, false),
    /** Its pod is on another node, where the address can't be placed. */
    WRONG_NODE(false, false),
    /** The pod's node, or the interface's, is no longer in the cluster. */
    NODE_GONE(true, true);

    private final boolean podGone;
    private final boolean withoutGrace;

    Reason(boolean podGone, boolean withoutGrace) {
      this.podGone = podGone;
      this.withoutGrace = withoutGrace;
    }

    /** Whether no living pod has to do with it, so that a full interface may drop it at once. */
    public boolean isPodGone() {
      return podGone;
    }

    /** Whether it may be released without waiting. */
    public boolean isWithoutGrace() {
      return withoutGrace;
    }
  }
}
