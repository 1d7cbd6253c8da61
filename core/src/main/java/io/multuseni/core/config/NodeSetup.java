// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the deployment knows of a node group's nodes.
 *
 * @param zones Availability Zones of the group, as far as they are told; only for a warning
 * @param bootGate how long nodes wait for their interfaces before kubelet starts; empty where their
 *     user data has no gate
 * @param launch the Auto Scaling group that the deployment makes; empty where it exists already
 */
public record NodeSetup(
    List<String> zones, Optional<BootGate> bootGate, Optional<NodeLaunch> launch) {
  /** Nothing is told. */
  public static final NodeSetup UNTOLD =
      new NodeSetup(List.of(), Optional.empty(), Optional.empty());

  /** Copies the list. */
  public NodeSetup {
    zones = List.copyOf(zones);
  }

  /**
   * The part of a node's user data that keeps kubelet from starting before the interfaces are
   * there.
   *
   * @param patience how long it waits before it gives the node up, 60 s to 7,200 s
   * @param maxPods what kubelet is told, 1 to 737; empty where the node works it out
   */
  public record BootGate(Duration patience, OptionalInt maxPods) {
    /** Default of {@code patience}, 900 s. */
    public static final Duration WAIT_DEFAULT = Duration.ofMinutes(15);

    /** Shortest wait: below it no node has its interfaces. */
    public static final Duration WAIT_MIN = Duration.ofMinutes(1);

    /** Longest wait: as long as a lifecycle hook's longest heartbeat timeout. */
    public static final Duration WAIT_MAX = TimeChain.HEARTBEAT_MAX;

    /** Most pods of a node: those of the largest instance types (EKS' eni-max-pods.txt). */
    public static final int MAX_PODS_MAX = 737;

    /** 900 s, and max-pods as the node works it out. */
    public static final BootGate DEFAULTS = new BootGate(WAIT_DEFAULT, OptionalInt.empty());
  }
}
