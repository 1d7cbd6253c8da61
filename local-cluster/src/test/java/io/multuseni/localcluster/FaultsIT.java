// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of fault, as clients get to see it. */
class FaultsIT {
  private final Fixture f = new Fixture();
  private final KubeFaults faults = f.cluster.faults();

  @AfterEach
  void close() {
    f.close();
  }

  @ParameterizedTest
  @CsvSource({
    "400, BadRequest",
    "401, Unauthorized",
    "403, Forbidden",
    "404, NotFound",
    "409, Conflict",
    "410, Expired",
    "422, Invalid",
    "429, TooManyRequests",
    "500, InternalError",
    "503, ServiceUnavailable",
    "504, Timeout"
  })
  void answersWithAStatusOfThatCode(int code, String reason) {
    KubeFault fault = faults.on("list", "pods").answer(code);

    assertThat(f.status(Fixture.PODS, code).path("reason").asText()).isEqualTo(reason);
    assertThatThrownBy(() -> f.client.pods().inAnyNamespace().list())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(code);
              assertThat(e.getStatus().getReason()).isEqualTo(reason);
            });

    assertThat(f.get(Fixture.POOLS).statusCode()).as("other resources are not hit").isEqualTo(200);
    assertThat(fault.hits()).isEqualTo(2);
    assertThat(faults.hits()).isEqualTo(2);
    assertThat(f.cluster.calls().of("list", "pods"))
        .extracting(KubeCall::status)
        .containsExactly(code, code);
  }

  @Test
  void tellsWhenToTryAgainIfThereAreTooManyRequests() {
    faults.on("list", "pods").answer(429);

    HttpResponse<String> answer = f.get(Fixture.PODS);

    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    assertThat(Fixture.tree(answer.body()).at("/details/retryAfterSeconds").asInt()).isEqualTo(1);
  }

  @Test
  void hitsOnlyThatPage() {
    for (int i = 0; i < 5; i++) {
      f.world.pod(PodSpec.of("ns", "pod-" + i));
    }
    faults.on("list", "pods").page(2).answer(410);

    String next = f.json("/api/v1/pods?limit=2").at("/metadata/continue").asText();
    f.status("/api/v1/pods?limit=2&continue=" + next, 410);
    f.status("/api/v1/pods?limit=2&continue=" + next, 410);
    faults.clear();
    String last = f.json("/api/v1/pods?limit=2&continue=" + next).at("/metadata/continue").asText();

    assertThat(f.json("/api/v1/pods?limit=2&continue=" + last).path("items")).hasSize(1);
    assertThat(f.cluster.calls().of("list", "pods"))
        .extracting(KubeCall::page)
        .containsExactly(1, 2, 2, 2, 3);
  }

  @Test
  void hitsOnceOrFromTheKthCallOrSeveralTimes() {
    faults.on("list", "pods").answer(401).once();
    f.status(Fixture.PODS, 401);
    f.json(Fixture.PODS);

    faults.on("*", "pods").onCall(2).answer(500).times(2);
    f.json(Fixture.PODS);
    f.status("/api/v1/namespaces/ns/pods/none", 500);
    f.status(Fixture.PODS, 500);
    f.json(Fixture.PODS);
    assertThat(faults.hits()).isEqualTo(3);
  }

  @Test
  void answersHtmlWhereJsonIsExpected() {
    faults.on("list", "pods").answerHtml().once();
    faults.on("list", "pods").answerHtml(503);

    HttpResponse<String> login = f.get(Fixture.PODS);
    assertThat(login.statusCode()).isEqualTo(200);
    assertThat(login.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(login.body()).startsWith("<!DOCTYPE html>");
    assertThatThrownBy(() -> f.client.pods().inAnyNamespace().list())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(503));
  }

  @Test
  void dropsConnections() {
    faults.on("list", "pods").dropConnection().times(2);

    assertThatThrownBy(() -> f.get(Fixture.PODS)).isInstanceOf(UncheckedIOException.class);
    assertThat(f.cluster.calls().of("list", "pods"))
        .isNotEmpty()
        .allSatisfy(c -> assertThat(c.status()).isZero());
    faults.clear();
    assertThat(f.client.pods().inAnyNamespace().list().getItems()).isEmpty();
  }

  @Test
  void cutsAnAnswerInTheMiddle() {
    f.world.pod(PodSpec.of("ns", "a").annotation("big", "x".repeat(200_000)));
    faults.on("list", "pods").cutAnswer();

    assertThatThrownBy(() -> f.get(Fixture.PODS)).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> f.client.pods().inAnyNamespace().list())
        .isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void delaysWithoutDecidingWhatTheAnswerIs() {
    Duration delay = Duration.ofMillis(300);
    faults.on("list", "pods").delay(delay);
    faults.on("list", "pods").answer(503).once();

    long begin = System.nanoTime();
    f.status(Fixture.PODS, 503);
    f.json(Fixture.PODS);

    // A lower bound only: a slow machine can't break it.
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(delay.multipliedBy(2).toNanos());
  }

  @Test
  void letsThingsHappenBetweenTwoCallsOfTheSameReader() {
    f.world.pool("p", "10.0.4.0/24");
    faults
        .on("list", "ippools")
        .after(() -> {
          f.world.reserve("p", "10.0.4.9", "ns/x");
          f.world.pod(PodSpec.of("ns", "x"));
        })
        .once();
    faults.on("list", "pods").before(() -> f.world.pod(PodSpec.of("ns", "y"))).once();

    assertThat(f.json(Fixture.POOLS).at("/items/0/spec/allocations")).isEmpty();
    assertThat(f.json(Fixture.PODS).path("items")).hasSize(2);
    assertThat(f.json(Fixture.POOLS).at("/items/0/spec/allocations")).hasSize(1);
  }

  @Test
  void saysSoWhenAPlantedEventFails() {
    faults.on("list", "pods").before(() -> f.world.removePod("ns", "none")).once();

    assertThat(f.status(Fixture.PODS, 500).path("message").asText())
        .contains("there is no Pod ns/none");
  }

  @Test
  void knowsNoPathsOfADefinitionThatIsMissing() {
    f.world.pool("p", "10.0.4.0/24");
    faults.withoutCrd("ippools");

    assertThat(f.get(Fixture.POOLS).statusCode()).isEqualTo(404);
    assertThat(f.get(Fixture.POOLS + "?watch=true").statusCode()).isEqualTo(404);
    assertThatThrownBy(
            () -> f.client.genericKubernetesResources(ListIT.IP_POOLS).inAnyNamespace().list())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(404));
    assertThat(f.json("/apis/whereabouts.cni.cncf.io/v1alpha1").toString())
        .contains("nodeslicepools")
        .doesNotContain("ippools");
    f.json("/apis/whereabouts.cni.cncf.io/v1alpha1/nodeslicepools");

    faults.clear();
    assertThat(f.json(Fixture.POOLS).path("items")).hasSize(1);
  }

  @Test
  void endsTheWatchesOnADefinitionThatIsTakenAway() {
    try (var _ =
        f.client
            .genericKubernetesResources(ListIT.IP_POOLS)
            .inAnyNamespace()
            .watch(new Ignoring<>())) {
      Fixture.await("a watch", () -> f.cluster.openWatches("ippools") == 1);

      faults.withoutCrd("ippools");

      assertThat(f.cluster.openWatches("ippools")).isZero();
      assertThat(faults.hits()).isEqualTo(1);
    }
  }

  @Test
  void refusesAWatchBeforeItBegins() {
    faults.on("watch", "pods").answer(403).once();
    assertThatThrownBy(() -> f.client.pods().inAnyNamespace().watch(new Ignoring<>()))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(403));

    faults.on("watch", "pods").delay(Duration.ofMillis(50));
    try (var _ = f.client.pods().inAnyNamespace().watch(new Ignoring<>())) {
      Fixture.await("a watch", () -> f.cluster.openWatches("pods") == 1);
    }
  }

  @Test
  void dropsAWatchAsItBegins() {
    KubeFault fault = faults.on("watch", "pods").dropConnection().once();
    try (var _ = f.client.pods().inAnyNamespace().watch(new Ignoring<>())) {
      Fixture.await("the client to try again", () -> f.cluster.openWatches("pods") == 1);
      assertThat(fault.hits()).isEqualTo(1);
    }

    faults.on("watch", "pods").dropConnection();
    assertThatThrownBy(() -> f.get(Fixture.PODS + "?watch=true"))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void letsInOnlyTheTokenItRequires() {
    faults.requireToken("k8s-aws-v1.good");

    f.status(Fixture.PODS, 401);
    assertThat(withToken("k8s-aws-v1.bad").statusCode()).isEqualTo(401);
    assertThat(withToken("k8s-aws-v1.good").statusCode()).isEqualTo(200);
    assertThat(withToken("k8s-aws-v1.good").statusCode()).isEqualTo(200);
    assertThat(f.get(Fixture.PODS + "?watch=true").statusCode()).isEqualTo(401);
    assertThat(faults.acceptedTokens()).containsExactly("k8s-aws-v1.good");

    faults.requireToken(t -> t.endsWith("newer"));
    assertThat(withToken("k8s-aws-v1.good").statusCode()).isEqualTo(401);
    assertThat(withToken("k8s-aws-v1.newer").statusCode()).isEqualTo(200);
    assertThat(faults.acceptedTokens()).containsExactly("k8s-aws-v1.good", "k8s-aws-v1.newer");

    faults.clear();
    f.json(Fixture.PODS);
  }

  @Test
  void refusesFaultsThatCouldNeverFire() {
    KubeFaultBuilder builder = faults.on("list", "pods");

    assertThatIllegalArgumentException().isThrownBy(() -> builder.page(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.onCall(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.answer(200));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.answerHtml(700));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.answer(500).times(0));
  }

  private HttpResponse<String> withToken(String token) {
    return f.send(f.request(Fixture.PODS).header("Authorization", "Bearer " + token).build());
  }

  private static final class Ignoring<T> implements Watcher<T> {
    @Override
    public void eventReceived(Action action, T object) {}

    @Override
    public void onClose(WatcherException cause) {}
  }
}
