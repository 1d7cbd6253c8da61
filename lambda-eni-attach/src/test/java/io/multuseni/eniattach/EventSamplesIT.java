// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.SweepReport;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.autoscaling.GroupSpec;
import io.multuseni.localcloud.autoscaling.HookSpec;
import io.multuseni.localcloud.autoscaling.LifecycleActionView;
import io.multuseni.localcloud.autoscaling.WarmPoolSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each sample event, through the function, ends as the table of the samples' README says. */
class EventSamplesIT {
  // Failsafe runs in the module's folder.
  private static final Path SAMPLES = Path.of("..", "events-samples");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([^`]+\\.json)` \\| (.+?) \\| (.+?) \\| .+ \\|$");
  static final String NOT_DECODED = "not called: Lambda can't decode it";

  private static final String POOLED_GROUP = "upf-b";
  private static final String MANAGED_GROUP = "eks-cp-b2c1d7de-93a4-4a0b-8a3c-5d0e6f718293";
  private static final HookSpec LAUNCH = HookSpec.launching("multus-eni-launch");
  private static final HookSpec TERMINATE = HookSpec.terminating("multus-eni-terminate");

  /** Samples for which something must have happened in the world first. */
  static final Set<String> ACTIONS =
      Set.of(
          "launch.json",
          "launch-warm-pool-in.json",
          "launch-warm-pool-out.json",
          "launch-managed-nodegroup.json",
          "terminate.json",
          "terminate-to-warm-pool.json");

  @TestFactory
  Stream<DynamicTest> endsAsStated() throws IOException {
    return stated()
        .map(row ->
            DynamicTest.dynamicTest(
                row.group(1) + " ends in " + row.group(3),
                () -> assertThat(outcomeOf(row.group(1))).isEqualTo(row.group(3))));
  }

  @Test
  void everySampleHasAStatedEnd() throws IOException {
    try (Stream<Path> files = Files.list(SAMPLES)) {
      List<String> events =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".json"))
              .toList();
      assertThat(stated().map(row -> row.group(1))).containsExactlyInAnyOrderElementsOf(events);
    }
  }

  @Test
  void theSweepFunctionSweepsWhateverItsScheduleSends() throws Exception {
    try (Scene scene = scene()) {
      EniSweepHandler handler = new EniSweepHandler(scene.sandbox());
      FixedContext context = new FixedContext(Duration.ofMinutes(2));

      for (SweepReport report :
          List.of(
              handler.handleRequest(Scene.decode(sample("sweep.json")), context),
              handler.handleRequest(Scene.decode(sample("broken-wrong-source.json")), context),
              handler.handleRequest(null, context))) {
        assertThat(report.unfinished()).isEmpty();
        assertThat(report.findings()).isEmpty();
        assertThat(report.apiCalls()).containsKey("DescribeAutoScalingGroups");
      }
    }
  }

  /**
   * What the function never sees, or sees in part: Lambda decodes an event before the function is
   * called. A document of another shape can't be decoded, and Lambda counts a failed invocation; an
   * EventBridge rule sends nothing of that kind.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "\"text\"",
        "42",
        "{\"detail\": \"text\"}",
        "{\"source\": {}}",
        "{\"time\": \"yesterday\"}"
      })
  void lambdaDecodesNoEventOfAnotherShape(String json) {
    assertThatThrownBy(() -> Scene.decode(json)).isInstanceOf(RuntimeException.class);
  }

  /**
   * What is decoded reaches the function: fields may be missing or unknown, an empty list counts as
   * null, and a number where text belongs becomes text.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "{}",
        "{\"unknown\": {\"a\": 1}}",
        "{\"detail\": null}",
        "{\"detail\": {}}",
        "{\"detail\": []}",
        "{\"source\": null, \"detail-type\": null}",
        "{\"source\": 7, \"detail-type\": true}",
        "{\"source\": \"aws.autoscaling\"}",
        "{\"source\": \"aws.autoscaling\","
            + " \"detail-type\": \"EC2 Instance-launch Lifecycle Action\"}",
        "{\"source\": \"aws.autoscaling\","
            + " \"detail-type\": \"EC2 Instance-launch Lifecycle Action\","
            + " \"detail\": {\"EC2InstanceId\": 7, \"AutoScalingGroupName\": [],"
            + " \"LifecycleHookName\": {}, \"LifecycleActionToken\": true}}"
      })
  void ignoresWhatLambdaDecodesButIsNoLifecycleEvent(String json) throws Exception {
    try (Scene scene = scene()) {
      AttachReport report = ignoredWithOneLine(scene, json);

      assertThat(report.reason())
          .isIn("MALFORMED_EVENT", "OTHER_EVENT", "MISSING_FIELD", "BAD_FIELD");
      assertThat(report.message()).isNotBlank();
    }
  }

  // One sample.

  private static String outcomeOf(String file) throws Exception {
    try (Scene scene = scene()) {
      if (ACTIONS.contains(file)) {
        String event = prepared(file, scene);
        AttachReport report = scene.deliver(event);
        assertThat(report.reason()).isNull();
        assertThat(Lifecycle.actionOf(scene, event).state()).isEqualTo(ActionState.CONTINUED);
        if (file.startsWith("launch")) {
          assertThat(Lifecycle.attachedTo(scene, Lifecycle.instanceOf(event)))
              .hasSize(report.interfaces().size())
              .isNotEmpty();
        }
        assertThat(scene.available()).isEmpty();
        return "`" + report.outcome() + "`";
      }
      if (file.equals("broken-not-json.json")) {
        assertThatThrownBy(() -> Scene.decode(sample(file))).isInstanceOf(RuntimeException.class);
        return NOT_DECODED;
      }
      AttachReport report = ignoredWithOneLine(scene, sample(file));
      return "`" + report.outcome() + "` `" + report.reason() + "`";
    }
  }

  /** No exception, no call, one line. */
  private static AttachReport ignoredWithOneLine(Scene scene, String json) {
    Sandbox plain = scene.sandbox();
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    Telemetry telemetry =
        new CloudWatchTelemetry(
            () -> Optional.of(Scene.CLUSTER), new PrintStream(log, true, StandardCharsets.UTF_8));
    AttachReport report =
        new EniAttachHandler(
                new Sandbox(plain.config(), plain.clients(), plain.time(), telemetry, false))
            .handleRequest(Scene.decode(json), new FixedContext(Duration.ofMinutes(2)));

    assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.IGNORED);
    assertThat(scene.cloud.calls().all()).isEmpty();
    assertThat(report.apiCalls()).isEmpty();
    List<String> lines = log.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(1);
    JsonNode line = Lifecycle.tree(lines.getFirst());
    assertThat(line.get("message").asText()).isEqualTo(report.message());
    assertThat(line.at("/report/reason").asText()).isEqualTo(report.reason());
    return report;
  }

  /** The sample's text, about an instance and an action that the world has. */
  static String prepared(String file, Scene scene) throws Exception {
    LifecycleActionView action = begun(file, scene);
    JsonNode detail = Lifecycle.tree(sample(file)).get("detail");
    assertThat(action.groupName()).isEqualTo(detail.get("AutoScalingGroupName").asText());
    assertThat(action.hookName()).isEqualTo(detail.get("LifecycleHookName").asText());
    assertThat(action.origin()).isEqualTo(detail.get("Origin").asText());
    assertThat(action.destination()).isEqualTo(detail.get("Destination").asText());
    return sample(file)
        .replace(detail.get("EC2InstanceId").asText(), action.instanceId())
        .replace(detail.get("LifecycleActionToken").asText(), action.token());
  }

  /** Lets happen what the sample tells of. */
  private static LifecycleActionView begun(String file, Scene scene) throws InterruptedException {
    String event =
        switch (file) {
          case "launch.json" -> launched(scene, Scene.GROUP);
          case "launch-managed-nodegroup.json" -> launched(scene, MANAGED_GROUP);
          case "launch-warm-pool-in.json" -> warmed(scene);
          case "launch-warm-pool-out.json" -> {
            String instance = served(scene, warmed(scene));
            yield Lifecycle.eventOf(scene, () -> scene.cloud.world().warmPoolToService(instance));
          }
          case "terminate.json" -> {
            String instance = served(scene, launched(scene, Scene.GROUP));
            yield Lifecycle.eventOf(scene, () -> scene.cloud.world().scaleIn(instance));
          }
          case "terminate-to-warm-pool.json" -> {
            String instance = served(scene, launched(scene, POOLED_GROUP));
            yield Lifecycle.eventOf(scene, () -> scene.cloud.world().scaleIn(instance));
          }
          default -> throw new AssertionError("say what " + file + " needs");
        };
    return Lifecycle.actionOf(scene, event);
  }

  private static String launched(Scene scene, String group) throws InterruptedException {
    return Lifecycle.eventOf(scene, () -> scene.cloud.world().scaleOut(group, 1));
  }

  private static String warmed(Scene scene) throws InterruptedException {
    return Lifecycle.eventOf(scene, () -> scene.cloud.world().launchIntoWarmPool(POOLED_GROUP, 1));
  }

  private static String served(Scene scene, String event) {
    AttachReport report = scene.deliver(event);
    assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
    return Lifecycle.instanceOf(event);
  }

  // The world of the samples' configuration.

  private static Scene scene() throws IOException {
    return scene(Instant.parse("2026-11-25T08:00:00Z"));
  }

  static Scene scene(Instant start) throws IOException {
    Scene scene = new Scene(start, settings -> settings);
    scene
        .cloud
        .world()
        .autoScalingGroup(Scene.GROUP, group(scene).withHook(LAUNCH).withHook(TERMINATE));
    scene
        .cloud
        .world()
        .autoScalingGroup(
            POOLED_GROUP,
            group(scene)
                .withHook(LAUNCH)
                .withHook(TERMINATE)
                .withWarmPool(WarmPoolSpec.ofStopped().withReuseOnScaleIn()));
    scene
        .cloud
        .world()
        .autoScalingGroup(
            MANAGED_GROUP,
            group(scene)
                .withHook(LAUNCH)
                .withTag("eks:cluster-name", Scene.CLUSTER)
                .withTag("eks:nodegroup-name", "cp")
                .withInstanceTag("eks:cluster-name", Scene.CLUSTER)
                .withInstanceTag("eks:nodegroup-name", "cp"));
    scene.configure(config(scene));
    return scene;
  }

  private static GroupSpec group(Scene scene) {
    return GroupSpec.of("m5.xlarge", scene.nodesA, scene.nodesB);
  }

  /** The samples' own configuration, with the ids that the world has. */
  private static String config(Scene scene) throws IOException {
    String yaml = sample("config.yaml");
    String n2a = scene.cloud.world().subnet(scene.vpc, Scene.ZONE_A, "10.0.20.0/24");
    String n2b = scene.cloud.world().subnet(scene.vpc, Scene.ZONE_B, "10.0.21.0/24");
    Map<String, String> ids =
        Map.of(
            "subnet-0a20000000000000a", n2a,
            "subnet-0a20000000000000b", n2b,
            "subnet-0a30000000000000a", scene.n3a,
            "subnet-0a30000000000000b", scene.n3b,
            "subnet-0a60000000000000a", scene.n6a,
            "subnet-0a60000000000000b", scene.n6b);
    for (Map.Entry<String, String> id : ids.entrySet()) {
      assertThat(yaml).contains(id.getKey());
      yaml = yaml.replace(id.getKey(), id.getValue());
    }
    return yaml.replaceAll("sg-0a[0-9a-f]+", scene.securityGroup);
  }

  static Stream<MatchResult> stated() throws IOException {
    return ROW.matcher(sample("README.md")).results();
  }

  static String sample(String file) throws IOException {
    return Files.readString(SAMPLES.resolve(file));
  }
}
