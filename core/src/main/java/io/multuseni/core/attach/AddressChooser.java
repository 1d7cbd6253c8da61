// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Chooses primary addresses for {@code primaryAddress: first-free}. */
public final class AddressChooser {
  /** EC2 keeps the first four addresses of each subnet and the last one. */
  private static final int RESERVED_AT_START = 4;

  /**
   * Nodes that launch at once compete for the same addresses; more than so many are unlikely to.
   */
  static final int CANDIDATES = 64;

  private AddressChooser() {}

  /**
   * The lowest free addresses of a subnet.
   *
   * @param cidr the subnet's IPv4 range, such as {@code 10.0.4.0/24}
   * @param used addresses that are in use
   * @return at most 64, ascending; empty where the subnet is full
   */
  public static List<String> lowestFree(String cidr, Set<String> used) {
    int slash = cidr.indexOf('/');
    long base = toNumber(cidr.substring(0, slash));
    long size = 1L << (32 - Integer.parseInt(cidr.substring(slash + 1)));
    List<String> free = new ArrayList<>();
    for (long offset = RESERVED_AT_START; offset < size - 1 && free.size() < CANDIDATES; offset++) {
      String address = toText(base + offset);
      if (!used.contains(address)) {
        free.add(address);
      }
    }
    return free;
  }

  private static long toNumber(String address) {
    long number = 0;
    for (String part : address.split("\\.", -1)) {
      number = number * 256 + Integer.parseInt(part);
    }
    return number;
  }

  private static String toText(long number) {
    return "%d.%d.%d.%d"
        .formatted(number >> 24 & 255, number >> 16 & 255, number >> 8 & 255, number & 255);
  }
}
