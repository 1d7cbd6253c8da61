// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** One reader from its lists to a watch, as the README tells it. */
class WholeStoryIT {

  @Test
  void readsAClusterInWhichThingsHappen() {
    try (LocalCluster cluster = LocalCluster.start()) {
      // 1. Arrange: a node, a network, a pool, a pod with an address; a second pod comes between
      // lists.
      ClusterWorld world = cluster.world();
      world.node("node-a", "i-0a", "us-east-1a", "m5.large");
      world.definition("ns", "n6", "{\"type\":\"ipvlan\",\"master\":\"eth2\"}");
      world.pool("10.0.4.0-24", "10.0.4.0/24");
      world.reserve("10.0.4.0-24", "10.0.4.6", "ns/app-0", "net1");
      world.pod(
          PodSpec.of("ns", "app-0")
              .onNode("node-a")
              .networks("n6@net1")
              .status(StatusEntry.of("ns/n6", "net1", "10.0.4.6")));
      cluster
          .faults()
          .on("list", "ippools")
          .after(() -> world.pod(PodSpec.of("ns", "app-1").phase("Pending")))
          .once();
      cluster.faults().on("list", "pods").answer(503).once();

      // 2. Act: the client under test reads, then watches from where it read.
      Config config =
          new ConfigBuilder()
              .withAutoConfigure(false)
              .withMasterUrl(cluster.endpoint().toString())
              .build();
      try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
        List<GenericKubernetesResource> pools =
            client
                .genericKubernetesResources("whereabouts.cni.cncf.io/v1alpha1", "IPPool")
                .inAnyNamespace()
                .list()
                .getItems();
        var pods = client.pods().inAnyNamespace().list();
        world.removePod("ns", "app-0");
        Seen seen = new Seen();
        try (Watch _ =
            client
                .pods()
                .inAnyNamespace()
                .watch(
                    new ListOptionsBuilder()
                        .withResourceVersion(pods.getMetadata().getResourceVersion())
                        .build(),
                    seen)) {
          Fixture.await("the event", () -> !seen.events.isEmpty());
        }

        // 3. Inspect: what was read, then the calls.
        assertThat(pools.getFirst().<String>get("spec", "allocations", "6", "podref"))
            .isEqualTo("ns/app-0");
        assertThat(names(pods.getItems())).containsExactly("app-0", "app-1");
        assertThat(seen.events).containsExactly("DELETED app-0");
      }
      assertThat(cluster.faults().hits()).isEqualTo(2);
      assertThat(cluster.calls().of("list", "pods"))
          .extracting(KubeCall::status)
          .containsExactly(503, 200);
      assertThat(cluster.calls().writes()).isEmpty();
    }
  }

  private static List<String> names(List<Pod> pods) {
    List<String> names = new ArrayList<>();
    pods.forEach(p -> names.add(p.getMetadata().getName()));
    return names;
  }

  private static final class Seen implements Watcher<Pod> {
    final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void eventReceived(Action action, Pod pod) {
      events.add(action + " " + pod.getMetadata().getName());
    }

    @Override
    public void onClose(WatcherException cause) {
      events.add("closed: " + cause);
    }
  }
}
