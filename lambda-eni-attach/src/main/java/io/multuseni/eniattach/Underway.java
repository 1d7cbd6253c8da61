// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.core.attach.PlannedInterface;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.slot.Slot;

/**
 * An interface on its way to its slot.
 *
 * @param planned what is planned for the slot
 * @param found the interface as it was last seen
 * @param generation of the client token that it came from
 * @param created whether this run created it
 */
record Underway(PlannedInterface planned, InterfaceFacts found, int generation, boolean created) {
  Underway with(InterfaceFacts now) {
    return new Underway(planned, now, generation, created);
  }

  Slot slot() {
    return planned.slot();
  }

  String id() {
    return found.networkInterfaceId();
  }
}
