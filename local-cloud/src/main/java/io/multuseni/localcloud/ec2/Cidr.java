// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import io.multuseni.localcloud.wire.ApiError;
import java.math.BigInteger;

/** A block of addresses: its first one and the length of the common prefix. */
record Cidr(Ip base, int prefixLength) {

  /** Reads a block; {@code InvalidParameterValue} if it is none or has bits behind its prefix. */
  static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash > 0) {
      try {
        Ip base = Ip.parse(text.substring(0, slash));
        int length = Integer.parseInt(text.substring(slash + 1));
        if (length >= 0 && length <= base.bits()) {
          Cidr cidr = new Cidr(base, length);
          if (cidr.size().subtract(BigInteger.ONE).and(base.value()).signum() == 0) {
            return cidr;
          }
        }
      } catch (NumberFormatException notALength) {
        // Answered below.
      }
    }
    throw ApiError.of(
        "InvalidParameterValue",
        "Value (" + text + ") for parameter cidrBlock is invalid. This is not a valid CIDR block.");
  }

  boolean v6() {
    return base.v6();
  }

  /** How many addresses the block has. */
  BigInteger size() {
    return BigInteger.ONE.shiftLeft(base.bits() - prefixLength);
  }

  Ip last() {
    return base.plus(size().subtract(BigInteger.ONE));
  }

  boolean contains(Ip ip) {
    int shift = base.bits() - prefixLength;
    return ip.v6() == v6() && ip.value().shiftRight(shift).equals(base.value().shiftRight(shift));
  }

  boolean contains(Cidr other) {
    return other.prefixLength >= prefixLength && contains(other.base);
  }

  boolean overlaps(Cidr other) {
    return contains(other.base) || other.contains(base);
  }

  /**
   * Whether AWS keeps the address for itself: the first four and the last one of a subnet, in both
   * families (Amazon VPC user guide, subnet sizing).
   */
  boolean reserves(Ip ip) {
    return contains(ip)
        && (ip.value().subtract(base.value()).compareTo(BigInteger.valueOf(4)) < 0
            || ip.equals(last()));
  }

  @Override
  public String toString() {
    return base + "/" + prefixLength;
  }
}
