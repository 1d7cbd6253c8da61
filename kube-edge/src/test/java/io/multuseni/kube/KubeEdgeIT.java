// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import static io.multuseni.core.config.Reconciliation.Source.NETWORK_STATUS;
import static io.multuseni.core.config.Reconciliation.Source.WHEREABOUTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.mockwebserver.http.MockResponse;
import io.multuseni.base.Deadline;
import io.multuseni.base.Time;
import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.cluster.PodFacts;
import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.cluster.PoolFacts;
import io.multuseni.core.cluster.WorkerNode;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Readings of a cluster that answers as it is told to. */
class KubeEdgeIT {
  private static final String N6 =
      "{\"type\":\"ipvlan\",\"master\":\"ens6\",\"ipam\":{\"type\":\"whereabouts\","
          + "\"range\":\"10.0.4.0/24\"}}";

  private static final PodRef POD = new PodRef("ns", "upf-0");

  private final TestTime time = new TestTime();
  private final CannedApi api = CannedApi.start();
  private final KubeClients clients = KubeClients.at(api.endpoint(), time);
  private final KubeCallCounter counter = new KubeCallCounter();
  private final KubeEdge edge = clients.edge(counter, Deadline.in(time, Duration.ofHours(1)));

  @AfterEach
  void end() throws IOException {
    clients.close();
    api.close();
  }

  private void smallCluster() {
    api.has(KubeResource.POOLS, Samples.pool("10.0.4.0-24", "10.0.4.0/24", "10", "ns/upf-0"));
    api.has(KubeResource.SLICE_POOLS, Samples.slicePool("slices", "10.0.5.0/24"));
    api.has(KubeResource.OVERLAPS, Samples.overlap("10.0.4.10", "ns/upf-0"));
    api.has(KubeResource.PODS, Samples.pod("ns", "upf-0", "worker-1"));
    api.has(KubeResource.NODES, Samples.node("worker-1", "i-0123456789abcdef0"));
    api.has(KubeResource.DEFINITIONS, Samples.definition("ns", "n6", N6));
  }

  private static String[] manyPods(int count) {
    return IntStream.range(0, count)
        .mapToObj(index -> Samples.pod("ns", "upf-" + index, "worker-1"))
        .toArray(String[]::new);
  }

  private static String[] manyPools(int count) {
    return IntStream.range(0, count)
        .mapToObj(index -> Samples.pool("pool-" + index, "10.0.4.0/24", "10", "ns/upf-0"))
        .toArray(String[]::new);
  }

  private CallFailure failureOfReading() {
    return catchThrowableOfType(CallFailure.class, () -> edge.read(Set.of(WHEREABOUTS)));
  }

  @Test
  void readsAllThatACoreRecordHolds() {
    smallCluster();

    Reading reading = edge.read(Set.of(WHEREABOUTS));

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.sources()).containsExactly(WHEREABOUTS);
    assertThat(reading.facts().pools())
        .containsExactly(
            Map.entry(
                "kube-system/10.0.4.0-24",
                new PoolFacts(
                    "kube-system",
                    "10.0.4.0-24",
                    "10.0.4.0/24",
                    Map.of("10", new PoolFacts.Allocation("ns/upf-0", Optional.empty())))));
    assertThat(Samples.of(reading.facts().slicePools(), "kube-system/slices").range())
        .isEqualTo("10.0.5.0/24");
    assertThat(Samples.of(reading.facts().overlaps(), "kube-system/10.0.4.10").interfaceName())
        .contains("net1");
    PodFacts pod = Samples.of(reading.facts().pods(), new PodRef("ns", "upf-0"));
    assertThat(pod.phase()).isEqualTo(PodFacts.Phase.RUNNING);
    assertThat(pod.nodeName()).contains("worker-1");
    assertThat(pod.selections()).hasSize(1);
    assertThat(reading.facts().nodes())
        .containsExactly(
            Map.entry(
                "worker-1",
                new WorkerNode(
                    "worker-1", Optional.of("i-0123456789abcdef0"), Optional.of("m5.xlarge"))));
    assertThat(Samples.of(reading.facts().definitions(), "ns/n6").uplinks()).hasSize(1);
    assertThat(reading.resourceVersions())
        .containsOnlyKeys(
            "ippools",
            "nodeslicepools",
            "overlappingrangeipreservations",
            "pods",
            "nodes",
            "network-attachment-definitions")
        .containsValue(CannedApi.VERSION);
  }

  @Test
  void readsEveryPageAndCountsIt() {
    smallCluster();
    api.has(KubeResource.PODS, manyPods(1201));

    Reading reading = edge.read(Set.of(WHEREABOUTS));

    assertThat(reading.facts().pods()).hasSize(1201);
    assertThat(counter.byRequest())
        .containsEntry("list pods", 3)
        .containsEntry("list ippools", 1)
        .containsEntry("list nodes", 1);
    assertThat(api.requests())
        .as("no list may come from a cache")
        .noneMatch(path -> path.contains("resourceVersion"));
  }

  @Test
  void beginsWithPodsOnlyWhenTheLastReservationIsRead() {
    smallCluster();
    api.has(KubeResource.POOLS, manyPools(1100));
    MockResponse slow =
        CannedApi.json(
                "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":["
                    + Samples.overlap("10.0.4.10", "ns/upf-0")
                    + "]}")
            .setBodyDelay(Duration.ofMillis(300));
    api.next(KubeResource.OVERLAPS, slow);

    edge.read(Set.of(WHEREABOUTS));

    List<String> requests = api.requests();
    int firstPods = firstOf(requests, KubeResource.PODS);
    assertThat(requests.subList(0, firstPods))
        .filteredOn(path -> path.contains("ippools"))
        .hasSize(3);
    assertThat(requests.subList(firstPods, requests.size()))
        .noneMatch(path -> path.contains("whereabouts"));
    assertThat(firstOf(requests, KubeResource.NODES))
        .as("a pod's node is read after the pod")
        .isGreaterThan(firstPods);
  }

  private static int firstOf(List<String> requests, KubeResource resource) {
    return IntStream.range(0, requests.size())
        .filter(index -> requests.get(index).contains("/" + resource.plural() + "?"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void startsAListOverWhenItsTokenHasExpired() {
    smallCluster();
    api.has(KubeResource.PODS, manyPods(600));
    String first = firstPage(manyPods(1), "500");
    api.next(
        KubeResource.PODS,
        CannedApi.json(first),
        CannedApi.status(410, "Expired", "The provided continue parameter is too old"));

    Reading reading = edge.read(Set.of(WHEREABOUTS));

    assertThat(reading.facts().pods()).hasSize(600);
    assertThat(counter.byRequest()).containsEntry("list pods", 4);
  }

  @Test
  void givesUpOnAListThatExpiresAgainAndAgain() {
    smallCluster();
    for (int start = 0; start < 4; start++) {
      api.next(
          KubeResource.PODS,
          CannedApi.json(firstPage(manyPods(1), "500")),
          CannedApi.status(410, "Expired", "The provided continue parameter is too old"));
    }

    CallFailure failure = failureOfReading();

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.TRANSIENT);
    assertThat(failure.action()).isEqualTo("list pods");
    assertThat(failure.code()).isEqualTo("Expired");
    assertThat(counter.byRequest()).containsEntry("list pods", 8);
  }

  private static String firstPage(String[] items, String next) {
    return "{\"metadata\":{\"resourceVersion\":\"1\",\"continue\":\""
        + next
        + "\"},\"items\":["
        + String.join(",", items)
        + "]}";
  }

  @Test
  void leavesWhereaboutsAloneWhenItIsNoSource() {
    smallCluster();

    Reading reading = edge.read(Set.of(NETWORK_STATUS));

    assertThat(reading.facts().pools()).isEmpty();
    assertThat(reading.facts().pods()).hasSize(1);
    assertThat(api.requests()).noneMatch(path -> path.contains("whereabouts"));
    assertThat(reading.resourceVersions())
        .containsOnlyKeys("pods", "nodes", "network-attachment-definitions");
  }

  @Test
  void saysThatWhereaboutsIsNotInstalled() {
    smallCluster();
    api.always(KubeResource.POOLS, CannedApi.noSuchApi());

    CallFailure failure = failureOfReading();

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.MISSING_DEPENDENCY);
    assertThat(failure)
        .hasMessageContaining("list ippools on ippools.whereabouts.cni.cncf.io failed")
        .hasMessageContaining("whereabouts is not installed in this cluster")
        .hasMessageContaining("reconcile.sources");
  }

  @Test
  void takesAnOlderWhereaboutsWithoutSlicesAndOverlaps() {
    smallCluster();
    api.always(KubeResource.SLICE_POOLS, CannedApi.noSuchApi());
    api.always(KubeResource.OVERLAPS, CannedApi.noSuchApi());

    Reading reading = edge.read(Set.of(WHEREABOUTS));

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.facts().slicePools()).isEmpty();
    assertThat(reading.facts().overlaps()).isEmpty();
    assertThat(reading.resourceVersions())
        .containsKey("ippools")
        .doesNotContainKeys("nodeslicepools", "overlappingrangeipreservations");
  }

  @Test
  void tellsThatMultusIsNotInstalledAndReadsOn() {
    smallCluster();
    api.always(KubeResource.DEFINITIONS, CannedApi.noSuchApi());

    Reading reading = edge.read(Set.of(WHEREABOUTS));

    assertThat(reading.facts().definitions()).isEmpty();
    assertThat(reading.facts().pods()).hasSize(1);
    assertThat(reading.problems()).singleElement().asString().contains("Multus is not installed");
  }

  @Test
  void neverTakesMissingPodsForNoPods() {
    smallCluster();
    api.always(KubeResource.PODS, CannedApi.noSuchApi());

    CallFailure failure = failureOfReading();

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.INVALID);
    assertThat(failure).hasMessageContaining("is the cluster's API server");
  }

  @Test
  void namesTheVerbAndTheResourceThatAreNotGranted() {
    smallCluster();
    api.always(
        KubeResource.POOLS,
        CannedApi.status(403, "Forbidden", "ippools is forbidden: User \"x\" cannot list"));

    CallFailure failure = failureOfReading();

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.DENIED);
    assertThat(failure.action()).isEqualTo("list ippools");
    assertThat(failure.code()).isEqualTo("Forbidden");
    assertThat(failure)
        .hasMessageContaining("User \"x\" cannot list")
        .hasMessageContaining(
            "the verb list on ippools in API group whereabouts.cni.cncf.io is missing")
        .hasMessageContaining("rbac.yaml");
    assertThat(counter.byRequest()).as("a refusal stays one").containsEntry("list ippools", 1);
  }

  @Test
  void refusesThePageOfAProxy() {
    smallCluster();
    api.always(KubeResource.NODES, CannedApi.html(200));

    CallFailure failure = failureOfReading();

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.INVALID);
    assertThat(failure)
        .hasMessageContaining("<html><head><title>Sign in to the proxy")
        .hasMessageContaining("this is not a Kubernetes API server");
  }

  @Test
  void refusesTheErrorPageOfAProxyAsNotFoundToo() {
    smallCluster();
    api.always(KubeResource.OVERLAPS, CannedApi.html(404));

    assertThat(failureOfReading().meaning())
        .as("an absent CRD is told in other words")
        .isEqualTo(ErrorMeaning.INVALID);
  }

  @Test
  void refusesJsonThatIsNoList() {
    smallCluster();
    api.always(KubeResource.PODS, CannedApi.json("{\"message\":\"hello\"}"));

    assertThat(failureOfReading().meaning())
        .as("it must not look like a cluster without pods")
        .isEqualTo(ErrorMeaning.INVALID);
  }

  @Test
  void refusesAListThatBreaksOff() {
    smallCluster();
    String whole = firstPage(manyPods(3), "");
    api.always(KubeResource.PODS, CannedApi.json(whole.substring(0, whole.length() - 40)));

    assertThat(failureOfReading().meaning()).isEqualTo(ErrorMeaning.INVALID);
  }

  @Test
  void takesANullListAsAnEmptyOne() {
    smallCluster();
    api.always(
        KubeResource.OVERLAPS,
        CannedApi.json("{\"metadata\":{\"resourceVersion\":\"9\"},\"items\":null}"));

    assertThat(edge.read(Set.of(WHEREABOUTS)).facts().overlaps()).isEmpty();
  }

  @Test
  void repeatsWhatMayPass() {
    smallCluster();
    api.next(
        KubeResource.PODS,
        CannedApi.status(429, "TooManyRequests", "slow down"),
        CannedApi.status(503, "ServiceUnavailable", "apiserver is shutting down"));

    Reading reading = edge.read(Set.of(WHEREABOUTS));

    assertThat(reading.facts().pods()).hasSize(1);
    assertThat(counter.byRequest()).containsEntry("list pods", 3);
  }

  @Test
  void tellsThrottlingThatDoesNotPass() {
    smallCluster();
    api.always(KubeResource.PODS, CannedApi.status(429, "TooManyRequests", "slow down"));

    assertThat(failureOfReading().meaning()).isEqualTo(ErrorMeaning.THROTTLED);
    assertThat(counter.byRequest()).containsEntry("list pods", 3);
  }

  @Test
  void tellsAFaultOfTheServerThatDoesNotPass() {
    smallCluster();
    api.always(KubeResource.PODS, CannedApi.html(502));

    CallFailure failure = failureOfReading();

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.TRANSIENT);
    assertThat(failure).hasMessageContaining("HTTP 502");
  }

  @Test
  void sendsNothingWhenNoTimeIsLeft() {
    KubeEdge late = clients.edge(counter, Deadline.in(time, Duration.ZERO));

    CallFailure failure =
        catchThrowableOfType(CallFailure.class, () -> late.read(Set.of(WHEREABOUTS)));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.TRANSIENT);
    assertThat(failure.code()).isEqualTo("NoTimeLeft");
    assertThat(api.requests()).isEmpty();
  }

  @Test
  void stopsBetweenPagesWhenTheTimeIsUp() {
    smallCluster();
    api.has(KubeResource.PODS, manyPods(1200));
    api.next(
        KubeResource.PODS,
        CannedApi.status(429, "TooManyRequests", "slow down"),
        CannedApi.json(firstPage(manyPods(500), "500")));
    // The pause before the repetition uses up what is left; the page after it is not asked for.
    KubeEdge soon =
        clients.edge(counter, new Deadline(new Elapsing(time), time.now().plusMillis(260)));

    CallFailure failure =
        catchThrowableOfType(CallFailure.class, () -> soon.read(Set.of(WHEREABOUTS)));

    assertThat(failure.code()).isIn("NoTimeLeft", "TooManyRequests");
    assertThat(counter.byRequest().getOrDefault("list pods", 0)).isLessThan(3);
  }

  /** Each pause takes a little longer than it should. */
  private record Elapsing(Time time) implements Time {
    @Override
    public java.time.Instant now() {
      return time.now();
    }

    @Override
    public void pause(Duration duration) {
      time.pause(duration.plusMillis(20));
    }
  }

  @Test
  void givesUpOnAnAnswerThatComesAfterTheDeadline() {
    smallCluster();
    api.always(KubeResource.PODS, CannedApi.json("{}").setBodyDelay(Duration.ofMinutes(2)));
    KubeEdge soon = clients.edge(counter, Deadline.in(time, Duration.ofMillis(400)));

    CallFailure failure = catchThrowableOfType(CallFailure.class, () -> soon.pod(POD));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.UNKNOWN_EFFECT);
    assertThat(failure.code()).isEqualTo("NoAnswer");
  }

  @Test
  void saysThatNobodyListens() throws IOException {
    api.close();

    CallFailure failure = catchThrowableOfType(CallFailure.class, () -> edge.pod(POD));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.TRANSIENT);
    assertThat(failure.code()).isEqualTo("NoConnection");
    assertThat(failure).hasMessageContaining("http://localhost");
  }

  @Test
  void readsReservationsAgainAndKeepsTheRest() {
    smallCluster();
    Reading before = edge.read(Set.of(WHEREABOUTS));
    api.has(KubeResource.POOLS, Samples.pool("10.0.4.0-24", "10.0.4.0/24", "11", "ns/upf-1"));
    api.has(KubeResource.OVERLAPS);
    int sent = api.requests().size();

    ClusterFacts again = edge.reservationsAgain(before.facts(), Set.of(WHEREABOUTS));

    assertThat(again.pools().values().iterator().next().allocations()).containsOnlyKeys("11");
    assertThat(again.overlaps()).isEmpty();
    assertThat(again.pods()).isEqualTo(before.facts().pods());
    assertThat(again.nodes()).isEqualTo(before.facts().nodes());
    assertThat(api.requests()).hasSize(sent + 2);
    assertThat(edge.reservationsAgain(before.facts(), Set.of())).isSameAs(before.facts());
  }

  @Test
  void readsOnePod() {
    smallCluster();

    assertThat(edge.pod(POD).orElseThrow().nodeName()).contains("worker-1");
    assertThat(edge.pod(new PodRef("ns", "upf-1"))).isEmpty();
    assertThat(counter.byRequest()).containsEntry("get pods", 2);
  }

  @Test
  void doesNotTakeAnyMissingPageForAMissingPod() {
    api.always(KubeResource.PODS, CannedApi.noSuchApi());

    assertThatThrownBy(() -> edge.pod(POD))
        .isInstanceOf(CallFailure.class)
        .hasMessageContaining("404 page not found");
  }

  @Test
  void readsPastGarbageAndTellsIt() {
    smallCluster();
    api.has(
        KubeResource.POOLS,
        "{\"metadata\":{\"name\":\"no-spec\",\"namespace\":\"a\"}}",
        "{\"metadata\":{\"name\":\"null\",\"namespace\":\"a\"},"
            + "\"spec\":{\"range\":\"10.0.4.0/24\",\"allocations\":null}}",
        "{\"metadata\":{\"name\":\"half\",\"namespace\":\"a\"},\"spec\":{\"range\":7,"
            + "\"allocations\":{\"1\":\"x\",\"2\":{\"podref\":\"ns/p\"},\"3\":{\"podref\":[]}}}}",
        "{\"metadata\":{\"name\":\"text\",\"namespace\":\"a\"},\"spec\":\"text\"}",
        "{\"metadata\":\"text\"}",
        "17",
        "null");
    api.has(
        KubeResource.PODS,
        "{\"metadata\":{\"name\":\"p\",\"namespace\":\"ns\",\"annotations\":{"
            + "\"k8s.v1.cni.cncf.io/network-status\":\"not json\",\"other\":[]}},"
            + "\"spec\":null,\"status\":[]}");

    Reading reading = edge.read(Set.of(WHEREABOUTS));

    assertThat(reading.facts().pools()).containsOnlyKeys("a/no-spec", "a/null", "a/half", "a/text");
    assertThat(Samples.of(reading.facts().pools(), "a/half").allocations())
        .containsOnlyKeys("1", "2", "3")
        .containsEntry("1", new PoolFacts.Allocation("", Optional.empty()))
        .containsEntry("3", new PoolFacts.Allocation("", Optional.empty()));
    assertThat(Samples.of(reading.facts().pods(), new PodRef("ns", "p")).phase())
        .isEqualTo(PodFacts.Phase.UNKNOWN);
    assertThat(reading.problems())
        .containsExactlyInAnyOrder(
            "ippool a/half: allocation '1' is not an object",
            "ippools: an object without a name was left out",
            "pod ns/p: annotation k8s.v1.cni.cncf.io/network-status can't be read: it is not a JSON"
                + " list");
  }

  @Test
  void missesNoInstanceOnFargate() {
    smallCluster();
    api.has(
        KubeResource.NODES,
        "{\"metadata\":{\"name\":\"fargate-1\",\"labels\":{"
            + "\"eks.amazonaws.com/compute-type\":\"fargate\"}},\"spec\":{}}",
        "{\"metadata\":{\"name\":\"new-1\"},\"spec\":{}}");

    Reading reading = edge.read(Set.of(WHEREABOUTS));

    assertThat(reading.facts().nodes()).containsOnlyKeys("fargate-1", "new-1");
    assertThat(reading.problems()).singleElement().asString().startsWith("node new-1: ");
  }

  @Test
  void tellsFiftyProblemsAndTheNumberOfTheRest() {
    smallCluster();
    api.has(
        KubeResource.PODS,
        IntStream.range(0, 70)
            .mapToObj(index ->
                "{\"metadata\":{\"name\":\"p"
                    + index
                    + "\",\"namespace\":\"ns\",\"annotations\":{"
                    + "\"k8s.v1.cni.cncf.io/network-status\":\"{\"}}}")
            .toArray(String[]::new));

    Reading reading = edge.read(Set.of(WHEREABOUTS));

    assertThat(reading.problems()).hasSize(51).endsWith("… and 20 more");
  }

  @Test
  void callsAServerUnderAPath() {
    smallCluster();
    URI under = URI.create(api.endpoint() + "k8s/clusters/c-1");
    try (KubeClients rancher = KubeClients.at(under, time)) {
      KubeEdge behind = rancher.edge(counter, Deadline.in(time, Duration.ofMinutes(1)));

      assertThat(behind.pod(POD)).isPresent();
    }
    assertThat(api.requests()).contains("/k8s/clusters/c-1/api/v1/namespaces/ns/pods/upf-0");
  }
}
