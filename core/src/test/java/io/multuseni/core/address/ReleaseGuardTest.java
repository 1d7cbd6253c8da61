// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import static io.multuseni.core.address.Scene.finished;
import static io.multuseni.core.address.Scene.running;
import static io.multuseni.core.address.Scene.steps;
import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.config.Reconciliation.Source;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseGuardTest {
  private static final Set<Source> WHEREABOUTS = Set.of(Source.WHEREABOUTS);

  @Test
  void poolsThatAreSuddenlyEmptyWhilePodsShowTheirAddressesReleaseNothing() {
    Scene scene = new Scene().subnet("s4", "10.0.4.0/24").node("a");
    scene.limits(Scene.TYPE, 50, 50).pool("10.0.4.0/24");
    String[] assigned = new String[41];
    for (int i = 0; i < 40; i++) {
      assigned[i] = "10.0.4." + (100 + i);
      scene.pod(running("ns/p" + i, "a").got("ns/n6", "net1", assigned[i]));
    }
    assigned[40] = "10.0.4.99";
    scene.eni("eni-a", "a", 1, "s4", "10.0.4.20", assigned);

    // The pods keep their own addresses in any case; the guard keeps the one that nobody shows.
    assertThat(scene.planAfterGrace().isEmpty()).isTrue();
    assertThat(scene.plan().guard())
        .contains(
            new ReleaseGuard.Stop(
                ReleaseGuard.Kind.EMPTY_ANSWER,
                "nothing was released, 1 address(es) wait: no reservation is left, while living"
                    + " pods show addresses of the pools; check the API server and whereabouts, or unassign them in EC2 by hand"));
  }

  @Test
  void finishedPodsThatShowAddressesAreNoReasonToStop() {
    Scene scene =
        Scene.ofOneNode()
            .secondary("eni-a", "10.0.4.70")
            .pool("10.0.4.0/24")
            .pod(finished("ns/p", "a").got("ns/n6", "net1", "10.0.4.70"));

    assertThat(steps(scene.planAfterGrace())).containsExactly("1 release stale eni-a [10.0.4.70]");
    assertThat(scene.plan().guard()).isEmpty();
  }

  @Test
  void anAnswerWithoutNodesReleasesNothing() {
    Scene scene = oneStale().withoutNode("a");

    assertThat(scene.planAfterGrace().isEmpty()).isTrue();
    assertThat(scene.plan().guard().orElseThrow().message())
        .isEqualTo(
            "nothing was released, 1 address(es) wait: the Kubernetes API shows no node;"
                + " check the API server and whereabouts, or unassign them in EC2 by hand");
  }

  @Test
  void anAnswerWithoutPodsReleasesNothing() {
    Scene scene = oneStale().withoutPod("ns/p");

    assertThat(scene.planAfterGrace().isEmpty()).isTrue();
    assertThat(scene.plan().guard().orElseThrow().message())
        .isEqualTo(
            "nothing was released, 1 address(es) wait: the Kubernetes API shows no pod;"
                + " check the API server and whereabouts, or unassign them in EC2 by hand");
  }

  @Test
  void anAnswerWithoutPoolsReleasesNothing() {
    Scene scene = oneStale().withoutPools().settings(WHEREABOUTS, 0.5, "10.0.4.0/24");

    assertThat(scene.planAfterGrace().isEmpty()).isTrue();
    assertThat(scene.plan().guard())
        .contains(
            new ReleaseGuard.Stop(
                ReleaseGuard.Kind.EMPTY_ANSWER,
                "nothing was released, 1 address(es) wait: there is no IPPool; check the API"
                    + " server and whereabouts, or unassign them in EC2 by hand"));
  }

  @Test
  void missingPoolsAreNoReasonToStopWhereWhereaboutsIsNoSource() {
    Scene scene =
        oneStale().withoutPools().settings(Set.of(Source.NETWORK_STATUS), 0.5, "10.0.4.0/24");

    assertThat(steps(scene.planAfterGrace())).containsExactly("1 release stale eni-a [10.0.4.79]");
  }

  @Test
  void whereNothingIsToBeReleasedNothingIsStopped() {
    assertThat(oneStale().secondary("eni-a").withoutPod("ns/p").plan().guard()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // Ten may always go, even if they are all.
    "10, 0, 0.5, false",
    "10, 0, 0, false",
    "11, 0, 0.5, true",
    "11, 0, 1, false",
    // A half of all is still allowed.
    "12, 12, 0.5, false",
    "12, 11, 0.5, true",
    "11, 30, 0, true",
    "11, 33, 0.25, false",
    "11, 32, 0.25, true"
  })
  void moreThanTenAndMoreThanTheFractionAreTooMany(
      int stale, int reserved, double fraction, boolean stopped) {
    Scene scene = many(stale, reserved, fraction);

    assertThat(scene.plan().stale()).hasSize(stale);
    assertThat(scene.plan().guard().map(ReleaseGuard.Stop::kind))
        .isEqualTo(stopped ? Optional.of(ReleaseGuard.Kind.TOO_MANY) : Optional.empty());
    assertThat(scene.planAfterGrace().isEmpty()).isEqualTo(stopped);
  }

  @Test
  void tellsHowManyAreTooMany() {
    assertThat(many(12, 11, 0.5).plan().guard().orElseThrow().message())
        .isEqualTo(
            "nothing was released: 12 of 23 managed addresses have no reservation, more than"
                + " maxReleaseFraction 0.5 allows; check whereabouts' pools, and raise"
                + " maxReleaseFraction if they are right");
  }

  @Test
  void aStopHoldsBackTheRoomOfAFullInterfaceToo() {
    Scene scene = oneStale().limits(Scene.TYPE, 2, 2);
    assertThat(steps(scene.planAfterGrace()))
        .containsExactly("1 release room eni-a [10.0.4.79]", "2 assign eni-a [10.0.4.70]");

    scene.withoutNode("a");

    assertThat(scene.planAfterGrace().isEmpty()).isTrue();
  }

  private static Scene oneStale() {
    return Scene.ofOneNode()
        .secondary("eni-a", "10.0.4.79")
        .pool("10.0.4.0/24", "70=ns/p")
        .pod(running("ns/p", "a"));
  }

  private static Scene many(int stale, int reserved, double fraction) {
    Scene scene = new Scene().limits(Scene.TYPE, 100, 100).subnet("s4", "10.0.4.0/24").node("a");
    String[] addresses =
        IntStream.range(0, stale + reserved)
            .mapToObj(i -> "10.0.4." + (100 + i))
            .toArray(String[]::new);
    String[] allocations =
        IntStream.range(0, reserved).mapToObj(i -> (100 + i) + "=ns/p").toArray(String[]::new);
    return scene
        .eni("eni-a", "a", 1, "s4", "10.0.4.20", addresses)
        .pool("10.0.4.0/24", allocations)
        .pod(running("ns/p", "a"))
        .settings(WHEREABOUTS, fraction);
  }
}
