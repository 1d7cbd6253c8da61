// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.multuseni.infra.observability.AlarmList;
import io.multuseni.infra.observability.AlarmSpec;
import io.multuseni.infra.observability.Watched;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;
import software.amazon.awscdk.services.sqs.Queue;

final class ObservabilityStackTest {
  private static final String TOPIC = "arn:aws:sns:us-east-1:111122223333:alarms";

  @TempDir static Path folder;

  private static Watched watched;
  private static Template template;
  private static List<String> findings;

  @BeforeAll
  static void synthesize() {
    Cloud cloud = Cloud.in(folder.resolve("with-topic"));
    Stack other = new Stack(cloud.app(), "attach");
    Queue queue = Queue.Builder.create(other, "DeadLetters").build();
    watched =
        new Watched(
            Configs.with("deployment: {alarmTopic: \"" + TOPIC + "\"}"),
            List.of(queue.getQueueName()));
    ObservabilityStack stack = new ObservabilityStack(cloud.app(), watched);
    template = Template.fromStack(stack);
    findings = Cloud.findings(stack);
  }

  @Test
  void makesEachAlarmAndTellsTheTopic() {
    List<AlarmSpec> specs = AlarmList.of(watched);

    template.resourceCountIs("AWS::CloudWatch::Alarm", specs.size());
    for (AlarmSpec spec : specs) {
      template.hasResourceProperties(
          "AWS::CloudWatch::Alarm",
          Map.of(
              "AlarmName",
              "multus-eni-core5g-" + spec.about(),
              "AlarmDescription",
              spec.description(),
              "MetricName",
              spec.metric().name(),
              "Statistic",
              spec.statistic().word(),
              "Period",
              spec.period().toSeconds(),
              "EvaluationPeriods",
              spec.periods(),
              "TreatMissingData",
              spec.missing().word(),
              "AlarmActions",
              List.of(TOPIC)));
    }
  }

  @Test
  void writesAnAlarmAsCloudWatchTakesIt() {
    template.hasResource(
        "AWS::CloudWatch::Alarm",
        Map.of(
            "Properties",
            Match.objectEquals(
                Map.ofEntries(
                    Map.entry("AlarmName", "multus-eni-core5g-reconcile-not-run"),
                    Map.entry("AlarmDescription", Match.anyValue()),
                    Map.entry("Namespace", "multus-eni"),
                    Map.entry("MetricName", "ReconcilePasses"),
                    Map.entry("Dimensions", List.of(Map.of("Name", "Cluster", "Value", "core5g"))),
                    Map.entry("Statistic", "Sum"),
                    Map.entry("Period", 60),
                    Map.entry("EvaluationPeriods", 3),
                    Map.entry("ComparisonOperator", "LessThanThreshold"),
                    Map.entry("Threshold", 1),
                    Map.entry("TreatMissingData", "breaching"),
                    Map.entry("AlarmActions", List.of(TOPIC))))));
  }

  @Test
  void tellsNobodyWithoutATopic() {
    Cloud cloud = Cloud.in(folder.resolve("without-topic"));
    Template quiet =
        Template.fromStack(
            new ObservabilityStack(cloud.app(), new Watched(Configs.with(""), List.of("a-queue"))));

    quiet.allResourcesProperties("AWS::CloudWatch::Alarm", Map.of("AlarmActions", List.of()));
  }

  @Test
  void namesAQueueOfAnotherStackByReference() {
    template.hasResourceProperties(
        "AWS::CloudWatch::Alarm",
        Map.of(
            "AlarmName",
            "multus-eni-core5g-dead-letters",
            "Dimensions",
            List.of(
                Map.of(
                    "Name",
                    "QueueName",
                    "Value",
                    Map.of("Fn::ImportValue", Match.stringLikeRegexp("attach:.*DeadLetters.*"))))));
  }

  @Test
  void showsADashboardThatIsJsonOnceItsTokensAreFilledIn() throws Exception {
    template.hasResourceProperties(
        "AWS::CloudWatch::Dashboard", Map.of("DashboardName", "multus-eni-core5g"));
    JsonNode body =
        new ObjectMapper()
            .valueToTree(
                template.findResources("AWS::CloudWatch::Dashboard").values().iterator().next())
            .at("/Properties/DashboardBody/Fn::Join/1");
    StringBuilder text = new StringBuilder();
    for (JsonNode part : body) {
      text.append(part.isTextual() ? part.asText() : "filled-in");
    }

    JsonNode widgets = new ObjectMapper().readTree(text.toString()).path("widgets");
    assertThat(widgets.get(0).at("/properties/alarms")).hasSize(AlarmList.of(watched).size());
    assertThat(widgets.get(1).at("/properties/region").asText()).isEqualTo("filled-in");
  }

  @Test
  void hasNoFindingOfCdkNag() {
    assertThat(findings).isEmpty();
  }
}
