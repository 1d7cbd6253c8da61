// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.multuseni.core.report.AttachReport.AttachedInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReportRecordsTest {
  private static final AttachedInterface N3 =
      new AttachedInterface(
          "n3",
          1,
          0,
          "eni-1",
          "subnet-1",
          "02:00:00:00:00:01",
          "10.0.0.10",
          List.of("2001:db8::1"),
          "0000:00:06.0",
          "ens6",
          true);

  private static AttachReport report(List<AttachedInterface> interfaces) {
    return new AttachReport(
        "i-1",
        "us-east-1a",
        "upf-a",
        "multus-eni-launch",
        AttachReport.Outcome.CONTINUE,
        null,
        "all interfaces are there",
        interfaces,
        new TreeMap<>(Map.of("AttachNetworkInterface", 2)),
        1_200,
        0,
        false,
        true);
  }

  /** Dashboards, alarms and scripts go by these names. */
  @Test
  void theFieldsKeepTheirNames() {
    JsonNode json = new ObjectMapper().valueToTree(report(List.of(N3)));

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "instanceId",
            "availabilityZone",
            "autoScalingGroup",
            "lifecycleHook",
            "outcome",
            "reason",
            "message",
            "interfaces",
            "apiCalls",
            "millis",
            "throttled",
            "dryRun",
            "completed");
    assertThat(json.get("interfaces").get(0).fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "network",
            "deviceIndex",
            "networkCardIndex",
            "networkInterfaceId",
            "subnetId",
            "macAddress",
            "privateIpAddress",
            "ipv6Addresses",
            "pciBusId",
            "interfaceName",
            "created");
    assertThat(json.get("outcome").asText()).isEqualTo("CONTINUE");
  }

  @Test
  void aReportDoesNotChangeWithTheListItWasMadeFrom() {
    List<AttachedInterface> interfaces = new ArrayList<>(List.of(N3));
    AttachReport report = report(interfaces);
    interfaces.clear();

    assertThat(report.interfaces()).containsExactly(N3);
  }

  @Test
  void aSweepTellsEachThingUnderItsName() {
    JsonNode json =
        new ObjectMapper()
            .valueToTree(
                new SweepReport(
                    List.of("i-1"),
                    List.of(report(List.of())),
                    List.of(),
                    List.of("eni-1"),
                    List.of("eni-2"),
                    List.of(new SweepReport.Finding("GROUP_MISSING", "upf-b", "it is gone")),
                    List.of("later"),
                    new TreeMap<>(),
                    5,
                    0,
                    false));

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "heartbeats",
            "launches",
            "terminations",
            "marked",
            "deleted",
            "findings",
            "unfinished",
            "apiCalls",
            "millis",
            "throttled",
            "dryRun");
  }
}
