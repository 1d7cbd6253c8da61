// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.ip.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * An address on a network interface.
 *
 * @param networkInterfaceId the interface
 * @param address the address
 */
public record Seat(String networkInterfaceId, IpAddress address) implements Comparable<Seat> {
  // By hand for the reason that IpAddress tells.

  /** By address, then by interface. */
  @Override
  public int compareTo(Seat other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : networkInterfaceId.compareTo(other.networkInterfaceId);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Seat that
        && address.equals(that.address)
        && networkInterfaceId.equals(that.networkInterfaceId);
  }

  @Override
  public int hashCode() {
    return 31 * networkInterfaceId.hashCode() + address.hashCode();
  }
}
