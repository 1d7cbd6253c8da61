// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.SweepReport;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Events that come twice, at once, late or never. */
class DeliveryIT {
  @Test
  void makesNothingNewWhenTheEventComesTwice() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      scene.deliver(event);
      List<String> before = scene.ours().stream().map(InterfaceView::id).toList();

      AttachReport again = scene.deliver(event);

      assertThat(again.outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(scene.ours()).extracting(InterfaceView::id).isEqualTo(before);
      assertThat(again.interfaces()).allSatisfy(one -> assertThat(one.created()).isFalse());
    }
  }

  @RepeatedTest(10)
  void makesOneSetOfInterfacesWhenTheEventComesThriceAtOnce() throws Exception {
    try (Scene scene = new Scene(s -> s.withAttachTime(Duration.ofMillis(300))).withGroup()) {
      String event = scene.launchOne();

      List<AttachReport> reports = atOnce(() -> scene.deliver(event), 3);

      assertThat(reports)
          .as(reports.toString())
          .allSatisfy(
              report -> assertThat(report.outcome()).isEqualTo(AttachReport.Outcome.CONTINUE));
      assertExactly(2, scene);
    }
  }

  @RepeatedTest(5)
  void makesOneSetOfInterfacesWhenALateEventMeetsTheSweep() throws Exception {
    try (Scene scene = new Scene(s -> s.withAttachTime(Duration.ofMillis(300))).withGroup()) {
      String event = scene.launchOne();
      scene.clock.advance(Duration.ofMinutes(3));

      List<List<AttachReport>> reports =
          atOnce(List.of(() -> List.of(scene.deliver(event)), () -> scene.sweep().launches()));

      assertThat(reports.stream().flatMap(List::stream).map(AttachReport::outcome))
          .as(reports.toString())
          .containsOnly(AttachReport.Outcome.CONTINUE);
      assertExactly(2, scene);
    }
  }

  @Test
  void finishesWhatAKilledRunBegan() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      // The run dies between its creates and its first attach, for as long as it lives.
      scene.attachingFails();
      assertThat(scene.deliver(event).outcome()).isEqualTo(AttachReport.Outcome.RETRY);
      assertThat(scene.available()).hasSize(2);
      scene.cloud.faults().clear();

      assertThat(scene.deliver(event).outcome()).isEqualTo(AttachReport.Outcome.CONTINUE);

      assertExactly(2, scene);
    }
  }

  @Test
  void isFoundByTheSweepWhenTheEventNeverComes() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      scene.launchOne();
      assertThat(scene.sweep().launches()).as("the event may still come").isEmpty();
      scene.clock.advance(Duration.ofMinutes(3));

      SweepReport report = scene.sweep();

      assertThat(report.launches())
          .extracting(AttachReport::outcome)
          .containsExactly(AttachReport.Outcome.CONTINUE);
      assertThat(scene.onlyAction().state()).isEqualTo(ActionState.CONTINUED);
      assertExactly(2, scene);
      assertThat(scene.sweep().launches()).as("nothing is left").isEmpty();
    }
  }

  private static void assertExactly(int networks, Scene scene) {
    assertThat(scene.ours()).hasSize(networks);
    assertThat(scene.ours())
        .extracting(one -> one.attachment().orElseThrow().deviceIndex())
        .containsExactlyInAnyOrder(1, 2);
    assertThat(scene.ours())
        .allSatisfy(
            one -> assertThat(one.attachment().orElseThrow().deleteOnTermination()).isTrue());
    assertThat(scene.onlyAction().state()).isEqualTo(ActionState.CONTINUED);
  }

  private static <T> List<T> atOnce(Callable<T> call, int times) throws Exception {
    List<Callable<T>> calls = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      calls.add(call);
    }
    return atOnce(calls);
  }

  private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(calls)) {
        try {
          results.add(future.get());
        } catch (ExecutionException e) {
          throw new AssertionError(e.getCause());
        }
      }
      return results;
    }
  }
}
