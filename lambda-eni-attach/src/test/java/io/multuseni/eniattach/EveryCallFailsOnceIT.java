// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.aws.AwsClients;
import io.multuseni.aws.pacing.RetrySettings;
import io.multuseni.core.report.AttachReport;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.ec2.AttachmentView;
import io.multuseni.localcloud.ec2.InterfaceView;
import io.multuseni.localcloud.fault.FaultBuilder;
import io.multuseni.localcloud.fault.PlantedFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Fails each call of a launch in turn, before and after its effect, and repeats the event: the end
 * is that of a clean run, and no interface is left over.
 */
class EveryCallFailsOnceIT {
  /** With one attempt the failure reaches the flow, which is what a long outage looks like. */
  private static final RetrySettings NO_RETRIES =
      new RetrySettings(1, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(1));

  private static final String INTERNAL = "an internal error has occurred";

  private static final Map<String, Function<FaultBuilder, PlantedFault>> PASSING =
      Map.of(
          "fails before its effect",
          fault -> fault.beforeEffect().with("InternalError", 500, INTERNAL),
          "fails after its effect",
          fault -> fault.afterEffect().with("InternalError", 500, INTERNAL),
          "is throttled",
          fault ->
              fault.beforeEffect().with("RequestLimitExceeded", 503, "Request limit exceeded."),
          "gets no answer",
          FaultBuilder::dropAnswer,
          "never arrives",
          FaultBuilder::dropRequest);

  private static final Map<String, Function<FaultBuilder, PlantedFault>> PERMANENT =
      Map.of(
          "is refused before its effect",
          fault ->
              fault
                  .beforeEffect()
                  .with(
                      "UnauthorizedOperation",
                      403,
                      "You are not authorized to perform this operation."),
          "is refused after its effect",
          fault ->
              fault
                  .afterEffect()
                  .with(
                      "UnauthorizedOperation",
                      403,
                      "You are not authorized to perform this operation."));

  @TestFactory
  Stream<DynamicTest> leadsToTheSameEndWhenTheSdkRepeatsTheCall() throws InterruptedException {
    return eachCall(PASSING, Scene.QUICK_RETRIES, this::sameEnd);
  }

  @TestFactory
  Stream<DynamicTest> leadsToTheSameEndWhenTheEventIsRepeated() throws InterruptedException {
    return eachCall(PASSING, NO_RETRIES, this::sameEnd);
  }

  @TestFactory
  Stream<DynamicTest> leavesNothingBehindWhenTheCallIsRefused() throws InterruptedException {
    return eachCall(PERMANENT, NO_RETRIES, this::nothingLeft);
  }

  private interface Check {
    void check(
        String action, int k, Function<FaultBuilder, PlantedFault> fault, RetrySettings retries)
        throws InterruptedException;
  }

  private static Stream<DynamicTest> eachCall(
      Map<String, Function<FaultBuilder, PlantedFault>> faults, RetrySettings retries, Check check)
      throws InterruptedException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Map.Entry<String, Integer> call : callsOfACleanLaunch().entrySet()) {
      for (int k = 1; k <= call.getValue(); k++) {
        int index = k;
        faults.forEach((name, fault) ->
            tests.add(
                DynamicTest.dynamicTest(
                    "%s %d %s".formatted(call.getKey(), index, name),
                    () -> check.check(call.getKey(), index, fault, retries))));
      }
    }
    return tests.stream();
  }

  private static SortedMap<String, Integer> callsOfACleanLaunch() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      assertThat(scene.deliver(scene.launchOne()).outcome())
          .isEqualTo(AttachReport.Outcome.CONTINUE);
      return scene.cloud.calls().counts();
    }
  }

  private void sameEnd(
      String action, int k, Function<FaultBuilder, PlantedFault> fault, RetrySettings retries)
      throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      String event = scene.launchOne();
      PlantedFault planted = fault.apply(scene.cloud.faults().fail(action).onCall(k));

      AttachReport report = deliver(scene, event, retries);
      for (int i = 0; i < 2 && report.outcome() == AttachReport.Outcome.RETRY; i++) {
        report = deliver(scene, event, retries);
      }

      assertThat(planted.hits()).isEqualTo(1);
      assertThat(report.outcome()).as(report.message()).isEqualTo(AttachReport.Outcome.CONTINUE);
      assertThat(endOf(scene)).isEqualTo(cleanEnd());
      assertThat(scene.available()).isEmpty();
    }
  }

  private void nothingLeft(
      String action, int k, Function<FaultBuilder, PlantedFault> fault, RetrySettings retries)
      throws InterruptedException {
    try (Scene scene = new Scene(settings -> settings.withReplaceAbandoned(false)).withGroup()) {
      String event = scene.launchOne();
      PlantedFault planted = fault.apply(scene.cloud.faults().fail(action).onCall(k));

      AttachReport report = deliver(scene, event, retries);
      for (int i = 0; i < 2 && report.outcome() == AttachReport.Outcome.RETRY; i++) {
        report = deliver(scene, event, retries);
      }

      assertThat(planted.hits()).isEqualTo(1);
      ActionState state = scene.onlyAction().state();
      assertThat(state).as(report.message()).isIn(ActionState.CONTINUED, ActionState.ABANDONED);
      scene.cloud.settle();
      if (state == ActionState.ABANDONED) {
        assertThat(scene.ours()).as(report.message()).isEmpty();
      } else {
        // A refusal that came after the effect, or of a call that nothing depends on.
        assertThat(endOf(scene)).isEqualTo(cleanEnd());
      }
    }
  }

  private static AttachReport deliver(Scene scene, String event, RetrySettings retries) {
    try (AwsClients clients = AwsClients.emulator(scene.cloud.endpoint(), retries, scene.time)) {
      return scene.deliver(
          event,
          new EniAttachHandler(
              new Sandbox(scene.config(), clients, scene.time, Telemetry.none(), false)));
    }
  }

  private static List<String> cleanEnd() throws InterruptedException {
    try (Scene scene = new Scene().withGroup()) {
      scene.deliver(scene.launchOne());
      return endOf(scene);
    }
  }

  /** What the world looks like, without the ids, which differ from run to run. */
  private static List<String> endOf(Scene scene) {
    List<String> end = new ArrayList<>();
    end.add("action " + scene.onlyAction().state());
    for (InterfaceView one : scene.ours()) {
      AttachmentView attachment = one.attachment().orElseThrow();
      end.add(
          "card %d device %d %s deleteOnTermination=%s sourceDestCheck=%s subnet=%s network=%s noManage=%s/%s"
              .formatted(
                  attachment.networkCardIndex(),
                  attachment.deviceIndex(),
                  attachment.status(),
                  attachment.deleteOnTermination(),
                  one.sourceDestCheck(),
                  one.subnetId().equals(scene.n3a)
                      ? "n3a"
                      : one.subnetId().equals(scene.n6a) ? "n6a" : "?",
                  one.tags().get("multus-eni/network"),
                  one.tags().get("node.k8s.amazonaws.com/no_manage"),
                  one.tags().get("no_manage")));
    }
    end.sort(String::compareTo);
    return end;
  }
}
