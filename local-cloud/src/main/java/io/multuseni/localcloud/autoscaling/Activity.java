// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

import java.time.Instant;
import java.util.Optional;

/** Something a group does with an instance. */
final class Activity {
  final String id;
  final long serial;
  final String groupName;
  final String description;
  final String cause;
  final Instant startTime;
  Optional<Instant> endTime = Optional.empty();
  String statusCode = "InProgress";
  String statusMessage = "";

  Activity(
      String id,
      long serial,
      String groupName,
      String description,
      String cause,
      Instant startTime) {
    this.id = id;
    this.serial = serial;
    this.groupName = groupName;
    this.description = description;
    this.cause = cause;
    this.startTime = startTime;
  }

  void end(String status, String message, Instant now) {
    statusCode = status;
    statusMessage = message;
    endTime = Optional.of(now);
  }
}
