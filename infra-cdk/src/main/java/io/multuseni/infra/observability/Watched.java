// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.observability;

import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.infra.Names;
import java.util.List;

/**
 * What a cluster has to watch. The functions are told by name, which is fixed, so that no stack
 * holds another one fast.
 *
 * @param config the configuration
 * @param deadLetters names of the queues of undelivered events, or tokens for them; at least one
 */
public record Watched(ProvisionerConfig config, List<String> deadLetters) {
  /** Copies the list. */
  public Watched {
    if (deadLetters.isEmpty()) {
      throw new IllegalArgumentException("no dead-letter queue: its graph would be refused");
    }
    deadLetters = List.copyOf(deadLetters);
  }

  /** The cluster's name. */
  public String cluster() {
    return config.cluster();
  }

  /** What things are called. */
  public Names names() {
    return new Names(config.cluster());
  }

  /** Attach, sweep and reconcile. */
  List<String> functions() {
    return List.of(names().attachFunction(), names().sweepFunction(), names().reconcileFunction());
  }
}
