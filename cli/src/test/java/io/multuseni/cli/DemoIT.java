// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.multuseni.core.report.ReconcileReport;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole demonstrations, in this process. */
class DemoIT {
  private static JsonNode json(Ran ran) throws Exception {
    return new ObjectMapper().readTree(ran.out());
  }

  private static List<String> texts(JsonNode nodes, String field) {
    List<String> texts = new ArrayList<>();
    nodes.forEach(node -> texts.add(node.path(field).asText()));
    return texts;
  }

  @Test
  void threeNodesInTwoZonesGetTwoInterfacesEach() throws Exception {
    Ran ran = Ran.of("demo", "--nodes", "3", "--networks", "2", "--json");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    JsonNode result = json(ran);
    assertThat(result.fieldNames())
        .toIterable()
        .containsExactly("launches", "reconciliations", "totals");
    JsonNode launches = result.path("launches");
    assertThat(launches).hasSize(3);
    Set<String> zones = new HashSet<>();
    for (JsonNode launch : launches) {
      zones.add(launch.path("availabilityZone").asText());
      assertThat(launch.path("outcome").asText()).isEqualTo("CONTINUE");
      assertThat(launch.path("seconds").asDouble()).isPositive();
      JsonNode interfaces = launch.path("interfaces");
      assertThat(texts(interfaces, "deviceIndex")).containsExactly("1", "2");
      assertThat(texts(interfaces, "pciBusId")).containsExactly("0000:00:06.0", "0000:00:07.0");
      for (JsonNode one : interfaces) {
        assertThat(one.path("tags").path("node.k8s.amazonaws.com/no_manage").asText())
            .isEqualTo("true");
        assertThat(one.path("tags").path("no_manage").asText()).isEqualTo("true");
      }
    }
    assertThat(zones).containsExactlyInAnyOrder("us-east-1a", "us-east-1b");
    JsonNode totals = result.path("totals");
    assertThat(totals.fieldNames())
        .toIterable()
        .containsExactly("apiCalls", "throttled", "seconds", "criticalPathSeconds");
    assertThat(totals.path("apiCalls").path("AttachNetworkInterface").asInt()).isEqualTo(6);
    assertThat(totals.path("throttled").asInt()).isZero();
  }

  private static void changes(JsonNode report, int assigned, int moved, int released) {
    assertThat(report.path("assigned")).hasSize(assigned);
    assertThat(report.path("moved")).hasSize(moved);
    assertThat(report.path("released")).hasSize(released);
    for (String nothing : List.of("pendingRelease", "unplaced", "problems", "unfinished")) {
      assertThat(report.path(nothing)).isEmpty();
    }
    assertThat(report.path("guard").isNull()).isTrue();
    assertThat(report.path("drift").asInt(-1)).isZero();
  }

  @Test
  void everyPodGetsItsAddressAndThenExactlyOneMovesAndOneGoes() throws Exception {
    Ran ran = Ran.of("demo", "--nodes", "3", "--networks", "2", "--json");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    JsonNode runs = json(ran).path("reconciliations");
    assertThat(runs).hasSize(2);
    assertThat(runs.get(0).fieldNames())
        .toIterable()
        .containsExactly(
            Stream.of(ReconcileReport.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toArray(String[]::new));
    changes(runs.get(0), 6, 0, 0);
    assertThat(texts(runs.get(0).path("assigned"), "podRef"))
        .containsExactlyInAnyOrder(
            "core/n3-0", "core/n3-1", "core/n3-2", "core/n6-0", "core/n6-1", "core/n6-2");
    changes(runs.get(1), 0, 1, 1);
    JsonNode moved = runs.get(1).path("moved").get(0);
    JsonNode before =
        runs.get(0)
            .path("assigned")
            .valueStream()
            .filter(one -> one.path("podRef").equals(moved.path("podRef")))
            .findFirst()
            .orElseThrow();
    assertThat(moved.path("address")).isEqualTo(before.path("address"));
    assertThat(moved.path("fromNetworkInterfaceId")).isEqualTo(before.path("networkInterfaceId"));
    assertThat(moved.path("deviceIndex")).isEqualTo(before.path("deviceIndex"));
    assertThat(moved.path("node")).isNotEqualTo(before.path("node"));
  }

  @ParameterizedTest
  @CsvSource({
    // Nodes, networks, instance type, pods, moved, released.
    "1, 2, m5.4xlarge, 2, 0, 1",
    "1, 1, m5.4xlarge, 1, 0, 1",
    "2, 1, m5.4xlarge, 2, 0, 1",
    "4, 1, m7i.4xlarge, 4, 1, 1",
    "3, 2, t3.small, 6, 1, 1",
  })
  void aSmallDemonstrationShowsWhatItCan(
      int nodes, int networks, String type, int pods, int moved, int released) throws Exception {
    Ran ran =
        Ran.of(
            "demo",
            "--nodes=" + nodes,
            "--networks=" + networks,
            "--instance-type",
            type,
            "--json");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    JsonNode runs = json(ran).path("reconciliations");
    changes(runs.get(0), pods, 0, 0);
    changes(runs.get(1), 0, moved, released);
  }

  @Test
  void aLaunchTakesFourteenCallsForTwoInterfacesAndTwentyFourForFour() throws Exception {
    assertThat(calls(Ran.of("demo", "--nodes=1", "--networks=2", "--json"))).isEqualTo(14);
    assertThat(calls(Ran.of("demo", "--nodes=1", "--networks=4", "--json"))).isEqualTo(24);
  }

  private static int calls(Ran ran) throws Exception {
    int sum = 0;
    for (JsonNode count : json(ran).path("totals").path("apiCalls")) {
      sum += count.asInt();
    }
    return sum;
  }

  @Test
  void whatTheInstanceTypeCannotHoldIsRefusedAndTold() throws Exception {
    Ran ran = Ran.of("demo", "--nodes=4", "--networks=3", "--instance-type", "m5.large", "--json");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(json(ran).path("reconciliations").isArray()).isTrue();
    assertThat(json(ran).path("reconciliations")).isEmpty();
    JsonNode launches = json(ran).path("launches");
    // More than three, and still none is held or launched again.
    assertThat(launches).hasSize(4);
    assertThat(texts(launches, "outcome")).containsOnly("ABANDON");
    assertThat(texts(launches, "reason")).containsOnly("INSTANCE_TYPE_TOO_SMALL");
    assertThat(ran.err())
        .startsWith("The goal is not reached:")
        .contains("INSTANCE_TYPE_TOO_SMALL");
  }

  @Test
  void peopleGetATablePerNodeAndTheTotals() {
    Ran ran = Ran.of("demo", "--nodes=1", "--networks=1", "--boot-time=60ms", "--latency=1ms");

    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("CONTINUE", "0000:00:06.0", "Totals", "critical path  0.06 s");
    assertThat(ran.out())
        .contains(
            "releaseGraceSeconds is 0 here",
            "  1 pod(s) have started\n  run 1: 1 assigned, 0 moved, 0 released; ",
            "    pod        address    node ",
            "  no zone has two nodes, so no pod can move; pod core/n3-0 was deleted with its",
            "  run 2: 0 assigned, 0 moved, 1 released; ")
        .containsPattern("core/n3-0  10[.]0[.]10[.]1  ip-10-0-\\S+ +eni-\\w+  1      yes\n")
        .containsPattern("core/n3-0  10[.]0[.]10[.]1  [(]deleted[)]  eni-\\w+  1      no\n");
  }
}
