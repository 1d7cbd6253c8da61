// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

/** Numbers beyond which a configuration can't work on any instance type. */
public final class ConfigLimits {
  /**
   * Most network interfaces on one network card: sizes from 32xlarge of the 8th generation hold 24
   * (EC2 user guide, AvailableIpPerENI); earlier generations end at 15.
   */
  public static final int MAX_INTERFACES_PER_CARD = 24;

  /** Most networks on network card 0, whose first place the primary interface takes. */
  public static final int MAX_NETWORKS_ON_FIRST_CARD = MAX_INTERFACES_PER_CARD - 1;

  /**
   * Most IPv6 addresses of one interface: the largest sizes of the 8th generation hold 64 (EC2 user
   * guide, AvailableIpPerENI; the limit for IPv6 equals that for IPv4).
   */
  public static final int MAX_IPV6_PER_INTERFACE = 64;

  /** Most security groups of one interface: EC2's default quota is 5, and 16 at the most. */
  public static final int MAX_SECURITY_GROUPS = 16;

  private ConfigLimits() {}
}
