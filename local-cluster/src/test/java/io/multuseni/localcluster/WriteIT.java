// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Writing through the API, as a client that isn't ours would. */
class WriteIT {
  private final Fixture f = new Fixture();

  @AfterEach
  void close() {
    f.close();
  }

  @Test
  void createsUpdatesPatchesAndDeletesAPod() {
    Pod created = f.client.pods().inNamespace("ns").resource(pod("a", "Pending")).create();
    assertThat(created.getMetadata().getUid()).isNotEmpty();
    assertThat(created.getMetadata().getResourceVersion())
        .isEqualTo(Long.toString(f.world.resourceVersion()));

    Pod updated =
        f.client
            .pods()
            .inNamespace("ns")
            .resource(new PodBuilder(created).editStatus().withPhase("Running").endStatus().build())
            .update();
    assertThat(updated.getStatus().getPhase()).isEqualTo("Running");
    assertThat(updated.getMetadata().getUid()).isEqualTo(created.getMetadata().getUid());

    Pod patched =
        f.client
            .pods()
            .inNamespace("ns")
            .withName("a")
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"status\":{\"phase\":null},\"metadata\":{\"labels\":{\"x\":\"y\"}}}");
    assertThat(patched.getStatus().getPhase()).isNull();
    assertThat(patched.getMetadata().getLabels()).containsEntry("x", "y");

    Pod edited =
        f.client
            .pods()
            .inNamespace("ns")
            .withName("a")
            .edit(
                p -> new PodBuilder(p).editMetadata().addToLabels("x", "z").endMetadata().build());
    assertThat(edited.getMetadata().getLabels()).containsEntry("x", "z");

    assertThat(f.client.pods().inNamespace("ns").withName("a").delete()).hasSize(1);
    assertThat(f.client.pods().inNamespace("ns").withName("a").get()).isNull();
    assertThat(f.client.pods().inNamespace("ns").withName("a").delete()).isEmpty();
    assertThat(f.cluster.calls().writes()).extracting(KubeCall::verb).contains("create", "update");
    assertThat(f.cluster.calls().counts()).containsEntry("create pods", 1);
  }

  @ParameterizedTest
  @CsvSource({
    "whereabouts.cni.cncf.io, v1alpha1, ippools, IPPool",
    "whereabouts.cni.cncf.io, v1alpha1, nodeslicepools, NodeSlicePool",
    "whereabouts.cni.cncf.io, v1alpha1, overlappingrangeipreservations, OverlappingRangeIPReservation",
    "k8s.cni.cncf.io, v1, network-attachment-definitions, NetworkAttachmentDefinition"
  })
  void createsUpdatesListsAndDeletesCustomObjects(
      String group, String version, String plural, String kind) {
    var client =
        f.client
            .genericKubernetesResources(
                new ResourceDefinitionContext.Builder()
                    .withGroup(group)
                    .withVersion(version)
                    .withPlural(plural)
                    .withKind(kind)
                    .withNamespaced(true)
                    .build())
            .inNamespace("ns");
    GenericKubernetesResource created =
        client
            .resource(
                new GenericKubernetesResourceBuilder()
                    .withApiVersion(group + "/" + version)
                    .withKind(kind)
                    .withNewMetadata()
                    .withName("one")
                    .endMetadata()
                    .withAdditionalProperties(Map.of("spec", Map.of("range", "10.0.4.0/24")))
                    .build())
            .create();
    created.setAdditionalProperty("spec", Map.of("range", "10.0.5.0/24"));

    client.resource(created).update();

    assertThat(client.list().getItems())
        .singleElement()
        .satisfies(o -> assertThat(o.<String>get("spec", "range")).isEqualTo("10.0.5.0/24"));
    assertThat(client.withName("one").delete()).hasSize(1);
    assertThat(client.list().getItems()).isEmpty();
  }

  @Test
  void createsAndDeletesANode() {
    f.client
        .nodes()
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName("n")
                .endMetadata()
                .withNewSpec()
                .withProviderID("aws:///us-east-1a/i-0a")
                .endSpec()
                .build())
        .create();

    assertThat(f.client.nodes().withName("n").get().getSpec().getProviderID()).endsWith("i-0a");
    assertThat(f.client.nodes().withName("n").delete()).hasSize(1);
  }

  @Test
  void refusesAnUpdateOfAVersionThatIsNoMore() {
    Pod stale = f.client.pods().inNamespace("ns").resource(pod("a", "Pending")).create();
    f.world.changePod(PodSpec.of("ns", "a").phase("Failed"));

    refused(409, () -> f.client.pods().inNamespace("ns").resource(stale).update());
    assertThat(f.client.pods().inNamespace("ns").withName("a").get().getStatus().getPhase())
        .isEqualTo("Failed");
  }

  @Test
  void refusesASecondOneOfTheSameName() {
    f.client.pods().inNamespace("ns").resource(pod("a", "Pending")).create();

    refused(409, () -> f.client.pods().inNamespace("ns").resource(pod("a", "Pending")).create());
    assertThatThrownBy(() -> f.world.pod(PodSpec.of("ns", "a")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ns/a");
  }

  @Test
  void refusesWhatItCannotDo() {
    f.world.pod(PodSpec.of("ns", "a"));

    f.status("/api/v1/namespaces/ns/pods/a/log", 404);
    f.status("/api/v1/namespaces/ns/pods/none", 404);
    assertThat(write("DELETE", "/api/v1/namespaces/ns/pods", "").statusCode()).isEqualTo(405);
    assertThat(write("POST", "/api/v1/namespaces/ns/pods", "no json").statusCode()).isEqualTo(400);
    assertThat(write("POST", "/api/v1/namespaces/ns/pods", "[]").statusCode()).isEqualTo(400);
    assertThat(write("POST", "/api/v1/namespaces/ns/pods", "{}").statusCode()).isEqualTo(422);
    assertThat(write("PUT", "/api/v1/namespaces/ns/pods/none", "{}").statusCode()).isEqualTo(404);
    HttpResponse<String> patch = write("PATCH", "/api/v1/namespaces/ns/pods/a", "{}");
    assertThat(patch.statusCode()).isEqualTo(415);
    assertThat(patch.body()).contains("application/merge-patch+json");
    assertThat(f.get("/api/v1/secrets").statusCode()).isEqualTo(404);
    assertThat(f.get("/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void answersARequestLineThatCannotBeRead() throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), f.cluster.endpoint().getPort())) {
      socket.setSoTimeout((int) Fixture.PATIENCE.toMillis());
      socket
          .getOutputStream()
          .write(
              "GET /api/v1/pods?limit=%zz HTTP/1.1\r\nHost: local\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] line = socket.getInputStream().readNBytes("HTTP/1.1 400".length());

      assertThat(new String(line, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 400");
    }
    assertThat(f.cluster.calls().all()).extracting(KubeCall::status).containsExactly(400);
  }

  @Test
  void tellsWhatItServes() {
    assertThat(f.client.getKubernetesVersion().getMajor()).isEqualTo("1");
    assertThat(f.get("/readyz").body()).isEqualTo("ok");
    assertThat(f.client.hasApiGroup("whereabouts.cni.cncf.io", true)).isTrue();
    assertThat(f.client.getApiResources("k8s.cni.cncf.io/v1").getResources())
        .singleElement()
        .satisfies(r -> assertThat(r.getKind()).isEqualTo("NetworkAttachmentDefinition"));
    ObjectNode core = f.json("/api/v1");
    assertThat(core.path("resources")).hasSize(2);
    assertThat(f.json("/api").path("versions")).hasSize(1);
  }

  private HttpResponse<String> write(String method, String path, String body) {
    return f.send(
        f.request(path)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .build());
  }

  private static Pod pod(String name, String phase) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewStatus()
        .withPhase(phase)
        .endStatus()
        .build();
  }

  private static void refused(int code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(code));
  }
}
