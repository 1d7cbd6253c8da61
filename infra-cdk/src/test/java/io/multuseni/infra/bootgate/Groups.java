// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.bootgate;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.NodeGroup;

/** Node groups as the configuration has them. */
final class Groups {
  private Groups() {}

  /** Two networks on network card 0. */
  static NodeGroup two() {
    return group("", "n3: 0", "n6: 0");
  }

  /**
   * A node group of these networks.
   *
   * @param more further keys of the node group, such as {@code nodeOs: al2}
   * @param networks name and network card of each, such as {@code n3: 0}
   */
  static NodeGroup group(String more, String... networks) {
    StringBuilder yaml =
        new StringBuilder(
            """
            cluster: {name: core5g}
            nodeGroups:
              - name: upf
                autoScalingGroups: [upf-a]
            """);
    yaml.append(more.isEmpty() ? "" : "    " + more + "\n");
    yaml.append("    networks:\n");
    int subnet = 0;
    for (String network : networks) {
      String[] parts = network.split(": ", -1);
      subnet++;
      yaml.append(
          """
                - name: %s
                  subnets: [subnet-%08x]
                  securityGroups: [sg-0000aaaa]
                  networkCardIndex: %s
          """
              .formatted(parts[0], subnet, parts[1]));
    }
    try {
      return ConfigReader.readYaml(yaml.toString()).nodeGroups().getFirst();
    } catch (ConfigException e) {
      throw new AssertionError(yaml.toString(), e);
    }
  }
}
