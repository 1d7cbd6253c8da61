// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What runs on a node of its own accord: kubelet, and the VPC CNI that comes with it and takes an
 * interface at the lowest free device index. Immutable.
 *
 * @param bootTime from launch or start until kubelet may start
 * @param cniDelay from kubelet's start until the VPC CNI attaches its interface
 * @param gate what holds kubelet back at the end of each boot, if anything does
 * @param clusterName the cluster in the tags of the VPC CNI's interface
 */
public record NodeAgents(
    Duration bootTime, Duration cniDelay, Optional<Gate> gate, String clusterName) {
  private static final String DEFAULT_CLUSTER = "local";

  /** Refuses negative times. */
  public NodeAgents {
    if (bootTime.isNegative() || cniDelay.isNegative()) {
      throw new IllegalArgumentException(
          "node agents can't start before the boot: boot time " + bootTime + ", CNI " + cniDelay);
    }
  }

  /** A node whose kubelet waits for nothing. */
  public static NodeAgents of(Duration bootTime, Duration cniDelay) {
    return new NodeAgents(bootTime, cniDelay, Optional.empty(), DEFAULT_CLUSTER);
  }

  /** A node with a boot gate. */
  public static NodeAgents of(Duration bootTime, Duration cniDelay, Gate gate) {
    return new NodeAgents(bootTime, cniDelay, Optional.of(gate), DEFAULT_CLUSTER);
  }

  /**
   * A boot gate: kubelet starts once an interface is attached in each of these places, and never in
   * this boot when that takes longer.
   *
   * @param places the places in question, at least one
   * @param bootWait how long it waits at most, from the end of the boot time
   */
  public record Gate(List<Place> places, Duration bootWait) {
    /** Copies the list. */
    public Gate {
      places = List.copyOf(places);
      if (places.isEmpty() || bootWait.isNegative()) {
        throw new IllegalArgumentException(
            "a gate waits for a place, and not less than no time: " + places + ", " + bootWait);
      }
    }

    /**
     * Waits for device indexes 1 to {@code interfaces} of network card 0.
     *
     * @param interfaces 1 or more
     */
    public static Gate onFirstCard(int interfaces, Duration bootWait) {
      List<Place> places = new ArrayList<>();
      for (int device = 1; device <= interfaces; device++) {
        places.add(new Place(0, device));
      }
      return new Gate(places, bootWait);
    }
  }

  /**
   * A place for an interface.
   *
   * @param networkCardIndex index of the network card
   * @param deviceIndex index on that card
   */
  public record Place(int networkCardIndex, int deviceIndex) {}
}
