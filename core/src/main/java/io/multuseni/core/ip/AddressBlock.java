// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.ip;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of addresses in CIDR notation.
 *
 * @param first its first address; bits beyond the prefix are zero
 * @param prefixLength 0 to 32, or 0 to 128
 */
public record AddressBlock(IpAddress first, int prefixLength) {
  private static final Pattern FORM = Pattern.compile("([^/]+)/([0-9]{1,3})");

  /** Sets the bits beyond the prefix to zero. */
  public AddressBlock {
    if (prefixLength < 0 || prefixLength > first.family().bits()) {
      throw new IllegalArgumentException("no prefix length of " + first + ": " + prefixLength);
    }
    first = first.firstOf(prefixLength);
  }

  /**
   * Reads a block such as {@code 10.0.4.0/24}; bits beyond the prefix may be set.
   *
   * @return empty where the text is no block
   */
  public static Optional<AddressBlock> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int prefixLength = Integer.parseInt(matcher.group(2));
    return IpAddress.parse(matcher.group(1))
        .filter(address -> prefixLength <= address.family().bits())
        .map(address -> new AddressBlock(address, prefixLength));
  }

  /**
   * A block that is known to be one.
   *
   * @throws IllegalArgumentException where the text is no block
   */
  public static AddressBlock of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException("not a CIDR block: " + text));
  }

  /** Its last address. */
  public IpAddress last() {
    return first.lastOf(prefixLength);
  }

  /** Whether an address lies in it. */
  public boolean contains(IpAddress address) {
    return address.beginsAs(first, prefixLength);
  }

  /** Whether all of another block lies in it. */
  public boolean contains(AddressBlock other) {
    return other.prefixLength >= prefixLength && contains(other.first);
  }

  /** Whether an address is one of its first ones. */
  public boolean isAmongFirst(IpAddress address, int count) {
    return contains(address)
        && address.high() == first.high()
        && Long.compareUnsigned(address.low() - first.low(), count) < 0;
  }

  /** Whether an address is its last one. */
  public boolean isLast(IpAddress address) {
    return contains(address) && address.endsInOnes(prefixLength);
  }

  /** All of it as an interval. */
  public AddressInterval interval() {
    return new AddressInterval(first, last());
  }

  @Override
  public String toString() {
    return first + "/" + prefixLength;
  }
}
