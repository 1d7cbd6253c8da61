// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What watches tell, over WebSocket (fabric8's client) and over a stream of lines. */
class WatchIT {
  private final Fixture f = new Fixture();

  @AfterEach
  void close() {
    f.close();
  }

  @Test
  void deliversWhatHappenedBetweenTheListAndTheWatch() throws Exception {
    f.world.pod(PodSpec.of("ns", "old"));
    f.world.pod(PodSpec.of("ns", "going"));
    String version = f.client.pods().inAnyNamespace().list().getMetadata().getResourceVersion();
    f.world.pod(PodSpec.of("ns", "new"));
    f.world.removePod("ns", "going");
    f.world.changePod(PodSpec.of("ns", "old").phase("Failed"));

    Events<Pod> events = new Events<>();
    try (Watch _ =
        f.client
            .pods()
            .inAnyNamespace()
            .watch(new ListOptionsBuilder().withResourceVersion(version).build(), events)) {
      f.world.pod(PodSpec.of("ns", "later"));

      assertThat(events.take(4))
          .containsExactly("ADDED new", "DELETED going", "MODIFIED old", "ADDED later");
    }
    Fixture.await("the watch to be gone", () -> f.cluster.openWatches("pods") == 0);
    assertThat(f.cluster.calls().of("watch", "pods"))
        .singleElement()
        .satisfies(c -> assertThat(c.status()).isEqualTo(101));
  }

  @Test
  void streamsTheSameEventsAsLines() throws Exception {
    f.world.pod(PodSpec.of("ns", "old"));
    String version = f.json(Fixture.PODS).at("/metadata/resourceVersion").asText();
    f.world.pod(PodSpec.of("ns", "new"));

    try (Lines lines = lines("/api/v1/pods?watch=true&resourceVersion=" + version)) {
      assertThat(lines.next()).isEqualTo("ADDED new");
      f.world.removePod("ns", "old");
      ObjectNode deleted = lines.nextEvent();
      assertThat(deleted.path("type").asText()).isEqualTo("DELETED");
      assertThat(deleted.at("/object/metadata/resourceVersion").asLong())
          .isEqualTo(f.world.resourceVersion());
      assertThat(deleted.at("/object/kind").asText()).isEqualTo("Pod");
    }
    Fixture.await("the watch to be gone", () -> f.cluster.openWatches("pods") == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&resourceVersion=0"})
  void beginsWithWhatThereIsWithoutAVersion(String version) throws Exception {
    f.world.pod(PodSpec.of("ns", "b"));
    f.world.pod(PodSpec.of("ns", "a"));

    try (Lines lines = lines("/api/v1/pods?watch=1" + version)) {
      assertThat(lines.next()).isEqualTo("ADDED a");
      assertThat(lines.next()).isEqualTo("ADDED b");
      f.world.pod(PodSpec.of("ns", "0"));
      assertThat(lines.next()).isEqualTo("ADDED 0");
    }
  }

  @Test
  void tellsOnlyOfTheTypeNamespaceAndObjectsAskedFor() throws Exception {
    try (Lines namespaced = lines("/api/v1/namespaces/ns/pods?watch=true");
        Lines onNode = lines("/api/v1/pods?watch=true&fieldSelector=spec.nodeName%3Dnode-a");
        Lines one =
            lines("/api/v1/namespaces/ns/pods?watch=true&fieldSelector=metadata.name%3Dx")) {
      Fixture.await("three watches", () -> f.cluster.openWatches("pods") == 3);
      f.world.node("node-a", "i-0a", "us-east-1a", "m5.large");
      f.world.pod(PodSpec.of("other", "p"));
      f.world.pod(PodSpec.of("ns", "x"));
      f.world.changePod(PodSpec.of("ns", "x").onNode("node-a"));
      f.world.changePod(PodSpec.of("ns", "x").onNode("node-a").phase("Failed"));
      f.world.changePod(PodSpec.of("ns", "x").onNode("node-b"));
      f.world.removePod("ns", "x");

      assertThat(List.of(namespaced.next(), namespaced.next()))
          .containsExactly("ADDED x", "MODIFIED x");
      assertThat(List.of(onNode.next(), onNode.next(), onNode.next()))
          .as("coming to a node and leaving it is coming and going")
          .containsExactly("ADDED x", "MODIFIED x", "DELETED x");
      assertThat(one.next()).isEqualTo("ADDED x");
    }
  }

  @Test
  void watchesEachTypeOfObject() throws Exception {
    Events<GenericKubernetesResource> pools = new Events<>();
    try (Watch _ =
            f.client.genericKubernetesResources(ListIT.IP_POOLS).inAnyNamespace().watch(pools);
        Lines nodes = lines("/api/v1/nodes?watch=true");
        Lines overlaps =
            lines(
                "/apis/whereabouts.cni.cncf.io/v1alpha1/overlappingrangeipreservations?watch=true");
        Lines slices = lines("/apis/whereabouts.cni.cncf.io/v1alpha1/nodeslicepools?watch=true");
        Lines definitions =
            lines("/apis/k8s.cni.cncf.io/v1/network-attachment-definitions?watch=true")) {
      f.world.pool("p", "10.0.4.0/24");
      f.world.reserve("p", "10.0.4.9", "ns/a");
      f.world.removePool("p");
      f.world.node("n", "i-0a", "us-east-1a", "m5.large");
      f.world.overlap("10.0.4.9", "ns/a");
      f.world.slicePool("s", "10.0.0.0/16", "/24");
      f.world.definition("ns", "n6", "{}");

      assertThat(pools.take(3)).containsExactly("ADDED p", "MODIFIED p", "DELETED p");
      assertThat(nodes.next()).isEqualTo("ADDED n");
      assertThat(overlaps.next()).isEqualTo("ADDED 10.0.4.9");
      assertThat(slices.next()).isEqualTo("ADDED s");
      assertThat(definitions.next()).isEqualTo("ADDED n6");
    }
  }

  @Test
  void saysThatAVersionIsTooOldOnceTheHistoryIsForgotten() throws Exception {
    f.world.pod(PodSpec.of("ns", "a"));
    String old = f.json(Fixture.PODS).at("/metadata/resourceVersion").asText();
    f.world.pod(PodSpec.of("ns", "b"));
    f.cluster.faults().forgetHistory();
    String now = f.json(Fixture.PODS).at("/metadata/resourceVersion").asText();

    try (Lines lines = lines("/api/v1/pods?watch=true&resourceVersion=" + old)) {
      ObjectNode error = lines.nextEvent();
      assertThat(error.path("type").asText()).isEqualTo("ERROR");
      assertThat(error.at("/object/code").asInt()).isEqualTo(410);
      assertThat(error.at("/object/reason").asText()).isEqualTo("Expired");
      assertThat(lines.ended()).isTrue();
    }
    Events<Pod> events = new Events<>();
    try (Watch _ =
        f.client
            .pods()
            .inAnyNamespace()
            .watch(new ListOptionsBuilder().withResourceVersion(old).build(), events)) {
      Fixture.await("the end of the watch", () -> events.end != null);
      assertThat(events.end).matches(WatcherException::isHttpGone);
    }
    try (Lines lines = lines("/api/v1/pods?watch=true&resourceVersion=" + now)) {
      f.world.pod(PodSpec.of("ns", "c"));
      assertThat(lines.next()).isEqualTo("ADDED c");
    }
  }

  @Test
  void forgetsTheOldestChangesByItself() throws Exception {
    String version = f.json(Fixture.PODS).at("/metadata/resourceVersion").asText();
    for (int i = 0; i < 70; i++) {
      f.world.pod(PodSpec.of("ns", "pod-" + i).annotation("big", "x".repeat(1 << 20)));
    }

    try (Lines lines = lines("/api/v1/pods?watch=true&resourceVersion=" + version)) {
      assertThat(lines.nextEvent().at("/object/code").asInt()).isEqualTo(410);
    }
  }

  @Test
  void endsAWatchAfterTheTimeTheCallerSet() throws Exception {
    try (Lines lines = lines("/api/v1/pods?watch=true&timeoutSeconds=1")) {
      f.world.pod(PodSpec.of("ns", "a"));
      assertThat(lines.next()).isEqualTo("ADDED a");
      assertThat(lines.ended()).isTrue();
    }
    assertThat(f.cluster.openWatches("pods")).isZero();
  }

  @Test
  void sendsBookmarksToThoseWhoTakeThem() throws Exception {
    try (Lines with = lines("/api/v1/pods?watch=true&allowWatchBookmarks=true");
        Lines without = lines("/api/v1/pods?watch=true")) {
      Fixture.await("two watches", () -> f.cluster.openWatches("pods") == 2);
      f.world.node("n", "i-0a", "us-east-1a", "m5.large");
      f.cluster.bookmark("pods");
      f.world.pod(PodSpec.of("ns", "a"));

      ObjectNode bookmark = with.nextEvent();
      assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
      assertThat(bookmark.at("/object/kind").asText()).isEqualTo("Pod");
      assertThat(bookmark.at("/object/metadata/resourceVersion").asLong())
          .isEqualTo(f.world.resourceVersion() - 1);
      assertThat(without.next()).isEqualTo("ADDED a");
    }
  }

  @Test
  void keepsAnInformerUpToDateThroughCutAndExpiredWatches() {
    f.world.pod(PodSpec.of("ns", "a"));
    List<String> seen = new CopyOnWriteArrayList<>();
    try (SharedIndexInformer<Pod> informer = f.client.pods().inAnyNamespace().inform(null, 0)) {
      Fixture.await("a watch", () -> f.cluster.openWatches("pods") == 1);
      assertThat(informer.getStore().list()).hasSize(1);

      assertThat(f.cluster.faults().dropWatches("pods")).isEqualTo(1);
      f.world.pod(PodSpec.of("ns", "b"));
      Fixture.await("pod b", () -> informer.getStore().list().size() == 2);

      Fixture.await("a watch", () -> f.cluster.openWatches("pods") == 1);
      f.cluster.faults().forgetHistory();
      assertThat(f.cluster.faults().expireWatches("pods")).isEqualTo(1);
      f.world.removePod("ns", "a");
      Fixture.await("pod a to go", () -> informer.getStore().list().size() == 1);
      assertThat(f.cluster.faults().hits()).isEqualTo(2);
      informer.getStore().list().forEach(p -> seen.add(p.getMetadata().getName()));
    }
    assertThat(seen).containsExactly("b");
  }

  @Test
  void keepsTheOrderOfChangesMadeByManyThreads() throws Exception {
    int threads = 8;
    int each = 100;
    try (Lines lines = lines("/api/v1/pods?watch=true")) {
      List<Thread> writers = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int thread = t;
        writers.add(
            Thread.ofVirtual()
                .start(() -> {
                  for (int i = 0; i < each; i++) {
                    f.world.pod(PodSpec.of("ns", "pod-" + thread + "-" + i));
                  }
                }));
      }
      long last = 0;
      for (int i = 0; i < threads * each; i++) {
        long version = lines.nextEvent().at("/object/metadata/resourceVersion").asLong();
        assertThat(version).isGreaterThan(last);
        last = version;
      }
      for (Thread writer : writers) {
        writer.join();
      }
      assertThat(last).isEqualTo(f.world.resourceVersion());
    }
  }

  @Test
  void losesNothingBetweenAListAndItsWatchWhileOthersWrite() throws Exception {
    int threads = 4;
    int each = 60;
    List<Thread> writers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int thread = t;
      writers.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < each; i++) {
                  f.world.pod(PodSpec.of("ns", "pod-" + thread + "-" + i));
                  if (i % 3 == 0) {
                    f.world.removePod("ns", "pod-" + thread + "-" + i);
                  }
                }
              }));
    }
    ObjectNode list = f.json(Fixture.PODS);
    Set<String> known = new TreeSet<>();
    list.path("items").forEach(p -> known.add(p.at("/metadata/name").asText()));
    try (Lines lines =
        lines(
            "/api/v1/pods?watch=true&resourceVersion="
                + list.at("/metadata/resourceVersion").asText())) {
      for (Thread writer : writers) {
        writer.join();
      }
      f.world.pod(PodSpec.of("ns", "the-last"));
      for (String event = lines.next(); !event.equals("ADDED the-last"); event = lines.next()) {
        String name = event.substring(event.indexOf(' ') + 1);
        assertThat(event.startsWith("ADDED ") ? known.add(name) : known.remove(name))
            .as(event)
            .isTrue();
      }
    }

    Set<String> real = new TreeSet<>();
    f.json(Fixture.PODS).path("items").forEach(p -> real.add(p.at("/metadata/name").asText()));
    real.remove("the-last");
    assertThat(known).isEqualTo(real).hasSize(threads * each * 2 / 3);
  }

  private Lines lines(String path) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer =
        f.http.send(f.request(path).build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    return new Lines(answer.body());
  }

  /** Reads a watch line by line; a thread of its own, so that waiting has an end. */
  private static final class Lines implements AutoCloseable {
    private static final String END = "";

    private final InputStream stream;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    Lines(InputStream stream) {
      this.stream = stream;
      Thread.ofVirtual().start(this::read);
    }

    private void read() {
      try (BufferedReader reader =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          lines.add(line);
        }
      } catch (IOException e) {
        // Cut or closed by the test: the end, like any other.
      }
      lines.add(END);
    }

    ObjectNode nextEvent() throws InterruptedException {
      String line = lines.poll(Fixture.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(line).as("an event in time").isNotNull().isNotEqualTo(END);
      return Fixture.tree(line == null ? "" : line);
    }

    String next() throws InterruptedException {
      ObjectNode event = nextEvent();
      return event.path("type").asText() + " " + event.at("/object/metadata/name").asText();
    }

    boolean ended() throws InterruptedException {
      return END.equals(lines.poll(Fixture.PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    @Override
    public void close() {
      try {
        stream.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Collects the events of fabric8's client. */
  private static final class Events<T extends HasMetadata> implements Watcher<T> {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private volatile @Nullable WatcherException end;

    @Override
    public void eventReceived(Action action, T object) {
      events.add(action + " " + object.getMetadata().getName());
    }

    @Override
    public void onClose(WatcherException cause) {
      end = cause;
    }

    List<String> take(int count) throws InterruptedException {
      List<String> taken = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String event = events.poll(Fixture.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(event).as("event " + i + " after " + taken).isNotNull();
        taken.add(String.valueOf(event));
      }
      return taken;
    }
  }
}
