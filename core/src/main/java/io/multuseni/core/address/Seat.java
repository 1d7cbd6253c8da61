// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.ip.IpAddress;
import java.util.Comparator;

/**
 * An address on a network interface.
 *
 * @param networkInterfaceId the interface
 * @param address the address
 */
public record Seat(String networkInterfaceId, IpAddress address) implements Comparable<Seat> {
  private static final Comparator<Seat> ORDER =
      Comparator.comparing(Seat::address).thenComparing(Seat::networkInterfaceId);

  @Override
  public int compareTo(Seat other) {
    return ORDER.compare(this, other);
  }
}
