// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What lists tell, whole and in pages. */
class ListIT {
  static final ResourceDefinitionContext IP_POOLS =
      new ResourceDefinitionContext.Builder()
          .withGroup("whereabouts.cni.cncf.io")
          .withVersion("v1alpha1")
          .withKind("IPPool")
          .withPlural("ippools")
          .withNamespaced(true)
          .build();

  private final Fixture f = new Fixture();

  @AfterEach
  void close() {
    f.close();
  }

  @Test
  void listsNodesWithWhatNamesTheirInstance() {
    f.world.node("node-a", "i-0a", "us-east-1a", "m5.large");
    f.world.nodeWithoutProviderId("node-b");

    List<Node> nodes = f.client.nodes().list().getItems();

    assertThat(nodes)
        .extracting(n -> n.getMetadata().getName())
        .containsExactly("node-a", "node-b");
    assertThat(nodes.getFirst().getSpec().getProviderID()).isEqualTo("aws:///us-east-1a/i-0a");
    assertThat(nodes.getFirst().getMetadata().getLabels())
        .containsEntry("node.kubernetes.io/instance-type", "m5.large");
    assertThat(nodes.getLast().getSpec().getProviderID()).isNull();

    f.world.removeNode("node-a");
    assertThat(f.client.nodes().list().getItems()).hasSize(1);
  }

  @Test
  void listsPodsOfAllNamespacesOrOfOneByNamespaceAndName() {
    f.world.pod(PodSpec.of("ns-b", "one").onNode("node-a"));
    f.world.pod(PodSpec.of("ns-a", "two").phase("Pending"));
    f.world.pod(
        PodSpec.of("ns-a", "one")
            .networks("ns-a/n6@net1")
            .status(StatusEntry.of("ns-a/n6", "net1", "10.0.4.6").withMac("0a:00:00:00:00:01")));

    List<Pod> all = f.client.pods().inAnyNamespace().list().getItems();
    List<Pod> some = f.client.pods().inNamespace("ns-a").list().getItems();

    assertThat(all)
        .extracting(p -> p.getMetadata().getNamespace() + "/" + p.getMetadata().getName())
        .containsExactly("ns-a/one", "ns-a/two", "ns-b/one");
    assertThat(some).hasSize(2);
    assertThat(all.get(1).getStatus().getPhase()).isEqualTo("Pending");
    assertThat(all.get(2).getSpec().getNodeName()).isEqualTo("node-a");
    assertThat(all.getFirst().getMetadata().getAnnotations())
        .containsEntry(PodSpec.NETWORKS, "ns-a/n6@net1")
        .containsEntry(
            PodSpec.NETWORK_STATUS,
            "[{\"name\":\"ns-a/n6\",\"interface\":\"net1\",\"ips\":[\"10.0.4.6\"],"
                + "\"mac\":\"0a:00:00:00:00:01\",\"dns\":{}}]");
  }

  @Test
  void writesReservationsAsDecimalDistanceFromTheAddressInTheRange() {
    f.world.pool("p4", "10.0.4.0/24");
    f.world.pool("byhand", "10.0.4.5/24");
    f.world.pool("default", "p6", "caa5::/112");
    f.world.reserve("p4", "10.0.4.70", "ns/a", "net1");
    f.world.reserve("byhand", "10.0.4.6", "ns/a");
    f.world.reserve("default/p6", "caa5::8000", "ns/a");
    f.world.allocation("p4", "abc", "ns/b");

    List<GenericKubernetesResource> pools =
        f.client.genericKubernetesResources(IP_POOLS).inAnyNamespace().list().getItems();

    assertThat(pools)
        .extracting(p -> p.getMetadata().getNamespace() + "/" + p.getMetadata().getName())
        .containsExactly("default/p6", "kube-system/byhand", "kube-system/p4");
    assertThat(pools.get(0).<String>get("spec", "allocations", "32768", "podref"))
        .isEqualTo("ns/a");
    assertThat(pools.get(1).<String>get("spec", "allocations", "1", "podref")).isEqualTo("ns/a");
    assertThat(pools.get(2).<String>get("spec", "allocations", "70", "ifname")).isEqualTo("net1");
    assertThat(pools.get(2).<String>get("spec", "allocations", "abc", "podref")).isEqualTo("ns/b");
    assertThat(pools.get(2).<String>get("spec", "range")).isEqualTo("10.0.4.0/24");

    f.world.release("p4", "10.0.4.70");
    f.world.removePool("byhand");
    ObjectNode left = f.json(Fixture.POOLS + "?fieldSelector=metadata.namespace%3Dkube-system");
    assertThat(left.path("items")).hasSize(1);
    assertThat(left.at("/items/0/spec/allocations").fieldNames())
        .toIterable()
        .containsExactly("abc");
  }

  @Test
  void refusesReservationsThatThePoolCannotHold() {
    f.world.pool("p", "10.0.4.16/28");
    f.world.reserve("p", "10.0.4.17", "ns/a");

    assertThatThrownBy(() -> f.world.reserve("p", "10.0.4.17", "ns/b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("10.0.4.17 is reserved already");
    assertThatThrownBy(() -> f.world.reserve("p", "10.0.4.15", "ns/b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> f.world.reserve("p", "fd00::1", "ns/b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> f.world.reserve("none", "10.0.4.17", "ns/b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("kube-system/none");
    assertThatThrownBy(() -> f.world.release("p", "10.0.4.18"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void listsTheOtherObjectsOfWhereaboutsAndMultus() {
    f.world.definition("ns", "n6", "{\"type\":\"ipvlan\",\"master\":\"eth2\"}");
    f.world.definition("ns", "empty", "");
    f.world.overlap("10.0.4.31", "ns/p", "net1");
    f.world.slicePool("slices", "10.0.0.0/16", "/24");
    f.world.slice("slices", "node-a", "10.0.1.0/24");

    ObjectNode definitions = f.json("/apis/k8s.cni.cncf.io/v1/network-attachment-definitions");
    assertThat(definitions.path("kind").asText()).isEqualTo("NetworkAttachmentDefinitionList");
    assertThat(definitions.at("/items/0/spec/config").asText("?")).isEmpty();
    assertThat(definitions.at("/items/1/spec/config").asText()).contains("eth2");

    ObjectNode overlap =
        f.json(
            "/apis/whereabouts.cni.cncf.io/v1alpha1/namespaces/kube-system/"
                + "overlappingrangeipreservations/10.0.4.31");
    assertThat(overlap.at("/spec/podref").asText()).isEqualTo("ns/p");
    assertThat(overlap.at("/spec/ifname").asText()).isEqualTo("net1");

    ObjectNode slices = f.json("/apis/whereabouts.cni.cncf.io/v1alpha1/nodeslicepools");
    assertThat(slices.at("/items/0/spec/sliceSize").asText()).isEqualTo("/24");
    assertThat(slices.at("/items/0/status/allocations/0/nodeName").asText()).isEqualTo("node-a");

    f.world.removeOverlap("10.0.4.31");
    f.world.removeSlicePool("slices");
    f.world.removeDefinition("ns", "n6");
    assertThat(
            f.json("/apis/whereabouts.cni.cncf.io/v1alpha1/overlappingrangeipreservations")
                .path("items"))
        .isEmpty();
    assertThat(f.json("/apis/whereabouts.cni.cncf.io/v1alpha1/nodeslicepools").path("items"))
        .isEmpty();
    assertThat(f.json("/apis/k8s.cni.cncf.io/v1/network-attachment-definitions").path("items"))
        .hasSize(1);
  }

  @Test
  void keepsGarbageAsItIs() {
    f.world.raw(
        "whereabouts.cni.cncf.io",
        "v1alpha1",
        "ippools",
        "kube-system",
        """
        {"metadata": {"name": "broken"}, "spec": {"range": 7, "allocations": null}, "x": []}
        """);
    f.world.raw(
        "k8s.cni.cncf.io",
        "v1",
        "network-attachment-definitions",
        "ns",
        "{\"metadata\": {\"name\": \"no-spec\"}}");

    ObjectNode pool =
        f.json(Fixture.POOLS.replace("ippools", "namespaces/kube-system/ippools/broken"));
    assertThat(pool.at("/spec/range").isInt()).isTrue();
    assertThat(pool.at("/spec/allocations").isNull()).isTrue();
    assertThat(pool.path("x").isArray()).isTrue();
    assertThat(
            f.json("/apis/k8s.cni.cncf.io/v1/namespaces/ns/network-attachment-definitions/no-spec")
                .has("spec"))
        .isFalse();
  }

  @Test
  void servesTypesItHasOnlyJustHeardOf() {
    f.world.raw(
        "example.com", "v1", "things", "", "{\"kind\":\"Thing\",\"metadata\":{\"name\":\"t\"}}");

    assertThat(f.json("/apis/example.com/v1/things").path("kind").asText()).isEqualTo("ThingList");
    assertThat(f.client.genericKubernetesResources("example.com/v1", "Thing").list().getItems())
        .hasSize(1);
    f.world.removeRaw("example.com", "v1", "things", "", "t");
    assertThat(f.json("/apis/example.com/v1/things").path("items")).isEmpty();
  }

  @Test
  void showsTheMomentOfTheFirstPageOnAllPages() {
    for (int i = 0; i < 25; i++) {
      f.world.pod(PodSpec.of("ns", String.format("pod-%02d", i)));
    }

    PodList page = f.client.pods().inAnyNamespace().list(options(10, null));
    String version = page.getMetadata().getResourceVersion();
    assertThat(page.getMetadata().getRemainingItemCount()).isEqualTo(15);
    f.world.removePod("ns", "pod-20");
    f.world.pod(PodSpec.of("ns", "pod-15-new"));
    f.world.changePod(PodSpec.of("ns", "pod-24").phase("Failed"));

    List<Pod> pods = new ArrayList<>(page.getItems());
    while (page.getMetadata().getContinue() != null) {
      page = f.client.pods().inAnyNamespace().list(options(10, page.getMetadata().getContinue()));
      assertThat(page.getMetadata().getResourceVersion()).isEqualTo(version);
      pods.addAll(page.getItems());
    }

    assertThat(pods).hasSize(25).extracting(p -> p.getMetadata().getName()).contains("pod-20");
    assertThat(pods.getLast().getStatus().getPhase()).isEqualTo("Running");
    assertThat(f.cluster.calls().of("list", "pods"))
        .extracting(KubeCall::page)
        .containsExactly(1, 2, 3);
    assertThat(f.client.pods().inAnyNamespace().list().getItems())
        .hasSize(25)
        .extracting(p -> p.getMetadata().getName())
        .contains("pod-15-new");
  }

  @Test
  void pagesThroughWhatIsSelected() {
    for (int i = 0; i < 9; i++) {
      f.world.pod(
          PodSpec.of("ns-" + i % 3, "pod-" + i).onNode("node-" + i % 2).label("odd", i % 2 + ""));
    }
    String selected = "/api/v1/pods?limit=3&labelSelector=odd%3D0";

    ObjectNode first = f.json(selected);
    ObjectNode second = f.json(selected + "&continue=" + first.at("/metadata/continue").asText());

    assertThat(first.path("items")).hasSize(3);
    assertThat(second.path("items")).hasSize(2);
    assertThat(second.path("metadata").has("continue")).isFalse();
    assertThat(f.json("/api/v1/namespaces/ns-1/pods?limit=2").path("items")).hasSize(2);
    assertThat(f.json("/api/v1/pods?fieldSelector=spec.nodeName!%3Dnode-0").path("items"))
        .hasSize(4);
    assertThat(f.json("/api/v1/pods?labelSelector=odd%20in%20(0,7),!even").path("items"))
        .hasSize(5);
    assertThat(f.json("/api/v1/pods?labelSelector=odd,odd%20notin%20(0)").path("items")).hasSize(4);
    assertThat(f.json("/api/v1/pods?labelSelector=even").path("items")).isEmpty();
    f.status("/api/v1/pods?fieldSelector=spec.foo%3D1", 400);
    f.status("/api/v1/pods?labelSelector=a%20b%20c", 400);
  }

  @Test
  void refusesPagesOfAListThatIsNoLongerKept() {
    for (int i = 0; i < 3; i++) {
      f.world.pod(PodSpec.of("ns", "pod-" + i));
    }
    String next = f.json("/api/v1/pods?limit=2").at("/metadata/continue").asText();

    f.cluster.faults().forgetHistory();

    ObjectNode gone = f.status("/api/v1/pods?limit=2&continue=" + next, 410);
    assertThat(gone.path("reason").asText()).isEqualTo("Expired");
    assertThatThrownBy(() -> f.client.pods().inAnyNamespace().list(options(2, next)))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(410));
    f.status("/api/v1/pods?limit=2&continue=nonsense", 400);
    f.status("/api/v1/pods?limit=-1", 400);
    f.status("/api/v1/pods?limit=x", 400);
  }

  @Test
  void raisesTheResourceVersionWithEachChangeAndOnlyThen() {
    long empty = version(f.json(Fixture.PODS));
    f.world.pod(PodSpec.of("ns", "a"));
    long one = version(f.json(Fixture.PODS));
    f.world.pool("p", "10.0.4.0/24");
    ObjectNode list = f.json(Fixture.PODS);

    assertThat(one).isGreaterThan(empty);
    assertThat(version(list)).isGreaterThan(one);
    assertThat(version(list.at("/items/0"))).isEqualTo(one);

    f.world.changePod(PodSpec.of("ns", "a"));
    assertThat(version(f.json(Fixture.PODS))).isEqualTo(version(list));
    f.world.changePod(PodSpec.of("ns", "a").phase("Failed"));
    ObjectNode changed = f.json("/api/v1/namespaces/ns/pods/a");
    assertThat(version(changed)).isGreaterThan(version(list));
    assertThat(changed.at("/metadata/uid")).isEqualTo(list.at("/items/0/metadata/uid"));
    assertThat(f.world.resourceVersion()).isEqualTo(version(changed));

    f.status(Fixture.PODS + "?resourceVersion=" + (version(changed) + 1), 504);
    f.status(Fixture.PODS + "?resourceVersionMatch=Exact&resourceVersion=" + one, 410);
    f.status(Fixture.PODS + "?resourceVersion=x", 400);
    assertThat(f.json(Fixture.PODS + "?resourceVersion=" + one).path("items")).hasSize(1);
    assertThat(f.json(Fixture.PODS + "?resourceVersion=0").path("items")).hasSize(1);
  }

  @Test
  void keepsOnlySoManyListsThatAreNotReadToTheirEnd() {
    for (int i = 0; i < 3; i++) {
      f.world.pod(PodSpec.of("ns", "pod-" + i));
    }
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i <= Store.OPEN_LISTS; i++) {
      f.world.node("node-" + i, "i-" + i, "us-east-1a", "m5.large");
      tokens.add(f.json("/api/v1/pods?limit=2").at("/metadata/continue").asText());
    }

    f.status("/api/v1/pods?limit=2&continue=" + tokens.getFirst(), 410);
    assertThat(f.json("/api/v1/pods?limit=2&continue=" + tokens.get(1)).path("items")).hasSize(1);
  }

  @Test
  void fillsAndEmptiesAPoolInOneChange() {
    f.world.pool("p", "10.0.0.0/16");
    long before = f.world.resourceVersion();

    f.world.reserveAll("p", Map.of("10.0.0.1", "ns/a", "10.0.1.0", "ns/b"));

    ObjectNode pool =
        f.json("/apis/whereabouts.cni.cncf.io/v1alpha1/namespaces/kube-system/ippools/p");
    assertThat(pool.at("/spec/allocations/1/podref").asText()).isEqualTo("ns/a");
    assertThat(pool.at("/spec/allocations/256/podref").asText()).isEqualTo("ns/b");
    assertThat(f.world.resourceVersion()).isEqualTo(before + 1);
    f.world.releaseAll("p");
    assertThat(f.json(Fixture.POOLS).at("/items/0/spec/allocations").isEmpty()).isTrue();
  }

  @Test
  void createsThingsAtTheTimeItIsTold() {
    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    try (LocalCluster cluster = LocalCluster.start(() -> now)) {
      cluster.world().pod(PodSpec.of("ns", "a"));
      cluster.world().pod(PodSpec.of("ns", "b").createdAt(now.minusSeconds(60)).terminating(now));
      try (KubernetesClient client = Fixture.client(cluster.endpoint())) {
        List<Pod> pods = client.pods().inAnyNamespace().list().getItems();

        assertThat(pods)
            .extracting(p -> p.getMetadata().getCreationTimestamp())
            .containsExactly("2026-03-01T12:00:00Z", "2026-03-01T11:59:00Z");
        assertThat(pods)
            .extracting(p -> p.getMetadata().getDeletionTimestamp())
            .containsExactly(null, "2026-03-01T12:00:00Z");
      }
    }
  }

  private static long version(JsonNode object) {
    return Long.parseLong(object.at("/metadata/resourceVersion").asText());
  }

  private static ListOptions options(long limit, @Nullable String next) {
    return new ListOptionsBuilder().withLimit(limit).withContinue(next).build();
  }
}
