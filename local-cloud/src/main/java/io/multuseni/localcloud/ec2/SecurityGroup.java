// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

/** A security group, without rules. */
final class SecurityGroup extends Resource {
  final String vpcId;
  final String name;

  SecurityGroup(String id, long serial, String vpcId, String name) {
    super(id, serial);
    this.vpcId = vpcId;
    this.name = name;
  }
}
