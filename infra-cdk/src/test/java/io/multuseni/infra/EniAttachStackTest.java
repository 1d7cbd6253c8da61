// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ConfigText;
import io.multuseni.core.config.ProvisionerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;
import software.amazon.event.ruler.Ruler;

final class EniAttachStackTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path SAMPLES = Path.of("..", "events-samples");
  private static final String MANAGED_GROUP = "eks-cp-b2c1d7de-93a4-4a0b-8a3c-5d0e6f718293";

  @TempDir static Path folder;

  /** The configuration that the samples are made for, with hooks for terminating instances. */
  private static Template samples;

  /** A young account, with hooks of every kind and an API server that is told. */
  private static Template young;

  private static List<String> findings;

  @BeforeAll
  static void synthesize() throws BadInput, ConfigException, IOException {
    EniAttachStack stack =
        stack(
            "samples",
            ConfigReader.readYaml(
                Files.readString(SAMPLES.resolve("config.yaml"))
                    + "deployment: {terminateHook: true, tracing: true}\n"));
    samples = Template.fromStack(stack);
    findings = Cloud.findings(stack);
    young =
        Template.fromStack(
            stack(
                "young",
                ConfigReader.readYaml(
                    """
                    cluster:
                      name: young
                      endpoint: https://k.example
                      certificateAuthority: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==
                    deployment:
                      architecture: x86_64
                      attach: {memoryMb: 2048, reservedConcurrency: none}
                      sweep: {reservedConcurrency: none}
                    nodeGroups:
                      - name: theirs
                        autoScalingGroups: [theirs]
                        lifecycleHook: existing:warm-up
                        networks:
                          - {name: n3, subnets: [subnet-0a300001], securityGroups: [sg-0a300001]}
                      - name: seen
                        autoScalingGroups: [seen]
                        lifecycleHook: observe
                        bootGate: true
                        networks:
                          - {name: n3, subnets: [subnet-0a300001], securityGroups: [sg-0a300001]}
                    """)));
  }

  @Test
  void functionsRunAsConfiguredFromTheSameJar() {
    samples.hasResourceProperties(
        "AWS::Lambda::Function",
        function("multus-eni-attach-core5g", "io.multuseni.eniattach.EniAttachHandler", 25));
    samples.hasResourceProperties(
        "AWS::Lambda::Function",
        function("multus-eni-sweep-core5g", "io.multuseni.eniattach.EniSweepHandler", 1));
    assertThat(
            Stream.of("AttachFunction", "SweepFunction")
                .map(id -> resource(samples, "AWS::Lambda::Function", id).at("/Properties/Code")))
        .allSatisfy(code -> assertThat(code.path("S3Key").asText()).endsWith(".jar"))
        .containsOnly(
            resource(samples, "AWS::Lambda::Function", "AttachFunction").at("/Properties/Code"));
  }

  private static Map<String, Object> function(String name, String handler, int concurrency) {
    return Map.of(
        "FunctionName",
        name,
        "Handler",
        handler,
        "Runtime",
        "java25",
        "Architectures",
        List.of("arm64"),
        "Timeout",
        120,
        "MemorySize",
        1024,
        "ReservedConcurrentExecutions",
        concurrency,
        "SnapStart",
        Map.of("ApplyOn", "PublishedVersions"),
        "LoggingConfig",
        Match.objectLike(Map.of("LogFormat", "JSON")),
        "Environment",
        Map.of(
            "Variables",
            Map.of(
                "MULTUS_ENI_CONFIG_PARAMETER", "/multus-eni/core5g/config",
                "MULTUS_ENI_DEPLOYED_PARAMETER", "/multus-eni/core5g/deployed")));
  }

  @Test
  void aYoungAccountReservesNothing() {
    young.allResourcesProperties(
        "AWS::Lambda::Function", Map.of("ReservedConcurrentExecutions", Match.absent()));
    young.hasResourceProperties(
        "AWS::Lambda::Function",
        Map.of("MemorySize", 2048, "Architectures", List.of("x86_64"), "Runtime", "java25"));
  }

  @Test
  void logsAreKeptForTheirTimeAndTracesAreMadeWhereWanted() {
    samples.allResourcesProperties("AWS::Logs::LogGroup", Map.of("RetentionInDays", 30));
    samples.hasResourceProperties(
        "AWS::Lambda::Function",
        Map.of(
            "FunctionName", "multus-eni-attach-core5g", "TracingConfig", Map.of("Mode", "Active")));
    young.allResourcesProperties("AWS::Lambda::Function", Map.of("TracingConfig", Match.absent()));
  }

  @Test
  void everythingCallsTheAliasOfAPublishedVersion() {
    String attach = id(samples, "AWS::Lambda::Alias", "AttachAlias");
    String sweep = id(samples, "AWS::Lambda::Alias", "SweepAlias");

    assertThat(samples.findResources("AWS::Events::Rule").keySet())
        .allSatisfy(rule -> {
          JsonNode target =
              resource(samples, "AWS::Events::Rule", rule).at("/Properties/Targets/0/Arn/Ref");
          assertThat(target.asText()).isEqualTo(rule.startsWith("EachMinute") ? sweep : attach);
        });
    samples.allResourcesProperties(
        "AWS::Lambda::Permission",
        Map.of(
            "Action", "lambda:InvokeFunction",
            "Principal", "events.amazonaws.com",
            "FunctionName", Map.of("Ref", Match.stringLikeRegexp("Alias"))));
    samples.allResourcesProperties(
        "AWS::Lambda::Alias",
        Map.of("FunctionVersion", Map.of("Fn::GetAtt", List.of(Match.anyValue(), "Version"))));
  }

  @Test
  void aLaunchIsTriedForAsLongAsTheHeartbeatLeavesRoom() {
    String queue = id(samples, "AWS::SQS::Queue", "DeadLetters");

    JsonNode target =
        resource(samples, "AWS::Events::Rule", "Launches").at("/Properties/Targets/0");
    assertThat(target.at("/RetryPolicy/MaximumEventAgeInSeconds").asInt()).isEqualTo(300);
    assertThat(target.at("/RetryPolicy/MaximumRetryAttempts").asInt()).isEqualTo(20);
    assertThat(target.at("/DeadLetterConfig/Arn/Fn::GetAtt/0").asText()).isEqualTo(queue);
    samples.hasResourceProperties(
        "AWS::Lambda::EventInvokeConfig",
        Map.of(
            "Qualifier",
            "live",
            "MaximumEventAgeInSeconds",
            1200,
            "MaximumRetryAttempts",
            2,
            "DestinationConfig",
            Map.of(
                "OnFailure", Map.of("Destination", Map.of("Fn::GetAtt", List.of(queue, "Arn"))))));
  }

  @Test
  void aSweepIsNeitherRepeatedNorKept() {
    JsonNode rule = resource(samples, "AWS::Events::Rule", "EachMinute").path("Properties");
    assertThat(rule.path("ScheduleExpression").asText()).isEqualTo("rate(1 minute)");
    assertThat(rule.at("/Targets/0/RetryPolicy/MaximumRetryAttempts").asInt(-1)).isZero();
    assertThat(rule.at("/Targets/0/RetryPolicy/MaximumEventAgeInSeconds").asInt()).isEqualTo(60);
    assertThat(rule.at("/Targets/0").has("DeadLetterConfig")).isFalse();
    samples.hasResourceProperties(
        "AWS::Lambda::EventInvokeConfig",
        Map.of(
            "MaximumEventAgeInSeconds", 60,
            "MaximumRetryAttempts", 0,
            "DestinationConfig", Match.absent()));
  }

  @Test
  void theAttachFunctionIsCalledOftenEnoughToKeepItsSnapshot() {
    assertThat(
            resource(samples, "AWS::Events::Rule", "EachDay")
                .at("/Properties/ScheduleExpression")
                .asText())
        .isEqualTo("rate(1 day)");
  }

  @Test
  void deadLettersAreEncryptedAndKeptForTwoWeeks() {
    samples.hasResourceProperties(
        "AWS::SQS::Queue",
        Map.of("SqsManagedSseEnabled", true, "MessageRetentionPeriod", 1_209_600));
  }

  @Test
  void eachGroupGetsOurHooksAndAbandonsByDefault() {
    samples.resourceCountIs("AWS::AutoScaling::LifecycleHook", 6);
    for (Object group :
        List.of(
            "upf-a", "upf-b", Map.of("Fn::GetAtt", List.of(Match.anyValue(), nameOfManaged())))) {
      samples.hasResourceProperties(
          "AWS::AutoScaling::LifecycleHook",
          Map.of(
              "AutoScalingGroupName", group,
              "LifecycleHookName", "multus-eni-launch",
              "LifecycleTransition", "autoscaling:EC2_INSTANCE_LAUNCHING",
              "DefaultResult", "ABANDON",
              "HeartbeatTimeout", 1800));
      samples.hasResourceProperties(
          "AWS::AutoScaling::LifecycleHook",
          Map.of(
              "AutoScalingGroupName", group,
              "LifecycleHookName", "multus-eni-terminate",
              "LifecycleTransition", "autoscaling:EC2_INSTANCE_TERMINATING"));
    }
  }

  private static String nameOfManaged() {
    return "nodegroup.resources.autoScalingGroups.0.name";
  }

  @Test
  void hooksOfOthersAreLeftAlone() {
    young.resourceCountIs("AWS::AutoScaling::LifecycleHook", 0);
  }

  /** CloudFormation makes what is depended on before, and deletes it after. */
  @Test
  void hooksComeAfterAllThatAnswersThemAndGoBeforeIt() {
    List<String> answering = new ArrayList<>();
    answering.add(id(samples, "AWS::Lambda::Alias", "AttachAlias"));
    answering.add(id(samples, "AWS::Lambda::EventInvokeConfig", "AttachInvocation"));
    answering.add(id(samples, "AWS::Events::Rule", "Launches"));
    answering.add(id(samples, "AWS::Lambda::Permission", "LaunchesAllow"));
    answering.add(id(samples, "AWS::SQS::QueuePolicy", "DeadLetters"));

    for (String hook : samples.findResources("AWS::AutoScaling::LifecycleHook").keySet()) {
      assertThat(resource(samples, "AWS::AutoScaling::LifecycleHook", hook).path("DependsOn"))
          .extracting(JsonNode::asText)
          .containsAll(answering);
    }
  }

  @Test
  void aHookKeepsItsLogicalIdWhenItsNodeGroupGetsAnotherName() throws Exception {
    String yaml = Files.readString(SAMPLES.resolve("config.yaml"));
    Template renamed =
        Template.fromStack(
            stack("renamed", ConfigReader.readYaml(yaml.replace("- name: upf", "- name: other"))));
    Template before = Template.fromStack(stack("before", ConfigReader.readYaml(yaml)));

    assertThat(renamed.findResources("AWS::AutoScaling::LifecycleHook"))
        .isEqualTo(before.findResources("AWS::AutoScaling::LifecycleHook"));
  }

  @Test
  void theNameOfAManagedGroupIsAskedOfEks() {
    JsonNode ask = resource(samples, "Custom::AWS", "EksNodegroup").path("Properties");

    assertThat(ask.path("Update").toString())
        .contains("describeNodegroup", "core5g", "\\\"cp\\\"", nameOfManaged());
    // A creation without a call of its own makes that of an update.
    assertThat(ask.path("Create")).isEqualTo(ask.path("Update"));
    assertThat(ask.has("Delete")).isFalse();
    assertThat(
            resource(samples, "AWS::SSM::Parameter", "ConfigurationDeployed")
                .at("/Properties/Value")
                .toString())
        .contains(
            "\\\"autoScalingGroups\\\":{\\\"cp\\\":",
            nameOfManaged(),
            "cluster.endpoint",
            "cluster.certificateAuthority.data");
  }

  @Test
  void nothingIsAskedWhereTheFileTellsAll() {
    young.resourceCountIs("Custom::AWS", 0);
    assertThat(
            resource(young, "AWS::SSM::Parameter", "ConfigurationDeployed")
                .at("/Properties/Value")
                .asText())
        .isEqualTo("{}");
  }

  @Test
  void theConfigurationIsInAParameterThatReadsBack() throws ConfigException, IOException {
    JsonNode parameter =
        resource(samples, "AWS::SSM::Parameter", "ConfigurationConfig").path("Properties");

    assertThat(ConfigReader.readJson(parameter.path("Value").asText()))
        .isEqualTo(
            ConfigReader.readYaml(Files.readString(SAMPLES.resolve("config.yaml"))).forFunctions());
  }

  @Test
  void parametersTakeTheTierThatFits() {
    samples.allResourcesProperties("AWS::SSM::Parameter", Map.of("Tier", "Intelligent-Tiering"));
  }

  @Test
  void aLargeConfigurationIsPackedAndItsSixtyGroupsTakeTwoRules() throws Exception {
    String yaml = ManyNodeGroups.yaml(20);
    Template large = Template.fromStack(stack("large", ConfigReader.readYaml(yaml)));

    String value =
        resource(large, "AWS::SSM::Parameter", "ConfigurationConfig")
            .at("/Properties/Value")
            .asText();
    assertThat(value).startsWith("gzip:").hasSizeLessThan(4096);
    assertThat(ConfigReader.readJson(ConfigText.decode(value)))
        .isEqualTo(ConfigReader.readYaml(yaml));
    large.resourceCountIs("AWS::AutoScaling::LifecycleHook", 60);
    assertThat(large.findResources("AWS::Events::Rule").keySet())
        .filteredOn(id -> id.startsWith("Launches"))
        .hasSize(1);
  }

  @ParameterizedTest(name = "{0} matches: {1}")
  @CsvSource({
    "launch.json, true",
    "launch-warm-pool-in.json, true",
    "launch-warm-pool-out.json, true",
    "launch-managed-nodegroup.json, true",
    "terminate.json, true",
    "terminate-to-warm-pool.json, true",
    "foreign-group.json, false",
    "foreign-hook.json, false",
    "sweep.json, false",
    "reconcile-schedule.json, false",
    "test-notification.json, false",
    "broken-no-detail.json, false",
    "broken-wrong-source.json, false"
  })
  void theRulesLetInExactlyOurLifecycleActions(String sample, boolean matches) throws Exception {
    assertThat(matches(samples, Files.readString(SAMPLES.resolve(sample)))).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"EC2 Instance Launch Successful", "EC2 Instance-terminate Lifecycle Action"})
  void withoutATerminationHookOnlyLaunchActionsComeIn(String detailType) throws Exception {
    String launch = Files.readString(SAMPLES.resolve("launch.json"));
    String ours = launch.replace("upf-a", "theirs").replace("multus-eni-launch", "warm-up");

    assertThat(matches(young, ours)).isTrue();
    assertThat(matches(young, ours.replace("EC2 Instance-launch Lifecycle Action", detailType)))
        .isFalse();
    assertThat(matches(young, ours.replace("warm-up", "multus-eni-launch"))).isFalse();
  }

  @Test
  void whoObservesIsCalledForAnyHook() throws Exception {
    String launch = Files.readString(SAMPLES.resolve("launch.json")).replace("upf-a", "seen");

    assertThat(matches(young, launch.replace("multus-eni-launch", "Launch-LC-Hook"))).isTrue();
    assertThat(matches(young, launch.replace("seen", "unseen"))).isFalse();
  }

  @Test
  void cdkNagFindsNothingThatIsNotMeant() {
    assertThat(findings).isEmpty();
  }

  /** Whether any rule that calls the attach function lets an event in, as EventBridge decides. */
  private static boolean matches(Template template, String event) throws Exception {
    for (String id : template.findResources("AWS::Events::Rule").keySet()) {
      JsonNode pattern = resource(template, "AWS::Events::Rule", id).at("/Properties/EventPattern");
      if (!pattern.isMissingNode()
          && Ruler.matchesRule(event, JSON.writeValueAsString(deployed(pattern)))) {
        return true;
      }
    }
    return false;
  }

  /** The pattern as CloudFormation fills it in: the managed group has the name of the samples. */
  private static JsonNode deployed(JsonNode node) {
    if (node.has("Fn::GetAtt")) {
      return JSON.getNodeFactory().textNode(MANAGED_GROUP);
    }
    if (node.isArray()) {
      ArrayNode array = JSON.createArrayNode();
      node.forEach(element -> array.add(deployed(element)));
      return array;
    }
    if (node.isObject()) {
      ObjectNode object = JSON.createObjectNode();
      node.properties().forEach(entry -> object.set(entry.getKey(), deployed(entry.getValue())));
      return object;
    }
    return node;
  }

  private static EniAttachStack stack(String name, ProvisionerConfig config) throws BadInput {
    Cloud cloud = Cloud.in(folder.resolve(name));
    return new EniAttachStack(cloud.app(), config, cloud.jar(), "");
  }

  private static String id(Template template, String type, String prefix) {
    return template.findResources(type).keySet().stream()
        .filter(id -> id.startsWith(prefix))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + type + " " + prefix));
  }

  private static JsonNode resource(Template template, String type, String prefix) {
    return JSON.valueToTree(template.findResources(type).get(id(template, type, prefix)));
  }
}
