// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.multuseni.infra.Configs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class DashboardBodyTest {
  private static final JsonNode WIDGETS = widgets();

  @Test
  void showsWhatPeopleAskFor() {
    Map<String, List<String>> lines = new TreeMap<>();
    for (JsonNode widget : WIDGETS) {
      JsonNode properties = widget.path("properties");
      List<String> texts = new ArrayList<>();
      properties
          .path("metrics")
          .forEach(line -> texts.add(line(line, properties.path("stat").asText())));
      lines.put(properties.path("title").asText(), texts);
    }

    assertThat(lines)
        .containsEntry("Nodes ready per minute", List.of("Sum NodesReady core5g"))
        .containsEntry(
            "Seconds from launch event to CONTINUE",
            List.of("p50 SecondsToContinue core5g", "p99 SecondsToContinue core5g"))
        .containsEntry(
            "ABANDONs by reason",
            List.of(
                "SEARCH('{\"multus-eni\",Cluster,Reason} MetricName=\"AbandonsByReason\""
                    + " Cluster=\"core5g\"', 'Sum', 60)"))
        .containsEntry(
            "Addresses assigned, moved, released",
            List.of(
                "Sum AddressesAssigned core5g",
                "Sum AddressesMoved core5g",
                "Sum AddressesReleased core5g"))
        .containsEntry(
            "Reservations that could not be served",
            List.of(
                "Maximum AddressesUnplaced core5g",
                "SEARCH('{\"multus-eni\",Cluster,Reason} MetricName=\"UnplacedByReason\""
                    + " Cluster=\"core5g\"', 'Maximum', 60)"))
        .containsEntry("Calls that AWS throttled", List.of("Sum Throttles core5g"))
        .containsEntry(
            "Events in dead-letter queues",
            List.of("Maximum ApproximateNumberOfMessagesVisible letters"))
        .containsEntry("Passes per minute", List.of("Sum ReconcilePasses core5g"))
        .containsEntry("Runs at a time", perFunction("Maximum ConcurrentExecutions"))
        .containsEntry("Errors", perFunction("Sum Errors"))
        .containsEntry("Duration in milliseconds, p99", perFunction("p99 Duration"))
        .containsEntry("Runs that Lambda throttled", perFunction("Sum Throttles"));
    assertThat(lines.get("Drift")).contains("Maximum Drift core5g");
  }

  @Test
  void namesEachReasonByItself() {
    for (JsonNode widget : WIDGETS) {
      for (JsonNode line : widget.at("/properties/metrics")) {
        if (line.get(0).has("expression")) {
          assertThat(line.get(0).path("label").asText()).isEqualTo("${PROP('Dim.Reason')}");
        }
      }
    }
  }

  @Test
  void laysNoWidgetOverAnother() {
    Set<String> taken = new HashSet<>();
    for (JsonNode widget : WIDGETS) {
      for (int x = 0; x < widget.path("width").asInt(); x++) {
        for (int y = 0; y < widget.path("height").asInt(); y++) {
          int column = widget.path("x").asInt() + x;
          assertThat(column).isLessThan(24);
          assertThat(taken.add(column + "/" + (widget.path("y").asInt() + y)))
              .as(widget.toString())
              .isTrue();
        }
      }
    }
  }

  @Test
  void refusesAClusterWithoutDeadLetters() {
    assertThatThrownBy(() -> new Watched(Configs.with(""), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<String> perFunction(String text) {
    return List.of(
        text + " multus-eni-attach-core5g",
        text + " multus-eni-sweep-core5g",
        text + " multus-eni-reconcile-core5g");
  }

  private static String line(JsonNode line, String statistic) {
    if (line.get(0).has("expression")) {
      return line.get(0).path("expression").asText();
    }
    return line.path(4).path("stat").asText(statistic)
        + " "
        + line.path(1).asText()
        + " "
        + line.path(3).asText();
  }

  private static JsonNode widgets() {
    try {
      return new ObjectMapper()
          .readTree(
              DashboardBody.of(
                  new Watched(Configs.with(""), List.of("letters")),
                  "us-east-1",
                  List.of("arn:aws:cloudwatch:us-east-1:111122223333:alarm:one")))
          .path("widgets");
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
