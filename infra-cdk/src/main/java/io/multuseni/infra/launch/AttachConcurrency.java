// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.launch;

import io.multuseni.core.config.ProvisionerConfig;
import java.util.Optional;

/**
 * How many nodes the attach function works at, at a time.
 *
 * <p>AttachNetworkInterface and its describes have token buckets per account and Region; that of
 * AttachNetworkInterface is the smallest with 50 tokens, refilled by 5 a second (EC2 developer
 * guide, throttling). As many runs as drain it once at the most, even where all begin at the same
 * moment, leave the rest of a storm in Lambda's queue, where waiting costs nothing; more would only
 * throttle each other, and the node's own VPC CNI with them.
 */
public final class AttachConcurrency {
  private static final int BUCKET = 50;

  /** One slow node must not keep all others waiting. */
  private static final int LEAST = 2;

  private AttachConcurrency() {}

  /** What to reserve; empty for nothing. */
  public static Optional<Integer> of(ProvisionerConfig config) {
    int networks =
        config.nodeGroups().stream()
            .mapToInt(group -> group.networks().size())
            .max()
            .orElseThrow(() -> new IllegalArgumentException("no node group"));
    return config.deployment().attach().concurrency().reserved(Math.max(LEAST, BUCKET / networks));
  }
}
