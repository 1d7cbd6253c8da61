// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import static io.multuseni.core.config.Reconciliation.Source.NETWORK_STATUS;
import static io.multuseni.core.config.Reconciliation.Source.WHEREABOUTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.base.Deadline;
import io.multuseni.core.cluster.OverlapFacts;
import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.cluster.WorkerNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Watches on a server that emits what it is told to. */
@Timeout(90)
class WatchesIT {
  private static final PodRef UPF = new PodRef("ns", "upf-0");

  private final TestTime time = new TestTime();
  private CannedApi api = CannedApi.start();
  private final KubeClients clients = KubeClients.at(api.endpoint(), Duration.ofMillis(50));
  private final KubeCallCounter counter = new KubeCallCounter();
  private final KubeEdge edge = clients.edge(counter, Deadline.in(time, Duration.ofHours(1)));
  private final BlockingQueue<ClusterChange> changes = new LinkedBlockingQueue<>();

  @AfterEach
  void end() throws IOException {
    clients.close();
    api.close();
  }

  private Watching watchAll() {
    return edge.watch(edge.read(Set.of(WHEREABOUTS)), changes::add);
  }

  /** Pods and nodes only. */
  private Watching watchPods() {
    return edge.watch(edge.read(Set.of(NETWORK_STATUS)), changes::add);
  }

  private ClusterChange next() throws InterruptedException {
    ClusterChange change = changes.poll(40, TimeUnit.SECONDS);
    assertThat(change).as("a change within the time").isNotNull();
    return change;
  }

  @Test
  void tellsWhatIsAddedModifiedAndDeleted() throws InterruptedException {
    try (Watching watching = watchAll()) {
      CannedApi.Watch pods = api.watch(KubeResource.PODS);
      assertThat(pods.path())
          .contains("resourceVersion=" + CannedApi.VERSION)
          .contains("allowWatchBookmarks=true");

      pods.emit("ADDED", Samples.pod("ns", "upf-0", "worker-1"));
      assertThat(next())
          .isInstanceOfSatisfying(
              ClusterChange.PodChanged.class,
              change -> {
                assertThat(change.ref()).isEqualTo(UPF);
                assertThat(change.pod().orElseThrow().nodeName()).contains("worker-1");
                assertThat(change.pod().orElseThrow().selections()).hasSize(1);
              });
      pods.emit("MODIFIED", Samples.pod("ns", "upf-0", "worker-2"));
      assertThat(next())
          .isInstanceOfSatisfying(
              ClusterChange.PodChanged.class,
              change -> assertThat(change.pod().orElseThrow().nodeName()).contains("worker-2"));
      pods.emit("DELETED", Samples.pod("ns", "upf-0", "worker-2"));
      assertThat(next()).isEqualTo(new ClusterChange.PodChanged(UPF, Optional.empty()));

      api.watch(KubeResource.POOLS)
          .emit("MODIFIED", Samples.pool("p", "10.0.4.0/24", "9", "ns/upf-0"));
      assertThat(next())
          .isInstanceOfSatisfying(
              ClusterChange.PoolChanged.class,
              change -> {
                assertThat(change.key()).isEqualTo("kube-system/p");
                assertThat(change.pool().orElseThrow().allocations()).containsOnlyKeys("9");
              });
      api.watch(KubeResource.OVERLAPS).emit("ADDED", Samples.overlap("10.0.4.9", "ns/upf-0"));
      assertThat(next())
          .isEqualTo(
              new ClusterChange.OverlapChanged(
                  "kube-system/10.0.4.9",
                  Optional.of(
                      new OverlapFacts(
                          "kube-system", "10.0.4.9", "ns/upf-0", Optional.of("net1")))));
      CannedApi.Watch nodes = api.watch(KubeResource.NODES);
      nodes.emit("ADDED", Samples.node("worker-3", "i-0123456789abcdef3"));
      assertThat(next())
          .isEqualTo(
              new ClusterChange.NodeChanged(
                  "worker-3",
                  Optional.of(
                      new WorkerNode(
                          "worker-3",
                          Optional.of("i-0123456789abcdef3"),
                          Optional.of("m5.xlarge")))));
      assertThat(watching).isNotNull();
    }
    assertThat(counter.byRequest())
        .containsEntry("watch pods", 1)
        .containsEntry("watch ippools", 1)
        .containsEntry("watch overlappingrangeipreservations", 1)
        .containsEntry("watch nodes", 1);
  }

  @Test
  void watchesNothingThatTheClusterDoesNotHave() throws InterruptedException {
    api.always(KubeResource.OVERLAPS, CannedApi.noSuchApi());
    try (Watching watching = watchAll()) {
      api.watch(KubeResource.POOLS).emit("ADDED", Samples.pool("p", "10.0.4.0/24", "9", "ns/x"));

      assertThat(next()).isInstanceOf(ClusterChange.PoolChanged.class);
      assertThat(counter.byRequest()).doesNotContainKey("watch overlappingrangeipreservations");
      assertThat(watching).isNotNull();
    }
  }

  @Test
  void readsPastGarbageInAWatch() throws InterruptedException {
    try (Watching watching = watchPods()) {
      CannedApi.Watch pods = api.watch(KubeResource.PODS);
      pods.emit(
          "ADDED",
          "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\","
              + "\"namespace\":\"ns\",\"labels\":7,\"annotations\":[]},\"spec\":3}");
      pods.emit("ADDED", "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":null}");
      pods.emit("ADDED", Samples.pod("ns", "upf-0", "worker-1"));

      assertThat(next())
          .isInstanceOfSatisfying(
              ClusterChange.PodChanged.class,
              change -> assertThat(change.ref()).isEqualTo(new PodRef("ns", "p")));
      assertThat(next())
          .isInstanceOfSatisfying(
              ClusterChange.PodChanged.class, change -> assertThat(change.ref()).isEqualTo(UPF));
      assertThat(watching).isNotNull();
    }
  }

  @Test
  void goesOnFromTheLastBookmarkWhenTheServerComesBack() throws Exception {
    try (Watching watching = watchPods()) {
      CannedApi.Watch pods = api.watch(KubeResource.PODS);
      pods.emit("ADDED", Samples.pod("ns", "upf-0", "worker-1"));
      assertThat(next()).isInstanceOf(ClusterChange.PodChanged.class);
      pods.emit(
          "BOOKMARK",
          "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"6000\"}}");
      pods.emit("MODIFIED", Samples.pod("ns", "upf-0", "worker-1").replace("\"5000\"", "\"6001\""));
      assertThat(next()).isInstanceOf(ClusterChange.PodChanged.class);
      api.watch(KubeResource.NODES).emit("ADDED", Samples.node("worker-1", "i-0123456789abcdef0"));
      assertThat(next()).isInstanceOf(ClusterChange.NodeChanged.class);
      int port = api.port();
      api.close();
      api = CannedApi.startAt(port);

      CannedApi.Watch again = api.watch(KubeResource.PODS);
      assertThat(again.path()).contains("resourceVersion=6001");
      again.emit("DELETED", Samples.pod("ns", "upf-0", "worker-1"));
      assertThat(next()).isEqualTo(new ClusterChange.PodChanged(UPF, Optional.empty()));
      assertThat(changes).isEmpty();
      assertThat(watching).isNotNull();
    }
  }

  @Test
  void losesAWatchOnceWhenItsVersionIsGone() throws InterruptedException {
    try (Watching watching = watchPods()) {
      CannedApi.Watch pods = api.watch(KubeResource.PODS);
      pods.emit("ERROR", CannedApi.statusObject(410, "Expired", "too old resource version: 1 (2)"));
      pods.emit("ERROR", CannedApi.statusObject(410, "Expired", "too old resource version: 1 (2)"));

      assertThat(next())
          .isInstanceOfSatisfying(
              ClusterChange.Lost.class,
              lost -> {
                assertThat(lost.resource()).isEqualTo("pods");
                assertThat(lost.why()).contains("watch pods").contains("too old resource version");
              });
      // The other watch goes on, and nothing more comes of this one.
      api.watch(KubeResource.NODES).emit("ADDED", Samples.node("worker-1", "i-0123456789abcdef0"));
      assertThat(next()).isInstanceOf(ClusterChange.NodeChanged.class);
      assertThat(changes).isEmpty();
      assertThat(watching).isNotNull();
    }
  }

  @Test
  void losesAWatchThatIsRefusedAtItsStart() throws InterruptedException {
    Reading reading = edge.read(Set.of(NETWORK_STATUS));
    api.always(
        KubeResource.PODS, CannedApi.status(403, "Forbidden", "pods is forbidden: cannot watch"));

    try (Watching watching = edge.watch(reading, changes::add)) {
      assertThat(next())
          .isInstanceOfSatisfying(
              ClusterChange.Lost.class,
              lost ->
                  assertThat(lost.why())
                      .contains("the verb watch on pods in the core API group is missing"));
      api.watch(KubeResource.NODES).emit("ADDED", Samples.node("worker-1", "i-0123456789abcdef0"));
      assertThat(next()).isInstanceOf(ClusterChange.NodeChanged.class);
      assertThat(watching).isNotNull();
    }
  }

  @Test
  void losesAWatchThatIsRefusedWhenItConnectsAgain() throws InterruptedException {
    try (Watching watching = watchPods()) {
      CannedApi.Watch pods = api.watch(KubeResource.PODS);
      pods.emit("ADDED", Samples.pod("ns", "upf-0", "worker-1"));
      assertThat(next()).isInstanceOf(ClusterChange.PodChanged.class);
      api.always(
          KubeResource.PODS, CannedApi.status(403, "Forbidden", "pods is forbidden: no more"));
      pods.socket().close(1001, "the server moves");

      assertThat(next())
          .isInstanceOfSatisfying(
              ClusterChange.Lost.class,
              lost -> {
                assertThat(lost.resource()).isEqualTo("pods");
                assertThat(lost.why())
                    .contains("HTTP 403")
                    .contains("the verb watch on pods in the core API group is missing");
              });
      assertThat(changes).isEmpty();
      assertThat(counter.byRequest().get("watch pods")).isBetween(3, 12);
      assertThat(watching).isNotNull();
    }
  }

  @Test
  void watchesOverPlainHttpWhereAProxyLetsNoWebSocketThrough() throws InterruptedException {
    Reading reading = edge.read(Set.of(NETWORK_STATUS));
    api.next(
        KubeResource.PODS,
        CannedApi.json("{}"),
        CannedApi.json(
            "{\"type\":\"ADDED\",\"object\":" + Samples.pod("ns", "upf-0", "worker-1") + "}\n"));

    try (Watching watching = edge.watch(reading, changes::add)) {
      assertThat(next())
          .isInstanceOfSatisfying(
              ClusterChange.PodChanged.class,
              change -> assertThat(change.pod().orElseThrow().nodeName()).contains("worker-1"));
      assertThat(watching).isNotNull();
    }
  }

  @Test
  void losesEachWatchOnceWhenTheServerStaysAway() throws Exception {
    try (Watching watching = watchPods()) {
      api.watch(KubeResource.PODS);
      api.watch(KubeResource.NODES);
      api.close();

      List<String> lost = new ArrayList<>();
      for (int index = 0; index < 2; index++) {
        lost.add(((ClusterChange.Lost) next()).resource());
      }
      assertThat(lost).containsExactlyInAnyOrder("pods", "nodes");
      assertThat(changes).isEmpty();
      assertThat(watching).isNotNull();
    }
  }

  @Test
  void losesAWatchWhoseListenerFails() throws InterruptedException {
    Reading reading = edge.read(Set.of(NETWORK_STATUS));
    try (Watching watching =
        edge.watch(
            reading,
            change -> {
              changes.add(change);
              if (change instanceof ClusterChange.PodChanged) {
                throw new IllegalStateException("no room for it");
              }
            })) {
      CannedApi.Watch pods = api.watch(KubeResource.PODS);
      pods.emit("ADDED", Samples.pod("ns", "upf-0", "worker-1"));

      assertThat(next()).isInstanceOf(ClusterChange.PodChanged.class);
      assertThat(next())
          .isInstanceOfSatisfying(
              ClusterChange.Lost.class, lost -> assertThat(lost.why()).contains("no room for it"));
      assertThat(watching).isNotNull();
    }
  }

  @Test
  void tellsNothingAfterTheEnd() throws InterruptedException {
    Watching watching = watchPods();
    CannedApi.Watch pods = api.watch(KubeResource.PODS);
    watching.close();
    pods.emit("ADDED", Samples.pod("ns", "upf-0", "worker-1"));

    try (Watching second = watchPods()) {
      api.watch(KubeResource.PODS).emit("ADDED", Samples.pod("ns", "upf-1", "worker-1"));

      assertThat(next())
          .isInstanceOfSatisfying(
              ClusterChange.PodChanged.class,
              change -> assertThat(change.ref().name()).isEqualTo("upf-1"));
      assertThat(changes).isEmpty();
      assertThat(second).isNotNull();
    }
  }

  @Test
  void endsItsWatchesWhenTheClientIsClosed() throws InterruptedException {
    Watching watching = watchPods();
    CannedApi.Watch pods = api.watch(KubeResource.PODS);
    CannedApi.Watch nodes = api.watch(KubeResource.NODES);

    clients.close();

    assertThat(pods.ended().await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(nodes.ended().await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(changes).as("whoever closes knows it").isEmpty();
    watching.close();
  }

  @Test
  void keepsNoThreadThatKeepsTheJvmAlive() throws InterruptedException {
    try (Watching watching = watchPods()) {
      api.watch(KubeResource.PODS).emit("ADDED", Samples.pod("ns", "upf-0", "worker-1"));
      assertThat(next()).isInstanceOf(ClusterChange.PodChanged.class);

      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> !thread.isDaemon())
          .extracting(Thread::getName)
          .noneMatch(name ->
              name.contains("HttpClient")
                  || name.contains("OkHttp")
                  || name.contains("fabric8")
                  || name.contains("multus-eni")
                  || name.startsWith("pool-"));
      assertThat(watching).isNotNull();
    }
  }
}
