// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

/**
 * A reservation with the network interface that must carry it.
 *
 * @param reservation the reservation
 * @param node the pod's node
 * @param networkInterfaceId the interface that the pod sends through
 */
public record Placed(Reservation reservation, String node, String networkInterfaceId) {
  /** The address on the interface. */
  public Seat seat() {
    return new Seat(networkInterfaceId, reservation.address());
  }
}
