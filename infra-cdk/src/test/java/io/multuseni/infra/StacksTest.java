// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Stage;
import software.amazon.awscdk.assertions.Annotations;
import software.amazon.awscdk.assertions.Match;

final class StacksTest {
  private static final String QUICK_START = "self-managed-quick-start.yaml";

  @TempDir Path folder;

  @Test
  void deploysNodesAfterWhatAnswersTheirLaunches() throws IOException, BadInput {
    Stacks stacks = stacks(example(QUICK_START));
    NodeGroupStack nodes = stacks.nodes().orElseThrow();
    // The CDK takes dependencies of constructs over to their stacks in synthesis.
    Objects.requireNonNull(Stage.of(nodes)).synth();

    assertThat(before(nodes)).containsExactly(stacks.attach().getNode().getPath());
    assertThat(before(stacks.attach())).isEmpty();
    assertThat(before(stacks.reconcile())).containsExactly(stacks.attach().getNode().getPath());
    assertThat(before(stacks.observability()))
        .contains(stacks.reconcile().getNode().getPath())
        .doesNotContain(nodes.getNode().getPath());
  }

  @Test
  void writesTheManifestAndTheBootGateOfLaunchTemplatesThatAreNotOurs()
      throws IOException, BadInput {
    stacks(example("multi-zone.yaml"));

    assertThat(files()).containsExactly("boot-gate/upf.mime", "rbac.yaml");
    assertThat(folder.resolve("cdk.out/multus-eni/core5g/boot-gate/upf.mime"))
        .content()
        .startsWith("MIME-Version: 1.0\n")
        .contains("multus-eni-boot-gate")
        .doesNotContain("NodeConfig");
  }

  @Test
  void writesNoBootGateOfItsOwnLaunchTemplates() throws IOException, BadInput {
    stacks(example(QUICK_START));

    assertThat(files()).containsExactly("rbac.yaml");
  }

  @Test
  void makesNoNodesUnlessAsked() throws IOException, BadInput {
    assertThat(stacks(example("single-zone.yaml")).nodes()).isEmpty();
  }

  @Test
  @SuppressWarnings("deprecation") // The assertions have no other type for a message yet.
  void warnsOfAZoneWithoutASubnet() throws BadInput {
    Stacks stacks =
        stacks(
            """
            cluster: {name: core5g}
            deployment: {subnetZones: {subnet-0a300001: us-east-1a}}
            nodeGroups:
              - name: upf
                autoScalingGroups: [upf-a]
                zones: [us-east-1a, us-east-1b]
                networks:
                  - {name: n3, subnets: [subnet-0a300001], securityGroups: [sg-0a300001]}
            """);

    assertThat(
            Annotations.fromStack(stacks.attach())
                .findWarning("*", Match.stringLikeRegexp("us-east-1b.*multus-eni:zones")))
        .hasSize(1);
  }

  @Test
  void refusesABootGateThatIsLongerThanUserData() {
    String networks =
        IntStream.range(0, 98)
            .mapToObj(network ->
                ("      - {name: n%s%d, subnets: [subnet-%08x], securityGroups: [sg-0a300001],"
                        + " networkCardIndex: %d}\n")
                    .formatted("x".repeat(55), network, network + 1, network / 14))
            .collect(Collectors.joining());

    assertThatThrownBy(() ->
            stacks(
                "cluster: {name: core5g}\nnodeGroups:\n  - name: upf\n"
                    + "    autoScalingGroups: [upf-a]\n    bootGate: true\n    networks:\n"
                    + networks))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("node group upf: user data with the boot gate has ");
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void hasNoFindingOfCdkNag(String configuration) throws IOException, BadInput {
    Stacks stacks =
        stacks(
            configuration.equals("20 groups") ? ManyNodeGroups.yaml(20) : example(configuration));

    assertThat(all(stacks)).allSatisfy(stack -> assertThat(Cloud.findings(stack)).isEmpty());
  }

  static List<String> configurations() throws IOException {
    return Stream.concat(ExamplesTest.examples().stream(), Stream.of("20 groups")).toList();
  }

  private Stacks stacks(String yaml) throws BadInput {
    Cloud cloud = Cloud.in(folder);
    try {
      return Stacks.of(
          cloud.app(), ConfigReader.readYaml(yaml), new FunctionJars(cloud.jar(), cloud.jar()), "");
    } catch (ConfigException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  private static String example(String name) throws IOException {
    return Files.readString(Path.of("examples").resolve(name));
  }

  private static List<Stack> all(Stacks stacks) {
    List<Stack> all =
        new ArrayList<>(List.of(stacks.attach(), stacks.reconcile(), stacks.observability()));
    stacks.nodes().ifPresent(all::add);
    return all;
  }

  /** The stacks that must be there before one. */
  private static List<String> before(Stack stack) {
    return stack.getDependencies().stream().map(one -> one.getNode().getPath()).sorted().toList();
  }

  private List<String> files() throws IOException {
    Path output = folder.resolve("cdk.out/multus-eni/core5g");
    try (Stream<Path> files = Files.walk(output)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> output.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
