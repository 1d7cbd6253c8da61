// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.ip;

/**
 * The addresses from one to another, both included.
 *
 * @param first the lowest
 * @param last the highest, not below the first and of its family
 */
public record AddressInterval(IpAddress first, IpAddress last) {
  /** Refuses an interval that ends before it begins. */
  public AddressInterval {
    if (first.family() != last.family() || first.compareTo(last) > 0) {
      throw new IllegalArgumentException("not an interval: " + first + " to " + last);
    }
  }

  /** Whether an address lies in it. */
  public boolean contains(IpAddress address) {
    return address.family() == first.family()
        && first.compareTo(address) <= 0
        && address.compareTo(last) <= 0;
  }

  @Override
  public String toString() {
    return first + "-" + last;
  }
}
