// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import io.multuseni.localcloud.wire.ApiError;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/** An IPv4 or IPv6 address as a number of its family. */
record Ip(BigInteger value, boolean v6) {
  private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Reads an address; what is none gets the answer of EC2 for a bad address. */
  static Ip parse(String text) {
    try {
      if (DOTTED.matcher(text).matches()) {
        return new Ip(new BigInteger(1, InetAddress.ofLiteral(text).getAddress()), false);
      }
      // An IPv4-mapped literal would come back as an Inet4Address: not an address EC2 takes.
      if (text.indexOf(':') >= 0 && InetAddress.ofLiteral(text) instanceof Inet6Address address) {
        return new Ip(new BigInteger(1, address.getAddress()), true);
      }
    } catch (IllegalArgumentException notAnAddress) {
      // Answered below, like any other text that is no address.
    }
    throw ApiError.of("InvalidParameterValue", "invalid value for parameter address: " + text);
  }

  Ip plus(BigInteger offset) {
    return new Ip(value.add(offset), v6);
  }

  int bits() {
    return v6 ? 128 : 32;
  }

  /** Dotted decimal, or the canonical form of RFC 5952. */
  @Override
  public String toString() {
    return v6 ? v6Text() : v4Text();
  }

  private String v4Text() {
    long bits = value.longValue();
    return (bits >> 24 & 255)
        + "."
        + (bits >> 16 & 255)
        + "."
        + (bits >> 8 & 255)
        + "."
        + (bits & 255);
  }

  private String v6Text() {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = value.shiftRight(112 - 16 * i).intValue() & 0xffff;
    }
    int bestStart = -1;
    int bestLength = 1;
    for (int i = 0; i < 8; i++) {
      int length = 0;
      while (i + length < 8 && groups[i + length] == 0) {
        length++;
      }
      if (length > bestLength) {
        bestStart = i;
        bestLength = length;
      }
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == bestStart) {
        out.append("::");
        i += bestLength - 1;
      } else {
        if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
          out.append(':');
        }
        out.append(Integer.toHexString(groups[i]));
      }
    }
    return out.toString();
  }
}
