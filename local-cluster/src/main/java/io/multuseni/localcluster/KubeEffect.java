// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import java.time.Duration;

/** What happens to a request that is hit by a fault. */
sealed interface KubeEffect {

  /** The request is answered with this instead of from the state. */
  record Answered(Answer answer) implements KubeEffect {}

  /** The connection is closed without an answer, before the request had any effect. */
  record Dropped() implements KubeEffect {}

  /** The request has its effect; its connection is closed after half of the answer. */
  record Cut() implements KubeEffect {}

  /** Whatever happens to the request happens that much later. */
  record Delayed(Duration delay) implements KubeEffect {}

  /** Something else happens before the request is looked at. */
  record Before(Runnable event) implements KubeEffect {}

  /** Something else happens after the answer was made and before it is sent. */
  record After(Runnable event) implements KubeEffect {}

  /** Whether it decides what the answer is; others come on top. */
  default boolean decides() {
    return switch (this) {
      case Answered _, Dropped _, Cut _ -> true;
      case Delayed _, Before _, After _ -> false;
    };
  }
}
