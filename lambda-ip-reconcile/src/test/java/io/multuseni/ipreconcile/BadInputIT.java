// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.ReconcileReport;
import io.multuseni.core.report.ReconcileReport.Guard;
import io.multuseni.core.report.ReconcileReport.UnplacedAddress;
import io.multuseni.localcluster.PodSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers and objects of Kubernetes that are missing, forbidden or garbage: it is told in words
 * that help, no living pod loses its address by it, and what can be assigned is.
 */
class BadInputIT {
  private static final String HAD = "10.0.30.130";
  private static final String NEW = "10.0.30.131";
  private static final String ENDED = "10.0.30.132";
  private static final String WHEREABOUTS = "whereabouts.cni.cncf.io";
  private static final String MULTUS = "k8s.cni.cncf.io";

  private final ClusterScene scene = new ClusterScene();
  private String a = "";
  private ReconcileFlow flow = scene.flow();

  /** One address is in place, one is to be assigned, and the grace of a third is over. */
  @BeforeEach
  void oneOfEach() {
    a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.pool("p", "10.0.30.128/25");
    scene.pod("had", "a", "p", HAD);
    scene.pod("ended", "a", "p", ENDED);
    flow = scene.flow();
    scene.reconcile(flow);
    scene.kubernetes.removePod("ns", "ended");
    scene.kubernetes.release("p", ENDED);
    scene.reconcile(flow);
    scene.clock.advance(Duration.ofMinutes(1));
    scene.pod("new", "a", "p", NEW);
    scene.cloud.calls().clear();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  /** A pass that has to leave everything as it is. */
  private void changesNothingAndSays(String message) {
    ReconcileReport report = scene.reconcile(flow);

    assertThat(report.guard()).isEqualTo(new Guard("UNREADABLE", message));
    assertThat(report.unfinished())
        .containsExactly("nothing was changed, since not everything could be read");
    assertThat(report.drift()).isNull();
    assertThat(scene.changes()).isEmpty();
    assertThat(scene.addressesOf(a)).containsExactly(HAD, ENDED);

    scene.cluster.faults().clear();
    scene.reconcile(flow);

    assertThat(scene.addressesOf(a)).containsExactly(HAD, NEW);
  }

  /** Passes until the grace of whatever looks stale now is over; the last one's report. */
  private ReconcileReport afterTheGrace() {
    scene.reconcile(flow);
    scene.clock.advance(Duration.ofMinutes(1));
    scene.reconcile(flow);
    scene.clock.advance(Duration.ofMinutes(1));
    return scene.reconcile(flow);
  }

  private void keepsWhatLivingPodsHave() {
    assertThat(scene.addressesOf(a)).contains(HAD, NEW);
  }

  // Missing.

  @Test
  void changesNothingWithoutWhereabouts() {
    scene.cluster.faults().withoutCrd("ippools");

    changesNothingAndSays(
        "list ippools on ippools.whereabouts.cni.cncf.io failed: NoSuchResource: whereabouts is not"
            + " installed in this cluster (%s has no ippools): install it, or take whereabouts out of"
                .formatted(scene.cluster.endpoint())
            + " reconcile.sources in the configuration");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nodeslicepools", "overlappingrangeipreservations"})
  void needsNoResourceThatOlderVersionsOfWhereaboutsLack(String resource) {
    scene.cluster.faults().withoutCrd(resource);

    ReconcileReport report = scene.reconcile(flow);

    assertThat(scene.addressesOf(a)).containsExactly(HAD, NEW);
    assertThat(report.problems()).isEmpty();
    assertThat(report.guard()).isNull();
  }

  @Test
  void placesBySubnetWithoutDefinitionsAndSaysThatMultusIsMissing() {
    scene.cluster.faults().withoutCrd("network-attachment-definitions");

    ReconcileReport report = scene.reconcile(flow);

    assertThat(scene.addressesOf(a)).hasSize(3).contains(HAD, NEW);
    assertThat(report.guard())
        .isEqualTo(
            new ReconcileReport.Guard(
                "EMPTY_ANSWER",
                "nothing was released, 1 address(es) wait: there is no"
                    + " network-attachment-definition, while pods name some; check the API server"
                    + " and whereabouts, or unassign them in EC2 by hand"));
    assertThat(report.problems())
        .containsExactly(
            "network-attachment-definitions: the cluster doesn't know them, so Multus is not"
                + " installed; pods have no further networks without it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pods", "nodes"})
  void changesNothingWhereTheServerKnowsNoPodsOrNodes(String resource) {
    scene.cluster.faults().on("list", resource).answer(404, "NotFound", "not here");

    changesNothingAndSays(
        "list %s on %s failed: HTTP 404: no further words; check that %s is the cluster's API server"
            .formatted(resource, resource, scene.cluster.endpoint()));
  }

  // Forbidden.

  @ParameterizedTest
  @CsvSource({
    "ippools, .whereabouts.cni.cncf.io, API group whereabouts.cni.cncf.io",
    "nodeslicepools, .whereabouts.cni.cncf.io, API group whereabouts.cni.cncf.io",
    "overlappingrangeipreservations, .whereabouts.cni.cncf.io, API group whereabouts.cni.cncf.io",
    "pods, '', the core API group",
    "nodes, '', the core API group",
    "network-attachment-definitions, .k8s.cni.cncf.io, API group k8s.cni.cncf.io"
  })
  void changesNothingWhereAListIsForbiddenAndNamesTheRule(
      String resource, String group, String groupInWords) {
    scene.cluster.faults().on("list", resource).answer(403, "Forbidden", "no");

    changesNothingAndSays(
        ("list %s on %s%s failed: Forbidden: no; the verb list on %s in %s is missing: grant it with"
                + " the RBAC manifest that the deployment writes (rbac.yaml)")
            .formatted(resource, resource, group, resource, groupInWords));
  }

  @Test
  void changesNothingWithATokenThatHasExpired() {
    scene.cluster.faults().on("*", "*").answer(401, "Unauthorized", "Unauthorized");

    ReconcileReport report = scene.reconcile(flow);

    // Lists go side by side; any of them may be the first to be told.
    assertThat(report.guard())
        .satisfies(guard ->
            assertThat(guard == null ? "" : guard.message())
                .matches(
                    "list (\\S+) on \\1\\S* failed: Unauthorized: Unauthorized; it wants"
                        + " credentials: name it in a kubeconfig"));
    assertThat(scene.changes()).isEmpty();
    assertThat(scene.addressesOf(a)).containsExactly(HAD, ENDED);
  }

  // Something else than Kubernetes.

  @Test
  void changesNothingWhenAProxyAnswersWithALoginPage() {
    scene.cluster.faults().on("list", "pods").answerHtml();

    changesNothingAndSays(notKubernetes("NotJson"));
  }

  @Test
  void changesNothingWhenAProxyRefuses() {
    scene.cluster.faults().on("list", "pods").answerHtml(403);

    changesNothingAndSays(notKubernetes("HTTP 403"));
  }

  private String notKubernetes(String code) {
    return "list pods on pods failed: %s: %s answered \"<!DOCTYPE html> <html><head><title>Sign in"
            .formatted(code, scene.cluster.endpoint())
        + "</title></head><body><h1>Sign in to go on</h1></body></html>\": this is not a Kubernetes"
        + " API server; check the endpoint, and what proxy stands in front of it";
  }

  // Pools.

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.30.128", "10.0.30.128/33", "not a range", "fd00:30::/129"})
  void touchesNothingOfAPoolWhoseRangeIsNone(String range) {
    scene.kubernetes.removePool("p");
    scene.kubernetes.raw(
        WHEREABOUTS,
        "v1alpha1",
        "ippools",
        "kube-system",
        """
        {"metadata": {"name": "p"}, "spec": {"range": "%s", "allocations":
          {"2": {"id": "x", "podref": "ns/had"}, "3": {"id": "y", "podref": "ns/new"}}}}
        """
            .formatted(range));
    scene.pool("other", "10.0.30.64/26");
    scene.pod("else", "a", "other", "10.0.30.70");

    ReconcileReport report = afterTheGrace();

    assertThat(scene.addressesOf(a)).containsExactly(HAD, ENDED, "10.0.30.70");
    assertThat(report.problems())
        .containsExactly(
            "IPPool kube-system/p: spec.range '%s' is not a CIDR block; its 2 reservation(s) are"
                    .formatted(range)
                + " skipped: correct or delete the pool");
  }

  @Test
  void skipsKeysThatAreNoOffsetsAndServesTheOthers() {
    List<String> bad = List.of("abc", "-1", "0", "127", "128", "300", "1.5", "0x10", "", " 7");
    bad.forEach(key -> scene.kubernetes.allocation("p", key, "ns/had"));

    ReconcileReport report = afterTheGrace();

    assertThat(scene.addressesOf(a)).containsExactly(HAD, NEW);
    assertThat(report.problems())
        .containsExactly(
            "IPPool kube-system/p: 10 allocation(s) are skipped since their keys are no offsets of"
                + " addresses in 10.0.30.128/25: ' 7', '', '-1', '0', '0x10'");
  }

  @Test
  void leavesAnAddressAsItIsWhoseReservationNamesNoPod() {
    scene.kubernetes.allocation("p", "4", "");
    scene.kubernetes.allocation("p", "5", "no-slash");

    ReconcileReport report = afterTheGrace();

    assertThat(scene.addressesOf(a)).containsExactly(HAD, NEW, ENDED);
    assertThat(report.problems())
        .containsExactlyInAnyOrder(
            "IPPool kube-system/p: the reservation of 10.0.30.132 names no pod (''); the address is"
                + " left as it is",
            "IPPool kube-system/p: the reservation of 10.0.30.133 names no pod ('no-slash'); the"
                + " address is left as it is");
  }

  @Test
  void leavesTheAddressOfAnAllocationThatIsNoObjectAsItIs() {
    scene.kubernetes.removePool("p");
    scene.kubernetes.raw(
        WHEREABOUTS,
        "v1alpha1",
        "ippools",
        "kube-system",
        """
        {"metadata": {"name": "p"}, "spec": {"range": "10.0.30.128/25", "allocations":
          {"2": "ns/had", "3": {"id": "y", "podref": "ns/new"}, "7": null, "8": [1]}}}
        """);

    ReconcileReport report = afterTheGrace();

    // Its pod shows it, which is enough to stay.
    keepsWhatLivingPodsHave();
    assertThat(report.problems())
        .containsExactlyInAnyOrder(
            "ippool kube-system/p: allocation '2' is not an object",
            "ippool kube-system/p: allocation '7' is not an object",
            "ippool kube-system/p: allocation '8' is not an object",
            left("10.0.30.130"),
            left("10.0.30.135"),
            left("10.0.30.136"));
  }

  private static String left(String address) {
    return "IPPool kube-system/p: the reservation of %s names no pod (''); the address is left as it is"
        .formatted(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"none\"", "7", "null", "{}"})
  void releasesNothingWhereAllAllocationsAreGoneAndPodsShowTheirAddresses(String allocations) {
    scene.reconcile(flow);
    scene.kubernetes.removePool("p");
    scene.kubernetes.raw(
        WHEREABOUTS,
        "v1alpha1",
        "ippools",
        "kube-system",
        """
        {"metadata": {"name": "p"}, "spec": {"range": "10.0.30.128/25", "allocations": %s}}
        """
            .formatted(allocations));

    ReconcileReport report = afterTheGrace();

    assertThat(scene.addressesOf(a)).containsExactly(HAD, NEW);
    assertThat(report.problems())
        .isEqualTo(
            allocations.equals("null") || allocations.equals("{}")
                ? List.of()
                : List.of(
                    "ippool kube-system/p: spec.allocations is not an object; none was read"));
  }

  @Test
  void countsFromTheAddressAsItIsWrittenInTheRange() {
    scene.pool("by-hand", "10.0.60.5/24");
    String b = scene.node("b", ClusterScene.M5_XLARGE, scene.n6).getFirst();
    scene.kubernetes.allocation("by-hand", "65", "ns/written");
    scene.kubernetes.pod(ClusterScene.running("written", "b", "10.0.60.70"));
    scene.pool("v6", "fd00:60::1:0/112");
    scene.kubernetes.allocation("v6", "32768", "ns/six");
    scene.kubernetes.pod(ClusterScene.running("six", "b", "fd00:60::1:8000"));

    ReconcileReport report = scene.reconcile(flow);

    assertThat(scene.addressesOf(b)).containsExactly("10.0.60.70", "fd00:60::1:8000");
    assertThat(report.problems()).isEmpty();
  }

  @Test
  void readsPoolsOfEveryNamespaceAndNameByTheirRangeAlone() {
    scene.pool("default/core-10.0.30.128-25", "10.0.30.128/25");
    scene.pod("core", "a", "default/core-10.0.30.128-25", "10.0.30.140");
    scene.pool("whatever/oam-10.99.0.0-16", "10.0.30.64/26");
    scene.pod("oam", "a", "whatever/oam-10.99.0.0-16", "10.0.30.70");

    ReconcileReport report = scene.reconcile(flow);

    assertThat(scene.addressesOf(a)).containsExactly(HAD, NEW, "10.0.30.140", "10.0.30.70");
    assertThat(report.problems()).isEmpty();
  }

  @Test
  void skipsAnOverlappingReservationWhoseNameIsNoAddress() {
    scene.kubernetes.overlap("no-address", "ns/had");

    ReconcileReport report = afterTheGrace();

    assertThat(scene.addressesOf(a)).containsExactly(HAD, NEW);
    assertThat(report.problems())
        .containsExactly(
            "OverlappingRangeIPReservation kube-system/no-address: its name holds no address; it is"
                + " skipped");
  }

  @Test
  void keepsTheAddressThatOnlyAnOverlappingReservationNames() {
    scene.kubernetes.release("p", HAD);
    scene.kubernetes.overlap("10.0.30.130", "ns/had");
    scene.kubernetes.changePod(
        PodSpec.of("ns", "had").onNode("a").phase("Running").networks("ns/n3"));

    ReconcileReport report = afterTheGrace();

    keepsWhatLivingPodsHave();
    assertThat(report.problems()).isEmpty();
  }

  // Pods, nodes and definitions.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "network-status | not json | it is not a JSON list",
        "network-status | {} | it is not a JSON list",
        "network-status | [{\"name\":\"ns/n3\",\"ips\":[\"ten\"]}] | 'ten' is not an address",
        "networks | a/b/c | 'a/b/c' is not of the form namespace/name@interface",
        "networks | [{}] | element 1 has no name",
        "networks | [ | it is not a JSON list"
      })
  void keepsTheAddressOfAPodWhoseAnnotationCanNotBeRead(
      String annotation, String text, String what) {
    PodSpec pod =
        PodSpec.of("ns", "had")
            .onNode("a")
            .phase("Running")
            .annotation("k8s.v1.cni.cncf.io/" + annotation, text);
    scene.kubernetes.changePod(pod);

    ReconcileReport report = afterTheGrace();

    assertThat(scene.addressesOf(a)).containsExactly(HAD, NEW);
    assertThat(report.problems())
        .containsExactly(
            "pod ns/had: annotation k8s.v1.cni.cncf.io/%s can't be read: %s"
                .formatted(annotation, what));
  }

  @Test
  void assignsToAPodWhoseAnnotationCanNotBeRead() {
    scene.kubernetes.changePod(
        PodSpec.of("ns", "new").onNode("a").phase("Running").statusText("not json"));

    scene.reconcile(flow);

    assertThat(scene.addressesOf(a)).containsExactly(HAD, NEW);
  }

  @Test
  void keepsTheAddressWhereTheNodeNamesItsInstanceNoLonger() {
    scene.kubernetes.nodeWithoutProviderId("a");

    ReconcileReport report = afterTheGrace();

    assertThat(scene.addressesOf(a)).contains(HAD);
    assertThat(report.unplaced())
        .contains(
            new UnplacedAddress(
                HAD,
                "ns/had",
                "NODE_WITHOUT_INSTANCE",
                "10.0.30.130 of pod ns/had (node a): the pod's node names no EC2 instance in"
                    + " spec.providerID; if it stays so, the cloud controller doesn't know the"
                    + " node"));
    assertThat(report.problems())
        .containsExactly("node a: it has no spec.providerID yet, so its EC2 instance is not known");
  }

  @Test
  void readsPastObjectsThatAreGarbage() {
    List<String> pods =
        List.of(
            "{\"metadata\": {\"name\": \"g1\"}}",
            "{\"metadata\": {\"name\": \"g2\"}, \"spec\": 7, \"status\": []}",
            "{\"metadata\": {\"name\": \"g3\", \"annotations\": [1]}, \"spec\": {\"nodeName\": {}}}",
            "{\"metadata\": {\"name\": \"g4\"}, \"spec\": null, \"status\": {\"phase\": 3}}");
    pods.forEach(json -> scene.kubernetes.raw("", "v1", "pods", "garbage", json));
    scene.kubernetes.raw(
        "", "v1", "nodes", "", "{\"metadata\": {\"name\": \"n1\", \"labels\": []}, \"spec\": []}");
    scene.kubernetes.raw(
        "",
        "v1",
        "nodes",
        "",
        "{\"metadata\": {\"name\": \"n2\"}, \"spec\": {\"providerID\": \"azure:///x\"}}");
    scene.kubernetes.raw(
        MULTUS,
        "v1",
        "network-attachment-definitions",
        "ns",
        "{\"metadata\": {\"name\": \"d1\"}, \"spec\": {\"config\": \"not json\"}}");
    scene.kubernetes.raw(
        MULTUS,
        "v1",
        "network-attachment-definitions",
        "ns",
        "{\"metadata\": {\"name\": \"d2\"}, \"spec\": \"none\"}");

    ReconcileReport report = afterTheGrace();

    // A definition that can't be read may exclude anything, so that nothing unreserved is managed.
    assertThat(scene.addressesOf(a)).hasSize(3).contains(HAD, NEW);
    assertThat(report.guard()).isNull();
    assertThat(report.drift()).isZero();
    assertThat(new ArrayList<>(report.problems()))
        .containsExactlyInAnyOrder(
            "node n1: it has no spec.providerID yet, so its EC2 instance is not known",
            "network-attachment-definition ns/d1: spec.config is not a JSON object; its pods'"
                + " addresses are placed by subnet alone");
  }
}
