// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.multuseni.localcluster.KubeFaultBuilder;
import io.multuseni.localcluster.PodSpec;
import io.multuseni.localcluster.StatusEntry;
import io.multuseni.locallambda.Invocation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar that is deployed, run as Lambda runs it. What shrinking took away shows only when it is
 * reached, so everything that code may reach by reflection is walked here.
 */
@Timeout(300)
class ShrunkJarIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private final ClusterScene scene =
      new ClusterScene().reconciling("{watch: false, releaseGraceSeconds: 0}");
  private String a;
  private String b;

  @BeforeEach
  void build() {
    a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    b = scene.node("b", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.pool("p4", "10.0.30.128/25");
    scene.pool("p6", "fd00:30::1:0/112");
    scene.kubernetes.reserve("p4", "10.0.30.130", "ns/dual", "net1");
    scene.kubernetes.reserve("p6", "fd00:30::1:10", "ns/dual", "net1");
    scene.kubernetes.pod(dual("a"));
    scene.cluster.faults().requireToken(token -> token.startsWith("k8s-aws-v1."));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private static PodSpec dual(String node) {
    return PodSpec.of("ns", "dual")
        .onNode(node)
        .phase("Running")
        .networks("ns/n3")
        .status(StatusEntry.of("ns/n3", "net1", "10.0.30.130", "fd00:30::1:10"));
  }

  @Test
  void assignsMovesAndReleasesBothFamilies() {
    try (DeployedFunction function = new DeployedFunction(scene, folder, TIMEOUT)) {
      Invocation first = function.invoke();
      assertThat(scene.addressesOf(a)).containsExactly("10.0.30.130", "fd00:30::1:10");
      assertThat(DeployedFunction.tree(first.result()).path("assigned")).hasSize(2);
      assertThat(first.log())
          .anySatisfy(line -> assertThat(line).contains("\"report\"", "2 assigned"))
          .anySatisfy(
              line -> assertThat(line).contains("\"_aws\"", "AddressesAssigned", "multus-eni"));

      scene.kubernetes.changePod(dual("b"));
      function.report();
      function.report();
      assertThat(scene.addressesOf(a)).isEmpty();
      assertThat(scene.addressesOf(b)).containsExactly("10.0.30.130", "fd00:30::1:10");

      scene.kubernetes.removePod("ns", "dual");
      scene.kubernetes.releaseAll("p4");
      scene.kubernetes.releaseAll("p6");
      scene.pod("other", "a", "p4", "10.0.30.140");
      function.report();
      function.report();
      assertThat(scene.addressesOf(b)).isEmpty();
      assertThat(scene.addressesOf(a)).containsExactly("10.0.30.140");
      assertThat(function.described).hasValue(1);
      assertThat(scene.cluster.faults().acceptedTokens()).isNotEmpty();
    }
  }

  @Test
  void servesAPodThatComesWhileItWatches() throws Exception {
    scene.reconciling("{watch: true, periodSeconds: 60, releaseGraceSeconds: 60}");
    try (DeployedFunction function = new DeployedFunction(scene, folder, Duration.ofSeconds(45))) {
      CompletableFuture<Invocation> running = CompletableFuture.supplyAsync(function::invoke);
      awaitThePass(running);
      scene.pod("late", "b", "p4", "10.0.30.150");
      Invocation invocation = running.get(120, TimeUnit.SECONDS);

      assertThat(scene.addressesOf(b)).containsExactly("10.0.30.150");
      assertThat(invocation.payload()).isPresent();
      assertThat(invocation.log())
          .anySatisfy(line -> assertThat(line).contains("\"kind\":\"WATCH\"", "1 assigned"));
    }
  }

  private void awaitThePass(CompletableFuture<Invocation> running) throws InterruptedException {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    while (scene.addressesOf(a).size() < 2) {
      assertThat(running.isDone() || System.nanoTime() > end).as("no pass").isFalse();
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Test
  void readsPagesAndTriesAgainWhatKubernetesRefuses() {
    for (int i = 0; i < 600; i++) {
      scene.kubernetes.pod(PodSpec.of("other", "pod-" + i).onNode("a").phase("Running"));
    }
    Map<String, Consumer<KubeFaultBuilder>> faults =
        Map.of(
            "401", fault -> fault.answer(401).once(),
            "429", fault -> fault.answer(429).once(),
            "503", fault -> fault.answer(503).once(),
            "dropped", fault -> fault.dropConnection().once(),
            "cut", fault -> fault.cutAnswer().once());
    try (DeployedFunction function = new DeployedFunction(scene, folder, TIMEOUT)) {
      JsonNode first = function.report();
      assertThat(first.path("assigned")).as(first.toString()).hasSize(2);
      assertThat(scene.cluster.calls().of("list", "pods")).hasSizeGreaterThan(1);

      faults.forEach((name, fault) -> {
        fault.accept(scene.cluster.faults().on("list", "ippools"));
        JsonNode report = function.report();
        assertThat(report.path("drift").asInt(-1)).as(name + report).isZero();
      });
      assertThat(scene.cluster.faults().hits()).isGreaterThanOrEqualTo(faults.size());
    }
  }

  @Test
  void saysWhatKubernetesRefusesForGood() {
    try (DeployedFunction function = new DeployedFunction(scene, folder, TIMEOUT)) {
      scene
          .cluster
          .faults()
          .on("list", "ippools")
          .answer(403, "Forbidden", "ippools is forbidden: no such binding");

      Invocation invocation = function.invoke();

      assertThat(invocation.result() + invocation.error()).contains("no such binding");
      assertThat(scene.changes()).isEmpty();
    }
  }

  @Test
  void eachCallOfEc2MayFailOnce() {
    try (DeployedFunction function = new DeployedFunction(scene, folder, TIMEOUT)) {
      int address = 150;
      function.report();
      for (String call : List.of("DescribeNetworkInterfaces", "AssignPrivateIpAddresses")) {
        for (String code : List.of("InternalError", "RequestLimitExceeded")) {
          String wanted = "10.0.30." + address++;
          scene.pod("pod-" + address, "b", "p4", wanted);
          scene.cloud.faults().fail(call).onCall(1).with(code, 503, "once");

          function.report();
          function.report();

          assertThat(scene.addressesOf(b)).as(call + code).contains(wanted);
          scene.cloud.faults().clear();
        }
      }
    }
  }

  @Test
  void holdsEachEntryOnceAndOnlyWhatIsDeployed() throws IOException {
    try (JarFile jar = new JarFile(DeployedFunction.JAR.toFile())) {
      List<String> names = jar.stream().map(entry -> entry.getName()).toList();

      assertThat(names).doesNotHaveDuplicates().contains("META-INF/LICENSE", "META-INF/NOTICE");
      assertThat(names)
          .contains(IpReconcileHandler.class.getName().replace('.', '/') + ".class")
          .noneMatch(name ->
              name.matches(
                  "org/slf4j/simple/.*|ch/qos/.*|org/junit/.*|org/assertj/.*|io/vertx/.*"
                      + "|io/multuseni/(localcloud|localcluster|locallambda|shrinker)/.*"
                      + "|software/amazon/awssdk/http/(apache5?|nio)/.*|proguard/.*"
                      + "|.*(Test|IT)\\.class|META-INF/(maven|versions)/.*|.*module-info\\.class"));
    }
  }
}
