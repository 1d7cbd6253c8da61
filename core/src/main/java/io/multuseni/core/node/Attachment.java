// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.node;

import io.multuseni.core.slot.Slot;
import java.util.Optional;

/**
 * How a network interface hangs on an instance.
 *
 * @param attachmentId the attachment's id
 * @param instanceId the instance; absent where AWS itself attached it
 * @param slot where on the instance
 * @param status {@code attaching}, {@code attached}, {@code detaching} or {@code detached}
 * @param deleteOnTermination whether EC2 deletes the interface with the instance; false after every
 *     AttachNetworkInterface
 */
public record Attachment(
    String attachmentId,
    Optional<String> instanceId,
    Slot slot,
    String status,
    boolean deleteOnTermination) {
  /** Whether the attaching is over. */
  public boolean isAttached() {
    return status.equals("attached");
  }
}
