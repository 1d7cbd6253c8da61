// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.ip;

import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address as a number, so that 20,000 of them are small and sums can't overflow
 * unseen.
 *
 * @param family IPv4 or IPv6
 * @param high the upper 64 bits of an IPv6 address, unsigned; 0 for IPv4
 * @param low the lower 64 bits, unsigned; at most 2^32 - 1 for IPv4
 */
public record IpAddress(Family family, long high, long low) implements Comparable<IpAddress> {
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:]*");
  private static final BigInteger LOW_BITS = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  /** The two kinds of address. */
  public enum Family {
    /** 32 bits. */
    IPV4(32),
    /** 128 bits. */
    IPV6(128);

    private final int bits;

    Family(int bits) {
      this.bits = bits;
    }

    /** Length of an address in bits. */
    public int bits() {
      return bits;
    }
  }

  /** Refuses numbers that the family can't hold. */
  public IpAddress {
    if (family == Family.IPV4 && (high != 0 || low < 0 || low > 0xffff_ffffL)) {
      throw new IllegalArgumentException("not an IPv4 address: " + high + ", " + low);
    }
  }

  /**
   * Reads an address: four decimal numbers without leading zeros, or any text form of IPv6 but
   * those with a zone or an embedded IPv4 address.
   *
   * @return empty where the text is no address; no name is ever looked up
   */
  public static Optional<IpAddress> parse(String text) {
    if (text.indexOf(':') < 0) {
      return parseIpv4(text);
    }
    if (!IPV6.matcher(text).matches()) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = InetAddress.ofLiteral(text).getAddress();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    // Java turns ::ffff:a00:1 into the IPv4 address 10.0.0.1, which a VPC would not.
    if (bytes.length != 16) {
      return Optional.empty();
    }
    ByteBuffer halves = ByteBuffer.wrap(bytes);
    return Optional.of(new IpAddress(Family.IPV6, halves.getLong(), halves.getLong()));
  }

  /** By hand, as each pass reads tens of thousands. */
  private static Optional<IpAddress> parseIpv4(String text) {
    long address = 0;
    int dots = 0;
    int number = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9' && number != 0) {
        number = Math.max(number, 0) * 10 + (c - '0');
      } else if (c == '.' && number >= 0 && dots < 3) {
        address = address << 8 | number;
        dots++;
        number = -1;
      } else {
        return Optional.empty();
      }
      if (number > 255) {
        return Optional.empty();
      }
    }
    return dots == 3 && number >= 0
        ? Optional.of(new IpAddress(Family.IPV4, 0, address << 8 | number))
        : Optional.empty();
  }

  /**
   * An address that is known to be one.
   *
   * @throws IllegalArgumentException where the text is no address
   */
  public static IpAddress of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not an IP address: " + text));
  }

  /** Whether it is an IPv6 address. */
  public boolean isIpv6() {
    return family == Family.IPV6;
  }

  /** The address as one number, 0 or more. */
  public BigInteger number() {
    return unsigned(high).shiftLeft(64).or(unsigned(low));
  }

  /**
   * The address that lies so many further.
   *
   * @param offset may be negative
   * @return empty where the family ends before
   */
  public Optional<IpAddress> plus(BigInteger offset) {
    if (family == Family.IPV4 && offset.bitLength() <= Family.IPV4.bits()) {
      long sum = low + offset.longValue();
      return sum < 0 || sum > 0xffff_ffffL
          ? Optional.empty()
          : Optional.of(new IpAddress(Family.IPV4, 0, sum));
    }
    return fromNumber(family, number().add(offset));
  }

  /** The next address; empty after the last of its family. */
  public Optional<IpAddress> next() {
    return plus(BigInteger.ONE);
  }

  /** The address before; empty before the first of its family. */
  public Optional<IpAddress> previous() {
    return plus(BigInteger.ONE.negate());
  }

  private static Optional<IpAddress> fromNumber(Family family, BigInteger number) {
    if (number.signum() < 0 || number.bitLength() > family.bits()) {
      return Optional.empty();
    }
    return Optional.of(
        new IpAddress(family, number.shiftRight(64).longValue(), number.and(LOW_BITS).longValue()));
  }

  /** The first address of the block of this prefix length that it lies in. */
  IpAddress firstOf(int prefixLength) {
    int hostBits = family.bits() - prefixLength;
    return family == Family.IPV4
        ? new IpAddress(family, 0, low & ~lowMask(hostBits))
        : new IpAddress(family, high & ~lowMask(hostBits - 64), low & ~lowMask(hostBits));
  }

  /** The last address of the block of this prefix length that it lies in. */
  IpAddress lastOf(int prefixLength) {
    int hostBits = family.bits() - prefixLength;
    return family == Family.IPV4
        ? new IpAddress(family, 0, low | lowMask(hostBits))
        : new IpAddress(family, high | lowMask(hostBits - 64), low | lowMask(hostBits));
  }

  /** Whether its first bits are those of the other address, which has zeros behind them. */
  boolean beginsAs(IpAddress first, int prefixLength) {
    if (family != first.family) {
      return false;
    }
    int hostBits = family.bits() - prefixLength;
    return (low & ~lowMask(hostBits)) == first.low
        && (family == Family.IPV4 || (high & ~lowMask(hostBits - 64)) == first.high);
  }

  /** Whether all bits behind the prefix are set. */
  boolean endsInOnes(int prefixLength) {
    int hostBits = family.bits() - prefixLength;
    long lowest = family == Family.IPV4 ? lowMask(Math.min(hostBits, 32)) : lowMask(hostBits);
    return (low & lowest) == lowest && (high & lowMask(hostBits - 64)) == lowMask(hostBits - 64);
  }

  private static long lowMask(int bits) {
    if (bits <= 0) {
      return 0;
    }
    return bits >= 64 ? -1L : (1L << bits) - 1;
  }

  private static BigInteger unsigned(long half) {
    BigInteger number = BigInteger.valueOf(half);
    return half < 0 ? number.and(LOW_BITS) : number;
  }

  // By hand, as a decision compares and hashes hundreds of thousands of times, and what javac makes
  // for records, or comparators put together from lambdas, cost several times as much under the
  // quick compiler alone, which is Lambda's default.

  /** IPv4 first, then by number. */
  @Override
  public int compareTo(IpAddress other) {
    if (family != other.family) {
      return family.compareTo(other.family);
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IpAddress that
        && low == that.low
        && high == that.high
        && family == that.family;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(high) + Long.hashCode(low);
  }

  /** As EC2 writes it: dotted decimals, or IPv6 in the form of RFC 5952. */
  @Override
  public String toString() {
    if (family == Family.IPV4) {
      return (low >> 24) + "." + (low >> 16 & 0xff) + "." + (low >> 8 & 0xff) + "." + (low & 0xff);
    }
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      long half = i < 4 ? high : low;
      groups[i] = (int) (half >>> (48 - 16 * (i % 4)) & 0xffff);
    }
    return compressed(groups);
  }

  /** RFC 5952, section 4: the longest run of two or more zero groups, the first of equals. */
  private static String compressed(int[] groups) {
    int from = -1;
    int length = 1;
    for (int i = 0; i < groups.length; i++) {
      int run = 0;
      while (i + run < groups.length && groups[i + run] == 0) {
        run++;
      }
      if (run > length) {
        from = i;
        length = run;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < groups.length; i++) {
      if (i == from) {
        text.append("::");
        i += length - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
