// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.ReconcileReport;
import io.multuseni.localcloud.ec2.AttachmentView;
import io.multuseni.localcloud.ec2.InstanceView;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Clouds that are not as a demonstration should leave them, and reports that say too much. */
class DemoVerdictTest {
  private static final String ADDRESS = "10.0.10.1";

  /** An interface in the first slot of an instance, or nowhere. */
  private record Eni(
      String id, Optional<String> instance, String status, boolean check, List<String> secondary) {
    static Eni on(String instance, String... secondary) {
      return new Eni(
          "eni-of-" + instance, Optional.of(instance), "attached", false, List.of(secondary));
    }

    Eni withStatus(String other) {
      return new Eni(id, instance, other, check, secondary);
    }

    Eni withCheck() {
      return new Eni(id, instance, status, true, secondary);
    }

    InterfaceView view() {
      return new InterfaceView(
          id,
          "subnet-a",
          "vpc-a",
          "us-east-1a",
          "",
          "interface",
          instance.isPresent() ? "in-use" : "available",
          "02:00:00:00:00:01",
          check,
          List.of("sg-a"),
          Map.of(),
          "10.0.8.9",
          secondary,
          List.of(),
          Optional.empty(),
          instance.map(
              one -> new AttachmentView("eni-attach-1", one, 0, 1, status, true, Instant.EPOCH)),
          false,
          Instant.EPOCH);
    }
  }

  private static DemoPods.Pod pod(String instance) {
    InstanceView view =
        new InstanceView(
            instance,
            "m5.large",
            "us-east-1a",
            "subnet-n",
            "vpc-a",
            "running",
            Instant.EPOCH,
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            List.of());
    return new DemoPods.Pod("n3-0", "n3", 1, ADDRESS, new DemoPods.Node("node-" + instance, view));
  }

  private static ReconcileReport report(List<String> assigned, List<String> released, int drift) {
    return new ReconcileReport(
        "demo",
        ReconcileReport.Kind.PASS,
        assigned.stream()
            .map(one -> new ReconcileReport.Assigned(one, "core/n3-0", "node-a", "a", "eni", 1))
            .toList(),
        List.of(),
        released.stream()
            .map(one -> new ReconcileReport.Released(one, "eni", "NO_RESERVATION"))
            .toList(),
        List.of(),
        List.of(),
        0,
        null,
        List.of(),
        List.of(),
        drift,
        new TreeMap<>(),
        new TreeMap<>(),
        1,
        0,
        false);
  }

  private static final ReconcileReport RIGHT = report(List.of(ADDRESS), List.of(), 0);

  /** A pod started on instance a, where nothing had an address. */
  private static List<String> problems(ReconcileReport report, List<Eni> before, List<Eni> after) {
    return DemoVerdict.problems(
        List.of(pod("a")),
        new DemoVerdict.Changes(List.of(pod("a")), Optional.empty(), Optional.empty()),
        report,
        before.stream().map(Eni::view).toList(),
        new DemoVerdict.Seen(after.stream().map(Eni::view).toList(), Map.of("n3", false)));
  }

  @Test
  void hasNothingToSayWhereTheAddressIsInThePodsSlot() {
    assertThat(problems(RIGHT, List.of(Eni.on("a")), List.of(Eni.on("a", ADDRESS)))).isEmpty();
  }

  @Test
  void tellsAnAddressOnAnotherInterfaceThoughTheReportIsRight() {
    assertThat(
            problems(
                RIGHT,
                List.of(Eni.on("a"), Eni.on("b")),
                List.of(Eni.on("a"), Eni.on("b", ADDRESS))))
        .containsExactly(
            "pod core/n3-0: its address 10.0.10.1 is not routable: it is on eni-of-b and belongs"
                + " on eni-of-a, at device index 1 of node-a",
            "eni-of-b has addresses of nobody: [10.0.10.1]");
  }

  @Test
  void tellsAnAddressOnNoInterface() {
    assertThat(problems(RIGHT, List.of(Eni.on("a")), List.of(Eni.on("a"))))
        .singleElement()
        .asString()
        .contains("it is on no interface and belongs on eni-of-a");
  }

  @Test
  void tellsASlotWithoutAnInterface() {
    assertThat(problems(RIGHT, List.of(), List.of()))
        .singleElement()
        .asString()
        .contains("nothing is attached at device index 1 of node-a");
  }

  @Test
  void tellsAnInterfaceThatIsStillBeingAttached() {
    Eni eni = Eni.on("a", ADDRESS).withStatus("attaching");

    assertThat(problems(RIGHT, List.of(eni), List.of(eni)))
        .singleElement()
        .asString()
        .contains("eni-of-a is in-use and attaching");
  }

  @Test
  void tellsTheWrongSourceDestCheck() {
    Eni eni = Eni.on("a", ADDRESS).withCheck();

    assertThat(problems(RIGHT, List.of(eni), List.of(eni)))
        .singleElement()
        .asString()
        .contains("sourceDestCheck of eni-of-a is true and should be false");
  }

  @Test
  void tellsAnythingElseThatWasChangedOfAnInterface() {
    assertThat(problems(RIGHT, List.of(Eni.on("a").withCheck()), List.of(Eni.on("a", ADDRESS))))
        .containsExactly(
            "the reconcile function changed more of the interfaces than their addresses");
    assertThat(problems(RIGHT, List.of(Eni.on("a"), Eni.on("b")), List.of(Eni.on("a", ADDRESS))))
        .containsExactly(
            "the reconcile function changed more of the interfaces than their addresses");
  }

  @Test
  void tellsAReportThatSaysOtherThanWhatHappened() {
    assertThat(
            problems(
                report(List.of(), List.of("10.0.10.9"), 2),
                List.of(Eni.on("a")),
                List.of(Eni.on("a", ADDRESS))))
        .containsExactly(
            "the report has [] as assigned; expected: [10.0.10.1]",
            "the report has [10.0.10.9] as released; expected: []",
            "the report's drift is 2");
  }
}
