// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import io.multuseni.localcloud.wire.ApiError;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A subnet and the accounting of its addresses. */
final class Subnet extends Resource {
  /** Random tries before the search for a free address goes through the block in order. */
  private static final int RANDOM_TRIES = 32;

  final String vpcId;
  final String zone;
  final Cidr cidr;
  final Optional<Cidr> ipv6Cidr;
  final List<CidrReservation> reservations = new ArrayList<>();

  /** Who holds an address: an interface id, or a word for an address occupied from outside. */
  private final Map<Ip, String> holders = new HashMap<>();

  Subnet(String id, long serial, String vpcId, String zone, Cidr cidr, Optional<Cidr> ipv6Cidr) {
    super(id, serial);
    this.vpcId = vpcId;
    this.zone = zone;
    this.cidr = cidr;
    this.ipv6Cidr = ipv6Cidr;
  }

  Optional<String> holder(Ip ip) {
    return Optional.ofNullable(holders.get(ip));
  }

  void hold(Ip ip, String holder) {
    holders.put(ip, holder);
  }

  void release(Ip ip) {
    holders.remove(ip);
  }

  /**
   * Checks an address that a caller names: inside the block of its family, and not one that AWS
   * keeps for itself.
   */
  void checkUsable(Ip ip) {
    Cidr block = ip.v6() ? ipv6Block() : cidr;
    if (!block.contains(ip)) {
      throw ApiError.of(
          "InvalidParameterValue",
          "Address " + ip + " does not fall within the subnet's address range");
    }
    if (block.reserves(ip)) {
      throw ApiError.of(
          "InvalidParameterValue", "Address " + ip + " is in subnet's reserved address range");
    }
  }

  /** The IPv6 block; EC2's own text for a subnet without one is not known. */
  Cidr ipv6Block() {
    return ipv6Cidr.orElseThrow(() ->
        ApiError.of("InvalidParameterValue", "The subnet '" + id + "' has no IPv6 CIDR block."));
  }

  /**
   * A free address as EC2 would choose it: anywhere in the block, never inside a reservation.
   *
   * @param taken addresses that the same call has already chosen
   */
  Ip pick(boolean v6, Set<Ip> taken, Random random) {
    Cidr block = v6 ? ipv6Block() : cidr;
    BigInteger size = block.size();
    for (int i = 0; i < RANDOM_TRIES; i++) {
      BigInteger offset = new BigInteger(size.bitLength(), random).mod(size);
      Ip candidate = block.base().plus(offset);
      if (isFreeForAnyone(block, candidate, taken)) {
        return candidate;
      }
    }
    // An IPv6 block is never so full that the tries above all fail, unless it is tiny.
    long end = size.min(BigInteger.valueOf(1 << 20)).longValueExact();
    for (long offset = 0; offset < end; offset++) {
      Ip candidate = block.base().plus(BigInteger.valueOf(offset));
      if (isFreeForAnyone(block, candidate, taken)) {
        return candidate;
      }
    }
    throw ApiError.of(
        "InsufficientFreeAddressesInSubnet",
        "The specified subnet does not have enough free addresses to satisfy the request.");
  }

  private boolean isFreeForAnyone(Cidr block, Ip ip, Set<Ip> taken) {
    return !block.reserves(ip)
        && !holders.containsKey(ip)
        && !taken.contains(ip)
        && reservations.stream().noneMatch(r -> r.cidr.contains(ip));
  }

  /**
   * Free IPv4 addresses as DescribeSubnets counts them: a {@code prefix} reservation counts as used
   * from the start, an {@code explicit} one only address by address as they are assigned.
   */
  long availableIpAddressCount() {
    return countFree(false);
  }

  /** IPv4 addresses that EC2 could still choose by itself. */
  long autoAssignable() {
    return countFree(true);
  }

  private long countFree(boolean withoutExplicit) {
    long free = usable(cidr);
    for (Ip ip : holders.keySet()) {
      if (!ip.v6() && !inReservation(ip, withoutExplicit)) {
        free--;
      }
    }
    for (CidrReservation reservation : reservations) {
      if (!reservation.cidr.v6() && (withoutExplicit || !reservation.explicit)) {
        free -= usable(reservation.cidr);
      }
    }
    return free;
  }

  private boolean inReservation(Ip ip, boolean withoutExplicit) {
    return reservations.stream()
        .anyMatch(r -> (withoutExplicit || !r.explicit) && r.cidr.contains(ip));
  }

  /** Addresses of a part of this subnet's IPv4 block without those that AWS keeps for itself. */
  private long usable(Cidr part) {
    long size = part.size().longValueExact();
    for (int offset = 0; offset < 4; offset++) {
      if (part.contains(cidr.base().plus(BigInteger.valueOf(offset)))) {
        size--;
      }
    }
    return part.contains(cidr.last()) ? size - 1 : size;
  }
}
