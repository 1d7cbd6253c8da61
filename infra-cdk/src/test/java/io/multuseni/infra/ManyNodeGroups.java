// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes configurations of any size, for tests and figures: each node group has three Auto Scaling
 * groups, one per zone, and four networks with a subnet in each zone. It depends on nothing, so
 * that {@code java ManyNodeGroups.java 20} works.
 */
final class ManyNodeGroups {
  private static final int ZONES = 3;
  private static final int NETWORKS = 4;

  private ManyNodeGroups() {}

  /** Prints one as YAML; the argument is the number of node groups. */
  @SuppressWarnings("SystemOut") // That is what it is for.
  public static void main(String[] args) {
    System.out.print(yaml(Integer.parseInt(args[0])));
  }

  /** A valid configuration as YAML. */
  static String yaml(int nodeGroups) {
    return "cluster: {name: many-"
        + nodeGroups
        + "}\nnodeGroups:\n"
        + IntStream.range(0, nodeGroups)
            .mapToObj(ManyNodeGroups::nodeGroup)
            .collect(Collectors.joining());
  }

  private static String nodeGroup(int group) {
    return """
      - name: group-%1$d
        autoScalingGroups: [core5g-group-%1$d-a, core5g-group-%1$d-b, core5g-group-%1$d-c]
        networks:
    """
            .formatted(group)
        + IntStream.range(0, NETWORKS)
            .mapToObj(network -> network(group, network))
            .collect(Collectors.joining());
  }

  private static String network(int group, int network) {
    String subnets =
        IntStream.range(0, ZONES)
            .mapToObj(zone -> id("subnet-", group, network, zone))
            .collect(Collectors.joining(", "));
    return "      - {name: n%d, subnets: [%s], securityGroups: [%s]}\n"
        .formatted(network, subnets, id("sg-", group, network, 0));
  }

  private static String id(String prefix, int group, int network, int zone) {
    return "%s0%010x%03x%03x".formatted(prefix, group, network, zone);
  }
}
