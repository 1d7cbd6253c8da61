// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.infra.GroupNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Configurations, and the policies of their functions. */
final class Configs {
  static final AccountScope SCOPE = new AccountScope("aws", "us-east-1", "123456789012");
  static final String SUBNET_N3 = "subnet-0a0000000000000a3";
  static final String SUBNET_N6 = "subnet-0a0000000000000a6";
  static final String SECURITY_GROUP = "sg-0a0000000000000aa";
  static final String UUID = "11112222-3333-4444-5555-666677778888";

  private static final Path EXAMPLES = Path.of("examples");

  /**
   * Two networks, one of them with a tag of the user's, on a group of the user's and one of EKS'.
   */
  static final String TWO_GROUPS =
      """
      cluster: {name: core5g}
      nodeGroups:
        - name: upf
          autoScalingGroups: [upf-a]
          networks:
            - {name: n3, subnets: [%s], securityGroups: [%s], tags: {cnf: upf}}
        - name: cp
          eksManagedNodegroup: cp
          networks:
            - {name: n6, subnets: [%s], securityGroups: [%s]}
      """
          .formatted(SUBNET_N3, SECURITY_GROUP, SUBNET_N6, SECURITY_GROUP);

  /** The same, with the reconcile function in the VPC. */
  static final String IN_VPC =
      TWO_GROUPS
          + """
          deployment:
            vpc: {subnets: [subnet-0a0000000000000b1], securityGroups: [sg-0a0000000000000bb]}
          """;

  private Configs() {}

  static ProvisionerConfig read(String yaml) {
    try {
      return ConfigReader.readYaml(yaml);
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  /** Node groups with three networks in three zones each, all with subnets of their own. */
  static ProvisionerConfig large(int nodeGroups) {
    StringBuilder yaml = new StringBuilder("cluster: {name: core5g}\nnodeGroups:\n");
    for (int group = 0; group < nodeGroups; group++) {
      yaml.append(
          "  - name: upf-%d\n    autoScalingGroups: [core5g-upf-%d]\n".formatted(group, group));
      yaml.append("    networks:\n");
      for (int network = 0; network < 3; network++) {
        int first = group * 9 + network * 3;
        yaml.append(
            "      - {name: n%d, subnets: [subnet-%017x, subnet-%017x, subnet-%017x], securityGroups: [sg-%017x]}\n"
                .formatted(network, first, first + 1, first + 2, network));
      }
    }
    return read(yaml.toString());
  }

  /** The examples that people start from, and what they don't show, by name. */
  static SortedMap<String, ProvisionerConfig> all() {
    SortedMap<String, ProvisionerConfig> all = new TreeMap<>();
    all.put("two groups", read(TWO_GROUPS));
    all.put("in a VPC", read(IN_VPC));
    all.put("20 node groups", large(20));
    if (Files.isDirectory(EXAMPLES)) {
      try (Stream<Path> files = Files.list(EXAMPLES)) {
        for (Path file : files.filter(one -> one.toString().endsWith(".yaml")).toList()) {
          all.put("example " + file.getFileName(), read(Files.readString(file, UTF_8)));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return all;
  }

  /** Every function's policies for every configuration, by a name for both. */
  static SortedMap<String, List<List<Statement>>> allPolicies() {
    SortedMap<String, List<List<Statement>>> all = new TreeMap<>();
    all()
        .forEach((name, config) ->
            policies(config)
                .forEach((function, policies) -> all.put(name + ", " + function, policies)));
    return all;
  }

  /** Each function's policies. */
  static Map<String, List<List<Statement>>> policies(ProvisionerConfig config) {
    SynthesizedRoles roles = SynthesizedRoles.of(config, names());
    return Map.of("attach", roles.attach(), "sweep", roles.sweep(), "reconcile", roles.reconcile());
  }

  /** The names that EKS would have given. */
  static GroupNames names() {
    return group ->
        switch (group.membership()) {
          case NodeGroup.AutoScalingGroups(List<String> names) -> names;
          case NodeGroup.EksManagedNodegroup managed ->
              List.of("eks-" + managed.nodegroup() + "-" + UUID);
        };
  }
}
