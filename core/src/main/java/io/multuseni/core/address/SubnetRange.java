// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.ip.AddressBlock;
import io.multuseni.core.ip.IpAddress;
import java.util.List;

/**
 * The address ranges of a subnet.
 *
 * @param subnetId its id
 * @param blocks its IPv4 range and its IPv6 ranges
 */
public record SubnetRange(String subnetId, List<AddressBlock> blocks) {
  /** AWS keeps so many addresses at the begin of each range, and one at its end. */
  private static final int KEPT_AT_BEGIN = 4;

  /** Copies the list. */
  public SubnetRange {
    blocks = List.copyOf(blocks);
  }

  /** Whether an address lies in one of the ranges. */
  public boolean contains(IpAddress address) {
    for (AddressBlock block : blocks) {
      if (block.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether AWS keeps an address of the subnet for itself: the first four of a range and the last
   * (VPC user guide, subnet sizing).
   */
  public boolean isReservedByAws(IpAddress address) {
    for (AddressBlock block : blocks) {
      if (block.isAmongFirst(address, KEPT_AT_BEGIN) || block.isLast(address)) {
        return true;
      }
    }
    return false;
  }
}
