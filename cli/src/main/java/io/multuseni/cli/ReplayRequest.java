// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import java.nio.file.Path;
import java.time.Duration;

/**
 * An event to replay.
 *
 * @param event file with the event as EventBridge sends it
 * @param config file with the configuration, YAML or JSON
 * @param dryRun whether to decide and report only
 * @param timeout how long the function may take
 * @param json whether programs read the result
 */
record ReplayRequest(Path event, Path config, boolean dryRun, Duration timeout, boolean json) {
  /** Refuses a time in which the function can't even begin. */
  ReplayRequest {
    if (timeout.compareTo(Duration.ofSeconds(11)) < 0) {
      throw new BadInputException(
          "--timeout must be 11 s or more, not %d s: the function keeps 10 s for its end"
              .formatted(timeout.toSeconds()));
    }
  }
}
