// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.node.InterfaceFacts;
import java.util.List;

/** How far the steps of a plan came. */
public sealed interface Progress {
  /**
   * Everything is as planned, and was seen so.
   *
   * @param interfaces the interfaces in device-index order, as the last look found them
   */
  record Complete(List<ServedInterface> interfaces) implements Progress {
    /** Copies the list. */
    public Complete {
      interfaces = List.copyOf(interfaces);
    }
  }

  /**
   * One interface at its place.
   *
   * @param planned what was planned
   * @param found what the last look found
   * @param created whether this run created it
   */
  record ServedInterface(PlannedInterface planned, InterfaceFacts found, boolean created) {}

  /**
   * It can't be done, and repeating it changes nothing.
   *
   * @param refusal why
   */
  record Stopped(Refusal refusal) implements Progress {}

  /**
   * The instance went away meanwhile.
   *
   * @param message what was seen
   */
  record InstanceGone(String message) implements Progress {}

  /**
   * It isn't done yet, and repeating it may do it.
   *
   * @param meaning what kept it
   * @param message what kept it, for people
   */
  record Unfinished(ErrorMeaning meaning, String message) implements Progress {}
}
