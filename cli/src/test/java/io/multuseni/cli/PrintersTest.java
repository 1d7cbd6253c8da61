// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.AttachReport.AttachedInterface;
import io.multuseni.core.report.AttachReport.Outcome;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.core.report.SweepReport;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Fixed reports, and the text that they become. */
class PrintersTest {
  private static final AttachReport READY =
      new AttachReport(
          "i-0abc0def012345678",
          "us-east-1a",
          "workers",
          "multus-eni-launch",
          Outcome.CONTINUE,
          null,
          "all 2 network interfaces of instance i-0abc0def012345678 are at their place",
          List.of(
              new AttachedInterface(
                  "n3",
                  1,
                  0,
                  "eni-0a1",
                  "subnet-0a3",
                  "02:00:00:00:00:01",
                  "10.0.8.4",
                  List.of(),
                  "0000:00:06.0",
                  "ens6",
                  true),
              new AttachedInterface(
                  "n6-long",
                  2,
                  0,
                  "eni-0a2",
                  "subnet-0a6",
                  null,
                  null,
                  List.of(),
                  null,
                  null,
                  false)),
          new TreeMap<>(Map.of("DescribeInstances", 1, "AttachNetworkInterface", 2)),
          321,
          1,
          false,
          true);

  private static final AttachReport REFUSED =
      new AttachReport(
          "i-0abc0def012345679",
          "us-east-1b",
          "workers",
          "multus-eni-launch",
          Outcome.ABANDON,
          "INSTANCE_TYPE_TOO_SMALL",
          "too small; take a larger one",
          List.of(),
          new TreeMap<>(),
          5,
          0,
          false,
          true);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Terminal terminal = Ran.terminal(out, err);

  private static DemoResult demo() {
    return new DemoResult(
        List.of(
            new DemoResult.Launch(
                READY,
                OptionalDouble.of(1.5),
                Map.of("eni-0a1", Map.of("no_manage", "true", "a", "b"))),
            new DemoResult.Launch(REFUSED, OptionalDouble.empty(), Map.of())),
        List.of(),
        new DemoResult.Totals(
            new TreeMap<>(Map.of("DescribeInstances", 2, "AttachNetworkInterface", 12)),
            3,
            1.75,
            1.2),
        List.of("instance i-0abc0def012345679: ABANDON INSTANCE_TYPE_TOO_SMALL"));
  }

  @Test
  void aDemonstrationForPeople() {
    new DemoPrinter(terminal).people(demo());

    assertThat(out.toString())
        .isEqualTo(
            """
            i-0abc0def012345678  us-east-1a  CONTINUE  1.50 s
              card/index  network  interface  subnet      address   MAC                pciBusID (predicted)  name (predicted)
              0/1         n3       eni-0a1    subnet-0a3  10.0.8.4  02:00:00:00:00:01  0000:00:06.0          ens6
              0/2         n6-long  eni-0a2    subnet-0a6  -         -                  -                     -

            i-0abc0def012345679  us-east-1b  ABANDON
              INSTANCE_TYPE_TOO_SMALL: too small; take a larger one

            Totals
              nodes          1 of 2 CONTINUE
              API calls      14
                AttachNetworkInterface    12
                DescribeInstances          2
              throttled      3
              time           1.75 s
              critical path  1.20 s for one node

            Reconciliation
              skipped, since not all launches are right
            """);
    assertThat(err.toString())
        .isEqualTo(
            """
            The goal is not reached:
              instance i-0abc0def012345679: ABANDON INSTANCE_TYPE_TOO_SMALL
            """);
  }

  @Test
  void aDemonstrationForPrograms() {
    new DemoPrinter(terminal).json(demo());

    assertThat(out.toString().replaceAll("\\s", ""))
        .isEqualTo(
            """
            {"launches":[{"instanceId":"i-0abc0def012345678","availabilityZone":"us-east-1a",
            "autoScalingGroup":"workers","lifecycleHook":"multus-eni-launch","outcome":"CONTINUE",
            "reason":null,
            "message":"all 2 network interfaces of instance i-0abc0def012345678 are at their place",
            "interfaces":[{"network":"n3","deviceIndex":1,"networkCardIndex":0,
            "networkInterfaceId":"eni-0a1","subnetId":"subnet-0a3","macAddress":"02:00:00:00:00:01",
            "privateIpAddress":"10.0.8.4","ipv6Addresses":[],"pciBusId":"0000:00:06.0",
            "interfaceName":"ens6","created":true,"tags":{"a":"b","no_manage":"true"}},
            {"network":"n6-long","deviceIndex":2,"networkCardIndex":0,
            "networkInterfaceId":"eni-0a2","subnetId":"subnet-0a6","macAddress":null,
            "privateIpAddress":null,"ipv6Addresses":[],"pciBusId":null,
            "interfaceName":null,"created":false,"tags":{}}],
            "apiCalls":{"AttachNetworkInterface":2,"DescribeInstances":1},"millis":321,
            "throttled":1,"dryRun":false,"completed":true,"seconds":1.5},
            {"instanceId":"i-0abc0def012345679","availabilityZone":"us-east-1b",
            "autoScalingGroup":"workers","lifecycleHook":"multus-eni-launch","outcome":"ABANDON",
            "reason":"INSTANCE_TYPE_TOO_SMALL","message":"too small; take a larger one",
            "interfaces":[],"apiCalls":{},"millis":5,"throttled":0,"dryRun":false,"completed":true}],
            "reconciliations":[],
            "totals":{"apiCalls":{"AttachNetworkInterface":12,"DescribeInstances":2},
            "throttled":3,"seconds":1.75,"criticalPathSeconds":1.2}}
            """
                .replaceAll("\\s", ""));
    assertThat(err.toString()).startsWith("The goal is not reached:");
  }

  private static final ReconcileReport RECONCILED =
      new ReconcileReport(
          "demo",
          ReconcileReport.Kind.PASS,
          List.of(
              new ReconcileReport.Assigned(
                  "10.0.10.1", "core/n3-0", "ip-10-0-0-4", "i-0a1", "eni-0a1", 1)),
          List.of(
              new ReconcileReport.Moved(
                  "10.0.10.2", "core/n3-1", "ip-10-0-0-4", "i-0a1", "eni-0b1", "eni-0a1", 1)),
          List.of(new ReconcileReport.Released("10.0.10.3", "eni-0b1", "NO_RESERVATION")),
          List.of(),
          List.of(
              new ReconcileReport.UnplacedAddress(
                  "10.0.10.4", "core/n3-9", "NODE_NOT_OURS", "keep the pod off such nodes")),
          7,
          new ReconcileReport.Guard("TOO_MANY", "check the pools"),
          List.of("IPPool kube-system/x: skipped"),
          List.of(),
          3,
          new TreeMap<>(Map.of("DescribeNetworkInterfaces", 2)),
          new TreeMap<>(Map.of("list pods", 1, "list ippools", 1)),
          120,
          1,
          false);

  @Test
  void aReconciliationForPeople() {
    new ReportPrinter(terminal).reconciled(RECONCILED);

    assertThat(out.toString())
        .isEqualTo(
            """
            reconciliation of demo
              assigned:
                address    pod        node         instance  interface  index
                10.0.10.1  core/n3-0  ip-10-0-0-4  i-0a1     eni-0a1    1
              moved:
                address    pod        node         instance  from     interface  index
                10.0.10.2  core/n3-1  ip-10-0-0-4  i-0a1     eni-0b1  eni-0a1    1
              released:
                address    interface  reason
                10.0.10.3  eni-0b1    NO_RESERVATION
              pending release: none
              unplaced:
                address    pod        reason         message
                10.0.10.4  core/n3-9  NODE_NOT_OURS  keep the pod off such nodes
              kept: 7
              drift: 3
              guard: TOO_MANY: check the pools
              problems:
                IPPool kube-system/x: skipped
              unfinished: none
              2 API calls: DescribeNetworkInterfaces 2; 1 throttled; 120 ms
              2 Kubernetes requests: list ippools 1, list pods 1
            """);
  }

  @Test
  void reconciliationsOfADemonstrationForPeople() {
    DemoResult result =
        new DemoResult(List.of(), List.of(), demo().totals(), List.of())
            .followedBy(
                List.of(
                    new DemoResult.Reconciled(
                        "2 pod(s) have started",
                        RECONCILED,
                        List.of(
                            new DemoResult.Seat(
                                "core/n3-0", "10.0.10.1", "ip-10-0-0-4", "eni-0a1", 1, true),
                            new DemoResult.Seat(
                                "core/n6-0", "10.0.18.1", "(deleted)", "eni-0a2", 2, false)),
                        List.of("pod core/n3-1: not routable"))));
    new DemoPrinter(terminal).people(result);

    assertThat(out.toString())
        .endsWith(
            """

            Reconciliation
              releaseGraceSeconds is 0 here, so that nobody waits; the default is 60

              2 pod(s) have started
              run 1: 1 assigned, 1 moved, 1 released; 0.12 s
                pod        address    node         interface  index  routable
                core/n3-0  10.0.10.1  ip-10-0-0-4  eni-0a1    1      yes
                core/n6-0  10.0.18.1  (deleted)    eni-0a2    2      no
            """);
    assertThat(err.toString())
        .isEqualTo("The goal is not reached:\n  pod core/n3-1: not routable\n");
  }

  @Test
  void aReplayedLaunchForPeople() {
    new ReportPrinter(terminal).replayed(READY);

    assertThat(out.toString())
        .endsWith(
            """
              all 2 network interfaces of instance i-0abc0def012345678 are at their place
              3 API calls: AttachNetworkInterface 2, DescribeInstances 1; 1 throttled; 321 ms
            """);
  }

  @Test
  void aSweepForPeople() {
    new ReportPrinter(terminal)
        .swept(
            new SweepReport(
                List.of("i-0abc0def012345678"),
                List.of(),
                List.of(),
                List.of(),
                List.of("eni-0a1", "eni-0a2"),
                List.of(new SweepReport.Finding("GROUP_MISSING", "upf-a", "make it")),
                List.of(),
                new TreeMap<>(),
                12,
                0,
                false));

    assertThat(out.toString())
        .isEqualTo(
            """
            sweep
              heartbeats:
                i-0abc0def012345678
              marked as unused: none
              deleted:
                eni-0a1
                eni-0a2
              findings:
                GROUP_MISSING upf-a: make it
              unfinished: none
              0 API calls; 0 throttled; 12 ms
            """);
  }

  @Test
  void coloursSurroundTheOutcomeAlone() {
    Terminal colourful =
        new Terminal(terminal.out(), terminal.err(), new Terminal.Looks(true, true));
    new ReportPrinter(colourful).launch(REFUSED, OptionalDouble.empty());

    assertThat(out.toString())
        .startsWith(
            "\u001b[1mi-0abc0def012345679\u001b[0m  us-east-1b  \u001b[31mABANDON\u001b[0m\n");
  }
}
