// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import io.multuseni.core.node.InterfaceFacts;
import java.util.List;

/**
 * How an instance gets every network interface that it should have.
 *
 * @param instanceId the instance
 * @param interfaces one per network, in device-index order
 * @param surplus interfaces of ours that wait for this instance and that no slot needs
 */
public record AttachmentPlan(
    String instanceId, List<PlannedInterface> interfaces, List<InterfaceFacts> surplus)
    implements AttachDecision {
  /** Copies the lists. */
  public AttachmentPlan {
    interfaces = List.copyOf(interfaces);
    surplus = List.copyOf(surplus);
  }

  /** Whether the node is right as it is. */
  public boolean isRight() {
    return interfaces.stream().allMatch(PlannedInterface::isRight);
  }
}
