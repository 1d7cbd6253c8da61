// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.launch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeGroup.AutoScalingGroups;
import io.multuseni.core.config.NodeGroup.EksManagedNodegroup;
import io.multuseni.core.config.ProvisionerConfig;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LaunchPatternTest {
  private static final String LAUNCH = "EC2 Instance-launch Lifecycle Action";
  private static final String TERMINATE = "EC2 Instance-terminate Lifecycle Action";

  private static final String NETWORKS =
      "    networks: [{name: n3, subnets: [subnet-0a300001], securityGroups: [sg-0a300001]}]\n";

  @Test
  void oneRuleServesAllGroupsWithOurHook() throws ConfigException {
    ProvisionerConfig config =
        config(
            "", group("a", "autoScalingGroups: [a-1, a-2]"), group("b", "eksManagedNodegroup: b"));

    assertThat(LaunchPattern.of(config, LaunchPatternTest::names))
        .containsExactly(
            new LaunchPattern(
                List.of(LAUNCH),
                List.of("a-1", "a-2", "eks-b-of-the-cluster"),
                List.of("multus-eni-launch")));
  }

  @Test
  void otherHooksGetRulesOfTheirOwn() throws ConfigException {
    ProvisionerConfig config =
        config(
            "",
            group("ours", "autoScalingGroups: [a]"),
            group("theirs", "autoScalingGroups: [b]\n    lifecycleHook: existing:warm-up"),
            group("also-theirs", "autoScalingGroups: [c]\n    lifecycleHook: existing:warm-up"),
            group(
                "seen", "autoScalingGroups: [d]\n    lifecycleHook: observe\n    bootGate: true"));

    assertThat(LaunchPattern.of(config, LaunchPatternTest::names))
        .containsExactly(
            new LaunchPattern(List.of(LAUNCH), List.of("a"), List.of("multus-eni-launch")),
            new LaunchPattern(List.of(LAUNCH), List.of("b", "c"), List.of("warm-up")),
            new LaunchPattern(List.of(LAUNCH), List.of("d"), List.of()));
  }

  @Test
  void terminationsComeOnlyFromOurTerminationHook() throws ConfigException {
    ProvisionerConfig config =
        config(
            "deployment: {terminateHook: true}\n",
            group("ours", "autoScalingGroups: [a]"),
            group("theirs", "autoScalingGroups: [b]\n    lifecycleHook: existing:warm-up"));

    assertThat(LaunchPattern.of(config, LaunchPatternTest::names))
        .containsExactly(
            new LaunchPattern(
                List.of(LAUNCH, TERMINATE),
                List.of("a"),
                List.of("multus-eni-launch", "multus-eni-terminate")),
            new LaunchPattern(List.of(LAUNCH), List.of("b"), List.of("warm-up")));
  }

  @Test
  void sixtyGroupsWithLongNamesTakeFewRulesThatEachFit() throws Exception {
    List<String> names =
        IntStream.range(0, 60)
            .mapToObj(i -> "network-functions-of-the-core-%02d".formatted(i))
            .toList();
    ProvisionerConfig config =
        config("", group("a", "autoScalingGroups: [" + String.join(", ", names) + "]"));

    List<LaunchPattern> patterns = LaunchPattern.of(config, LaunchPatternTest::names);

    assertThat(patterns)
        .hasSize(2)
        .allSatisfy(pattern -> assertThat(characters(pattern)).isLessThanOrEqualTo(2048));
    assertThat(patterns.getFirst())
        .satisfies(full -> assertThat(characters(full)).isGreaterThan(1990));
    assertThat(patterns.stream().map(LaunchPattern::groups).flatMap(List::stream))
        .containsExactlyElementsOf(names);
  }

  @Test
  void namesWithQuotesCountAsTheyAreWritten() throws Exception {
    List<String> names = IntStream.range(0, 60).mapToObj(i -> "\"\\".repeat(20) + i).toList();
    ProvisionerConfig config =
        config(
            "", group("a", "autoScalingGroups: " + new ObjectMapper().writeValueAsString(names)));

    assertThat(LaunchPattern.of(config, LaunchPatternTest::names))
        .hasSizeGreaterThan(2)
        .allSatisfy(pattern -> assertThat(characters(pattern)).isLessThanOrEqualTo(2048));
  }

  @Test
  void namesThatEksGivesAreCountedAsLongAsTheyWillBe() throws Exception {
    List<String> managed =
        IntStream.range(0, 60)
            .mapToObj(i -> "a-rather-long-name-of-a-node-group-%02d".formatted(i))
            .toList();
    ProvisionerConfig config =
        config(
            "",
            managed.stream()
                .map(name -> group(name, "eksManagedNodegroup: " + name))
                .toArray(String[]::new));

    List<LaunchPattern> patterns = LaunchPattern.of(config, group -> List.of("${Token[name]}"));

    assertThat(patterns).hasSizeGreaterThan(2);
    int first = 0;
    for (LaunchPattern pattern : patterns) {
      int end = first + pattern.groups().size();
      List<String> deployed =
          managed.subList(first, end).stream()
              .map(name -> "eks-" + name + "-b2c1d7de-93a4-4a0b-8a3c-5d0e6f718293")
              .toList();
      assertThat(characters(new LaunchPattern(pattern.detailTypes(), deployed, pattern.hooks())))
          .isLessThanOrEqualTo(2048);
      first = end;
    }
    assertThat(first).isEqualTo(60);
  }

  /** As EventBridge counts: the whole pattern as JSON. */
  private static int characters(LaunchPattern pattern) throws JsonProcessingException {
    return new ObjectMapper()
        .writeValueAsString(
            Map.of(
                "source",
                List.of("aws.autoscaling"),
                "detail-type",
                pattern.detailTypes(),
                "detail",
                pattern.detail()))
        .length();
  }

  private static List<String> names(NodeGroup group) {
    return switch (group.membership()) {
      case AutoScalingGroups groups -> groups.names();
      case EksManagedNodegroup managed -> List.of("eks-" + managed.nodegroup() + "-of-the-cluster");
    };
  }

  private static String group(String name, String membership) {
    return "  - name: " + name + "\n    " + membership + "\n" + NETWORKS;
  }

  private static ProvisionerConfig config(String top, String... groups) throws ConfigException {
    return ConfigReader.readYaml(
        "cluster: {name: core5g}\n"
            + top
            + "nodeGroups:\n"
            + List.of(groups).stream().collect(Collectors.joining()));
  }
}
