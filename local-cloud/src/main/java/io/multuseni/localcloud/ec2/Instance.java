// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import java.time.Instant;
import java.util.Optional;

/** An instance. */
final class Instance extends Resource {
  final InstanceTypeInfo type;
  final Subnet subnet;
  final String reservationId;
  State state = State.PENDING;
  Instant launchTime;
  Instant runningAt;

  /** Empty where nobody models what runs on it. */
  Optional<Kubelet> kubelet = Optional.empty();

  Instance(
      String id,
      long serial,
      InstanceTypeInfo type,
      Subnet subnet,
      String reservationId,
      Instant launchTime,
      Instant runningAt) {
    super(id, serial);
    this.type = type;
    this.subnet = subnet;
    this.reservationId = reservationId;
    this.launchTime = launchTime;
    this.runningAt = runningAt;
  }

  /** States with the codes of the EC2 API reference. */
  enum State {
    PENDING(0, "pending"),
    RUNNING(16, "running"),
    TERMINATED(48, "terminated"),
    STOPPED(80, "stopped");

    final int code;
    final String text;

    State(int code, String text) {
      this.code = code;
      this.text = text;
    }
  }
}
