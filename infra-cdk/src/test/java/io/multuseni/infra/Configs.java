// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ProvisionerConfig;

/** Configurations for tests. */
public final class Configs {
  private Configs() {}

  /** One node group, and further keys of the top level. */
  public static ProvisionerConfig with(String more) {
    String text =
        """
        cluster: {name: core5g}
        %s
        nodeGroups:
          - name: upf
            autoScalingGroups: [upf-a]
            networks:
              - name: n3
                subnets: [subnet-0a300001]
                securityGroups: [sg-0a300001]
        """
            .formatted(more);
    try {
      return ConfigReader.readYaml(text);
    } catch (ConfigException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }
}
