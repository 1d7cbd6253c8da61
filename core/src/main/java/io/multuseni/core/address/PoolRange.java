// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.ip.AddressBlock;
import io.multuseni.core.ip.IpAddress;
import io.multuseni.core.ip.IpAddress.Family;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The range of an IPPool, and what its allocations' keys mean in it.
 *
 * @param base the address as it is written: a key counts from here, not from the block's first one
 *     (whereabouts, pkg/storage/kubernetes/ipam.go)
 * @param block the range as a block
 */
record PoolRange(IpAddress base, AddressBlock block) {
  /** Go writes offsets with {@code %d}; an IPv6 offset has up to 39 digits. */
  private static final Pattern OFFSET = Pattern.compile("\\+?[0-9]{1,40}");

  /** Reads {@code spec.range}; empty where it is no block. */
  static Optional<PoolRange> parse(String range) {
    String text = range.strip();
    return AddressBlock.parse(text)
        .map(block -> new PoolRange(IpAddress.of(text.split("/", 2)[0]), block));
  }

  /** The address of a key; empty where the key is no offset of a host's address in the range. */
  Optional<IpAddress> addressAt(String key) {
    return Optional.of(key)
        .filter(text -> OFFSET.matcher(text).matches())
        .flatMap(text -> base.plus(new BigInteger(text)))
        .filter(block::contains)
        .filter(this::isHost);
  }

  /** The key of an address as whereabouts writes it; means nothing outside of the range. */
  String keyOf(IpAddress address) {
    return address.number().subtract(base.number()).toString();
  }

  /** An IPv4 block's first and last address name the network and its broadcast. */
  private boolean isHost(IpAddress address) {
    if (block.prefixLength() >= address.family().bits() - 1) {
      return true;
    }
    return !address.equals(block.first())
        && (address.family() == Family.IPV6 || !address.equals(block.last()));
  }
}
