// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

/** A VPC. */
final class Vpc extends Resource {
  final Cidr cidr;

  Vpc(String id, long serial, Cidr cidr) {
    super(id, serial);
    this.cidr = cidr;
  }
}
