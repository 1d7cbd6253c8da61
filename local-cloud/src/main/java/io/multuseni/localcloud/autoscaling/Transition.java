// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

import io.multuseni.localcloud.wire.ApiError;

/** The transitions that a lifecycle hook can hold. */
public enum Transition {
  /** Towards service or the warm pool. */
  LAUNCHING("autoscaling:EC2_INSTANCE_LAUNCHING"),
  /** Out of service: to the end, or back to the warm pool. */
  TERMINATING("autoscaling:EC2_INSTANCE_TERMINATING");

  private final String text;

  Transition(String text) {
    this.text = text;
  }

  /** The name on the wire. */
  public String text() {
    return text;
  }

  static Transition of(String text) {
    for (Transition transition : values()) {
      if (transition.text.equals(text)) {
        return transition;
      }
    }
    throw ApiError.of("ValidationError", "Invalid lifecycle transition: " + text);
  }
}
