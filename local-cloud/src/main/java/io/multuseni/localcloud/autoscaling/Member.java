// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

/** An instance of a group. */
final class Member {
  final String instanceId;
  final long serial;
  final Group group;
  final String subnetId;
  final String zone;

  /** The way it is on, or took last. */
  Journey journey;

  Activity activity;
  String state;

  Member(
      String instanceId,
      long serial,
      Group group,
      String subnetId,
      String zone,
      Journey journey,
      Activity activity) {
    this.instanceId = instanceId;
    this.serial = serial;
    this.group = group;
    this.subnetId = subnetId;
    this.zone = zone;
    this.journey = journey;
    this.activity = activity;
    this.state = journey.state;
  }

  /** Whether it is in the warm pool, on its way there, or on its way from there to the end. */
  boolean isWarm() {
    return state.startsWith("Warmed:");
  }

  /** Whether it rests in the warm pool, ready to be taken. */
  boolean isReadyInPool() {
    return state.equals("Warmed:Stopped") || state.equals("Warmed:Running");
  }

  /** Whether it counts towards the desired capacity. */
  boolean countsAsCapacity() {
    return !isWarm() && !journey.endsInTermination();
  }

  /** Whether hooks are through with it and only its instance has to come up. */
  boolean isProceeding() {
    return state.endsWith(":Proceed");
  }
}
