// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.base.Deadline;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.core.report.ReconcileReport.Kind;
import io.multuseni.localcluster.PodSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a run does after its pass, and what two runs do to each other. */
class WatchIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ClusterScene scene =
      new ClusterScene().reconciling("{watch: true, periodSeconds: 60, releaseGraceSeconds: 60}");
  private String a;
  private String b;

  /** A run in a thread of its own, as a second sandbox would be. */
  private final class Run implements AutoCloseable {
    private final List<ReconcileReport> reports = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final Thread thread;

    Run(ReconcileFlow flow) {
      thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  flow.run(Deadline.in(scene.time, Duration.ofMinutes(15)), reports::add);
                } catch (RuntimeException | Error e) {
                  failures.add(e);
                }
              });
      await("the pass is over", () -> !reports.isEmpty() || !failures.isEmpty());
      assertThat(failures).isEmpty();
    }

    ReconcileReport pass() {
      return reports.getFirst();
    }

    /** Lets the clock pass the end of the watch, and gives its report. */
    ReconcileReport end() throws InterruptedException {
      scene.clock.advance(Duration.ofSeconds(76));
      return join();
    }

    ReconcileReport join() throws InterruptedException {
      assertThat(thread.join(PATIENCE)).as("the run ends").isTrue();
      assertThat(failures).isEmpty();
      assertThat(reports).extracting(ReconcileReport::kind).containsExactly(Kind.PASS, Kind.WATCH);
      return reports.getLast();
    }

    @Override
    public void close() {
      scene.clock.advance(Duration.ofMinutes(10));
    }
  }

  @BeforeEach
  void build() {
    a = scene.node("a", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    b = scene.node("b", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    scene.pool("p", "10.0.30.128/25");
    scene.pod("one", "a", "p", "10.0.30.130");
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private static void await(String what, BooleanSupplier condition) {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("waiting until " + what).isBefore(end);
      Thread.onSpinWait();
    }
  }

  /** Only a look at everything moves an address, so that one which moves shows that look. */
  private void theWatchLooksAtEverything() {
    String mover = scene.addressesOf(a).contains("10.0.30.201") ? "b" : "a";
    if (!scene.addresses().values().stream().anyMatch(one -> one.contains("10.0.30.201"))) {
      scene.pod("mover", "b", "p", "10.0.30.201");
      await("the pod has its address", () -> scene.addressesOf(b).contains("10.0.30.201"));
    }
    scene.kubernetes.changePod(ClusterScene.running("mover", mover, "10.0.30.201"));
    await(
        "the pod has moved",
        () -> scene.addressesOf(mover.equals("a") ? a : b).contains("10.0.30.201"));
  }

  private Run start() {
    return new Run(scene.flow());
  }

  @Test
  void servesAReservationThatComesAfterThePass() throws InterruptedException {
    try (Run run = start()) {
      scene.pod("late", "b", "p", "10.0.30.140");
      await("the address is there", () -> scene.addressesOf(b).contains("10.0.30.140"));

      ReconcileReport watched = run.end();

      assertThat(run.pass().assigned()).hasSize(1);
      assertThat(watched.assigned())
          .extracting(ReconcileReport.Assigned::address)
          .containsExactly("10.0.30.140");
      assertThat(watched.kept()).isGreaterThanOrEqualTo(1);
      assertThat(watched.drift()).isZero();
    }
  }

  @Test
  void movesAnAddressAfterReadingWhoHasIt() throws InterruptedException {
    try (Run run = start()) {
      scene.cloud.calls().clear();
      scene.kubernetes.changePod(ClusterScene.running("one", "b", "10.0.30.130"));
      await("the address has moved", () -> scene.addressesOf(b).contains("10.0.30.130"));

      assertThat(run.end().moved()).hasSize(1);
      assertThat(scene.cloud.calls().counts())
          .containsEntry("DescribeNetworkInterfaces", 1)
          .containsEntry("AssignPrivateIpAddresses", 1);
      assertThat(scene.addressesOf(a)).isEmpty();
    }
  }

  @Test
  void followsAnAddressThatSomebodyElseMovedSinceThePass() throws InterruptedException {
    String c = scene.node("c", ClusterScene.M5_XLARGE, scene.n3).getFirst();
    try (Run run = start()) {
      scene.cloud.world().assignByHand(c, "10.0.30.130");
      scene.kubernetes.changePod(ClusterScene.running("one", "b", "10.0.30.130"));
      await("the address has moved", () -> scene.addressesOf(b).contains("10.0.30.130"));

      assertThat(run.end().moved())
          .extracting(ReconcileReport.Moved::fromNetworkInterfaceId)
          .containsExactly(c);
    }
  }

  @Test
  void neverTakesWhatASomebodyElseTookSinceThePass() throws InterruptedException {
    String foreign = scene.networkInterface(scene.n3, "another-cluster", "10.0.30.99");
    try (Run run = start()) {
      scene.cloud.world().assignByHand(foreign, "10.0.30.130");
      scene.cloud.calls().clear();
      scene.kubernetes.changePod(ClusterScene.running("one", "b", "10.0.30.130"));
      // Before the move, after the refusal, and to find who has it.
      await(
          "the watch has tried",
          () -> scene.cloud.calls().counts().getOrDefault("DescribeNetworkInterfaces", 0) >= 3);
      theWatchLooksAtEverything();

      ReconcileReport watched = run.end();

      assertThat(scene.addressesOf(foreign)).containsExactly("10.0.30.130");
      assertThat(watched.unplaced())
          .extracting(ReconcileReport.UnplacedAddress::reason)
          .containsExactly("FOREIGN_HOLDER");
      assertThat(watched.drift()).isEqualTo(1);
    }
  }

  @Test
  void releasesWhenTheGraceIsOverAndASecondReadingAgrees() throws InterruptedException {
    scene.reconciling("{watch: true, periodSeconds: 600, releaseGraceSeconds: 60}");
    scene.pod("two", "a", "p", "10.0.30.131");
    try (Run run = start()) {
      scene.kubernetes.removePod("ns", "two");
      scene.kubernetes.release("p", "10.0.30.131");
      theWatchLooksAtEverything();
      assertThat(scene.addressesOf(a)).contains("10.0.30.131");

      await(
          "the address is gone",
          () -> {
            scene.clock.advance(Duration.ofSeconds(1));
            LockSupport.parkNanos(10_000_000);
            return !scene.addressesOf(a).contains("10.0.30.131");
          });
      scene.clock.advance(Duration.ofMinutes(11));

      assertThat(run.join().released())
          .containsExactly(new ReconcileReport.Released("10.0.30.131", a, "NO_RESERVATION"));
    }
  }

  @Test
  void forgetsThatAnAddressWasWithoutReservationOnceItHasOneAgain() throws InterruptedException {
    scene.pod("two", "a", "p", "10.0.30.131");
    try (Run run = start()) {
      scene.kubernetes.release("p", "10.0.30.131");
      scene.kubernetes.removePod("ns", "two");
      theWatchLooksAtEverything();
      scene.pod("three", "a", "p", "10.0.30.131");
      theWatchLooksAtEverything();

      scene.clock.advance(Duration.ofSeconds(61));
      theWatchLooksAtEverything();
      scene.clock.advance(Duration.ofSeconds(15));

      assertThat(run.join().released()).isEmpty();
      assertThat(scene.addressesOf(a)).contains("10.0.30.131");
    }
  }

  @Test
  void learnsTheInterfacesOfANodeThatJoinsAfterThePass() throws InterruptedException {
    try (Run run = start()) {
      String c = scene.node("c", ClusterScene.M5_XLARGE, scene.n3).getFirst();
      scene.pod("late", "c", "p", "10.0.30.140");
      await("the address is there", () -> scene.addressesOf(c).contains("10.0.30.140"));

      assertThat(run.end().unplaced()).isEmpty();
    }
  }

  @Test
  void readsEverythingAnewWhenItsWatchIsToldThatItsVersionIsGone() throws InterruptedException {
    try (Run run = start()) {
      scene.cluster.calls().clear();
      scene.cluster.faults().expireWatches("pods");
      await(
          "everything is read anew",
          () -> scene.cluster.calls().counts().getOrDefault("list pods", 0) > 0);
      await("it watches again", () -> scene.cluster.openWatches("pods") == 1);
      scene.pod("late", "b", "p", "10.0.30.140");
      await("the address is there", () -> scene.addressesOf(b).contains("10.0.30.140"));

      assertThat(run.end().drift()).isZero();
    }
  }

  @Test
  void goesOnWhenTheConnectionsOfItsWatchesBreak() throws InterruptedException {
    try (Run run = start()) {
      scene.cluster.faults().dropWatches("pods");
      scene.cluster.faults().dropWatches("ippools");
      scene.pod("late", "b", "p", "10.0.30.140");
      await("the address is there", () -> scene.addressesOf(b).contains("10.0.30.140"));

      assertThat(run.end().drift()).isZero();
    }
  }

  @Test
  void saysWhyItCanNotWatchAndStillFollows() throws InterruptedException {
    scene
        .cluster
        .faults()
        .on("watch", "pods")
        .answer(403, "Forbidden", "pods is forbidden: User \"multus-eni\" cannot watch it");
    try (Run run = start()) {
      scene.pod("late", "b", "p", "10.0.30.140");
      await(
          "everything is read anew",
          () -> {
            // It tries again after a pause, which passes by this clock.
            scene.clock.advance(Duration.ofSeconds(1));
            LockSupport.parkNanos(20_000_000);
            return scene.addressesOf(b).contains("10.0.30.140")
                || !scene.clock.now().isBefore(Instant.parse("2026-11-25T00:01:14Z"));
          });
      assertThat(scene.addressesOf(b)).contains("10.0.30.140");

      assertThat(run.end().problems())
          .anySatisfy(problem ->
              assertThat(problem)
                  .startsWith("everything is read anew: watch of pods: ")
                  .contains("watch pods", "rbac.yaml"));
    }
  }

  @Test
  void sendsNothingForChangesThatSayNothingAboutAddresses() throws InterruptedException {
    try (Run run = start()) {
      scene.cloud.calls().clear();
      PodSpec touched =
          ClusterScene.running("one", "a", "10.0.30.130").annotation("touched", "by a kubelet");
      scene.kubernetes.changePod(touched);
      scene.kubernetes.pod(PodSpec.of("ns", "without-networks").onNode("a").phase("Running"));

      run.end();

      assertThat(scene.changes()).isEmpty();
    }
  }

  @Test
  void twoRunsAtOnceComeToTheSameEnd() throws InterruptedException {
    try (Run older = start()) {
      scene.clock.advance(Duration.ofSeconds(30));
      try (Run younger = start()) {
        for (int i = 0; i < 20; i++) {
          scene.pod("pod-" + i, i % 2 == 0 ? "a" : "b", "p", "10.0.30." + (150 + i));
        }
        for (int i = 0; i < 20; i += 3) {
          scene.kubernetes.changePod(
              ClusterScene.running("pod-" + i, i % 2 == 0 ? "b" : "a", "10.0.30." + (150 + i)));
        }
        await(
            "all addresses are where their pods are",
            () -> {
              for (int i = 0; i < 20; i++) {
                boolean onA = (i % 2 == 0) != (i % 3 == 0);
                if (!scene.addressesOf(onA ? a : b).contains("10.0.30." + (150 + i))) {
                  return false;
                }
              }
              return true;
            });

        ReconcileReport first = older.end();
        ReconcileReport second = younger.join();

        assertThat(first.unfinished()).isEmpty();
        assertThat(second.unfinished()).isEmpty();
        assertThat(second.drift()).isZero();
      }
    }
    scene.cloud.calls().clear();
    ReconcileReport after = scene.reconcile();
    assertThat(after.kept()).isEqualTo(21);
    assertThat(scene.changes()).isEmpty();
  }

  @Test
  void aPassReleasesNothingThatAnOlderWatcherHasJustAssigned() throws InterruptedException {
    try (Run older = start()) {
      scene.pod("late", "b", "p", "10.0.30.140");
      await("the address is there", () -> scene.addressesOf(b).contains("10.0.30.140"));

      ReconcileReport pass = scene.reconcile();

      assertThat(pass.released()).isEmpty();
      assertThat(pass.pendingRelease()).isEmpty();
      older.end();
    }
  }
}
