// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

/**
 * The ways an instance takes through its group: which hooks hold it, what its events say, and how
 * its states are called on the way (Auto Scaling user guide, lifecycle and warm pools).
 */
enum Journey {
  LAUNCH(Transition.LAUNCHING, "EC2", "AutoScalingGroup", "Pending"),
  INTO_POOL(Transition.LAUNCHING, "EC2", "WarmPool", "Warmed:Pending"),
  OUT_OF_POOL(Transition.LAUNCHING, "WarmPool", "AutoScalingGroup", "Pending"),
  TERMINATE(Transition.TERMINATING, "AutoScalingGroup", "EC2", "Terminating"),
  BACK_TO_POOL(Transition.TERMINATING, "AutoScalingGroup", "WarmPool", "Warmed:Pending"),
  TERMINATE_WARM(Transition.TERMINATING, "WarmPool", "EC2", "Warmed:Terminating");

  final Transition transition;
  final String origin;
  final String destination;
  final String state;

  Journey(Transition transition, String origin, String destination, String state) {
    this.transition = transition;
    this.origin = origin;
    this.destination = destination;
    this.state = state;
  }

  /** Whether the instance ends in service. */
  boolean endsInService() {
    return destination.equals("AutoScalingGroup");
  }

  /** Whether the instance is gone in the end. */
  boolean endsInTermination() {
    return destination.equals("EC2");
  }
}
