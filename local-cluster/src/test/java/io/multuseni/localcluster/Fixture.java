// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A cluster with two clients: fabric8's, and plain HTTP for a second opinion. */
final class Fixture implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);
  static final String PODS = "/api/v1/pods";
  static final String POOLS = "/apis/whereabouts.cni.cncf.io/v1alpha1/ippools";

  final LocalCluster cluster = LocalCluster.start();
  final ClusterWorld world = cluster.world();
  final KubernetesClient client = client(cluster.endpoint());
  final HttpClient http = HttpClient.newHttpClient();

  /** A client that doesn't try again by itself: each test sees each answer. */
  static KubernetesClient client(URI endpoint) {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder()
                .withAutoConfigure(false)
                .withMasterUrl(endpoint.toString())
                .withRequestRetryBackoffLimit(0)
                .build())
        .build();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(cluster.endpoint().resolve(path));
  }

  HttpResponse<String> get(String path) {
    return send(request(path).build());
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The JSON object at a path, which must be answered with 200. */
  ObjectNode json(String path) {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return tree(answer.body());
  }

  static ObjectNode tree(String text) {
    return Json.parseObject(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The Status object of a refusal. */
  ObjectNode status(String path, int code) {
    HttpResponse<String> answer = get(path);
    ObjectNode status = tree(answer.body());
    assertThat(answer.statusCode()).isEqualTo(code);
    assertThat(status.path("kind").asText()).isEqualTo("Status");
    assertThat(status.path("status").asText()).isEqualTo("Failure");
    assertThat(status.path("code").asInt()).isEqualTo(code);
    assertThat(status.path("message").asText()).isNotEmpty();
    return status;
  }

  /** Waits until something is so. */
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("still waiting for: " + what).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }

  @Override
  public void close() {
    client.close();
    http.close();
    cluster.close();
  }
}
