// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

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
    assertThat(result.fieldNames()).toIterable().containsExactly("launches", "totals");
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
  }
}
