// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A reconciliation to make.
 *
 * @param config file with the configuration, YAML or JSON
 * @param kubeconfig file that says where the Kubernetes API is; where absent, EKS says it
 * @param dryRun whether to decide and report only
 * @param timeout how long it may take, a grace that it waits out aside
 * @param json whether programs read the result
 */
record ReconcileRequest(
    Path config, Optional<Path> kubeconfig, boolean dryRun, Duration timeout, boolean json) {
  private static final Duration SHORTEST = Duration.ofSeconds(15);

  /** Refuses a time in which nothing could be released. */
  ReconcileRequest {
    if (timeout.compareTo(SHORTEST) < 0) {
      throw new BadInputException(
          "--timeout must be %d s or more, not %d s: the function keeps 13 s for a second look and its end"
              .formatted(SHORTEST.toSeconds(), timeout.toSeconds()));
    }
  }
}
