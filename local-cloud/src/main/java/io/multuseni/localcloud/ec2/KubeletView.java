// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import java.time.Instant;
import java.util.Optional;

/**
 * The kubelet of an instance at the moment of the inspection.
 *
 * @param state what it does
 * @param since when it started in this boot; empty unless it runs
 */
public record KubeletView(State state, Optional<Instant> since) {
  /** What a kubelet does. */
  public enum State {
    /** It waits for the boot or for the gate. */
    WAITING,
    /** It runs: pods may come. */
    RUNNING,
    /** The gate gave up: it won't start in this boot. */
    BARRED,
    /** The instance is stopped or terminated. */
    OFF
  }
}
