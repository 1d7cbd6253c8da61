// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import io.multuseni.core.config.ConfigLimits;
import io.multuseni.localcloud.ec2.InstanceTypes;
import java.time.Duration;

/**
 * What a demonstration is to show.
 *
 * @param nodes how many nodes are launched at once
 * @param networks how many networks each of them gets
 * @param instanceType their type
 * @param latency added to each API call
 * @param attachTime how long an attachment takes
 * @param bootTime how long an instance is pending
 * @param json whether programs read the result
 */
record DemoRequest(
    int nodes,
    int networks,
    String instanceType,
    Duration latency,
    Duration attachTime,
    Duration bootTime,
    boolean json) {
  static final int MOST_NODES = 1000;

  /**
   * Checks what can be checked before anything starts.
   *
   * @throws BadInputException with what is wrong, and what would be right
   */
  DemoRequest {
    if (nodes < 1 || nodes > MOST_NODES) {
      throw new BadInputException("--nodes must be 1 to %d, not %d".formatted(MOST_NODES, nodes));
    }
    if (networks < 1 || networks > ConfigLimits.MAX_NETWORKS_ON_FIRST_CARD) {
      throw new BadInputException(
          "--networks must be 1 to %d, which is what the largest instance types hold, not %d"
              .formatted(ConfigLimits.MAX_NETWORKS_ON_FIRST_CARD, networks));
    }
    if (InstanceTypes.find(instanceType).isEmpty()) {
      throw new BadInputException(
          "--instance-type: the embedded endpoint knows no type %s; %s"
              .formatted(instanceType, instanceTypesLike(instanceType)));
    }
  }

  private static String instanceTypesLike(String unknown) {
    String family = unknown.substring(0, Math.max(0, unknown.indexOf('.')));
    var sameFamily =
        InstanceTypes.all().stream()
            .map(one -> one.name())
            .filter(name -> name.startsWith(family + "."))
            .toList();
    if (!sameFamily.isEmpty()) {
      return "of that family there are " + String.join(", ", sameFamily);
    }
    var families =
        InstanceTypes.all().stream()
            .map(one -> one.name().substring(0, one.name().indexOf('.')))
            .distinct()
            .toList();
    return "there are types of the families " + String.join(", ", families);
  }
}
