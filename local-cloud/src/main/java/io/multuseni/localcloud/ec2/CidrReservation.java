// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

/** A reserved part of a subnet. */
final class CidrReservation extends Resource {
  final Cidr cidr;
  final boolean explicit;
  final String description;

  CidrReservation(String id, long serial, Cidr cidr, boolean explicit, String description) {
    super(id, serial);
    this.cidr = cidr;
    this.explicit = explicit;
    this.description = description;
  }

  String type() {
    return explicit ? "explicit" : "prefix";
  }
}
