// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.ip.AddressBlock;
import io.multuseni.core.ip.IpAddress;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * The address ranges of a subnet.
 *
 * @param subnetId its id
 * @param blocks its IPv4 range and its IPv6 ranges
 */
public record SubnetRange(String subnetId, List<AddressBlock> blocks) {
  /** AWS keeps so many addresses at the begin of each range, and one at its end. */
  private static final BigInteger KEPT_AT_BEGIN = BigInteger.valueOf(4);

  /** Copies the list. */
  public SubnetRange {
    blocks = List.copyOf(blocks);
  }

  /** Whether an address lies in one of the ranges. */
  public boolean contains(IpAddress address) {
    return blockOf(address).isPresent();
  }

  private Optional<AddressBlock> blockOf(IpAddress address) {
    for (AddressBlock block : blocks) {
      if (block.contains(address)) {
        return Optional.of(block);
      }
    }
    return Optional.empty();
  }

  /**
   * Whether AWS keeps an address of the subnet for itself: the first four of a range and the last
   * (VPC user guide, subnet sizing).
   */
  public boolean isReservedByAws(IpAddress address) {
    return blockOf(address)
        .filter(block ->
            address.equals(block.last())
                || address.compareTo(block.first().plus(KEPT_AT_BEGIN).orElse(block.last())) < 0)
        .isPresent();
  }
}
