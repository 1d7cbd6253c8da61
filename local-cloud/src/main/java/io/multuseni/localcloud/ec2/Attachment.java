// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import java.time.Instant;
import java.util.Optional;

/** An interface in a slot of an instance. */
final class Attachment {
  final String id;
  final String instanceId;
  final int card;
  final int device;
  final Instant attachTime;
  final Instant attachedAt;
  boolean deleteOnTermination;

  /** When the interface will be off the instance, once a detach call has taken effect. */
  Optional<Instant> detachedAt = Optional.empty();

  Attachment(
      String id,
      String instanceId,
      int card,
      int device,
      Instant attachTime,
      Instant attachedAt,
      boolean deleteOnTermination) {
    this.id = id;
    this.instanceId = instanceId;
    this.card = card;
    this.device = device;
    this.attachTime = attachTime;
    this.attachedAt = attachedAt;
    this.deleteOnTermination = deleteOnTermination;
  }

  String status(Instant now) {
    if (detachedAt.isPresent()) {
      return "detaching";
    }
    return now.isBefore(attachedAt) ? "attaching" : "attached";
  }
}
