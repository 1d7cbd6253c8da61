// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.aws.AwsClients;
import io.multuseni.aws.pacing.RetrySettings;
import io.multuseni.base.Deadline;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.report.AttachReport;
import io.multuseni.localcloud.Settings;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.autoscaling.HookSpec;
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
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Fails each call of a launch, a sweep and a termination in turn, before and after its effect, and
 * repeats the event: the end is that of a clean run, and no interface is left over.
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

  /** One try to bring something about; true when it is done. */
  private interface Try {
    boolean done(Scene scene, RetrySettings retries) throws InterruptedException;
  }

  /** Something that the product sees through, and how its world is set up. */
  private record Story(Setup setup, Try once) {
    interface Setup {
      Scene ready() throws InterruptedException;
    }
  }

  private static Story launch(UnaryOperator<Settings> settings) {
    String[] event = new String[1];
    return new Story(
        () -> {
          Scene scene = new Scene(settings).withGroup();
          event[0] = scene.launchOne();
          return scene;
        },
        (scene, retries) ->
            deliver(scene, event[0], retries).outcome() != AttachReport.Outcome.RETRY);
  }

  private static Story sweepAfterALostEvent() {
    return new Story(
        () -> {
          Scene scene = new Scene().withGroup();
          scene.launchOne();
          scene.clock.advance(Duration.ofMinutes(11));
          return scene;
        },
        (scene, retries) -> {
          try (AwsClients clients =
              AwsClients.emulator(scene.cloud.endpoint(), retries, scene.time)) {
            return new SweepFlow(scene.config(), clients, scene.time, false)
                .run(Deadline.in(scene.time, Duration.ofMinutes(2))).launches().stream()
                    .allMatch(report -> report.outcome() != AttachReport.Outcome.RETRY);
          } catch (CallFailure failure) {
            // As Lambda would: the invocation fails, and the next minute brings another.
            return false;
          }
        });
  }

  private static Story termination() {
    String[] event = new String[1];
    return new Story(
        () -> {
          Scene scene = new Scene(settings -> settings.withReplaceAbandoned(false));
          scene.withGroup(
              "m5.xlarge",
              HookSpec.launching("multus-eni-launch").withHeartbeatTimeout(Duration.ofMinutes(30)),
              HookSpec.terminating("multus-eni-terminate"));
          String launch = scene.launchOne();
          scene.deliver(launch);
          scene.ours().forEach(one -> scene.cloud.world().setDeleteOnTermination(one.id(), false));
          event[0] =
              Lifecycle.eventOf(
                  scene, () -> scene.cloud.world().scaleIn(Lifecycle.instanceOf(launch)));
          scene.cloud.calls().clear();
          return scene;
        },
        (scene, retries) ->
            deliver(scene, event[0], retries).outcome() != AttachReport.Outcome.RETRY);
  }

  @TestFactory
  Stream<DynamicTest> aLaunchLeadsToTheSameEndWhenTheSdkRepeatsTheCall()
      throws InterruptedException {
    return eachCall(() -> launch(s -> s), PASSING, Scene.QUICK_RETRIES, this::sameEnd);
  }

  @TestFactory
  Stream<DynamicTest> aLaunchLeadsToTheSameEndWhenTheEventIsRepeated() throws InterruptedException {
    return eachCall(() -> launch(s -> s), PASSING, NO_RETRIES, this::sameEnd);
  }

  @TestFactory
  Stream<DynamicTest> aLaunchOnASlowCloudLeadsToTheSameEnd() throws InterruptedException {
    return eachCall(
        () ->
            launch(s ->
                s.withBootTime(Duration.ofMillis(40))
                    .withAttachTime(Duration.ofMillis(20))
                    .withVisibilityDelay(Duration.ofMillis(10))),
        PASSING,
        NO_RETRIES,
        this::sameEnd);
  }

  @TestFactory
  Stream<DynamicTest> aSweepLeadsToTheSameEndWhenItIsRepeated() throws InterruptedException {
    return eachCall(EveryCallFailsOnceIT::sweepAfterALostEvent, PASSING, NO_RETRIES, this::sameEnd);
  }

  @TestFactory
  Stream<DynamicTest> aTerminationLeadsToTheSameEndWhenTheEventIsRepeated()
      throws InterruptedException {
    return eachCall(EveryCallFailsOnceIT::termination, PASSING, NO_RETRIES, this::sameEnd);
  }

  @TestFactory
  Stream<DynamicTest> aLaunchLeavesNothingBehindWhenTheCallIsRefused() throws InterruptedException {
    return eachCall(
        () -> launch(s -> s.withReplaceAbandoned(false)), PERMANENT, NO_RETRIES, this::nothingLeft);
  }

  private interface Check {
    void check(
        Supplier<Story> story,
        String action,
        int k,
        Function<FaultBuilder, PlantedFault> fault,
        RetrySettings retries)
        throws InterruptedException;
  }

  private static Stream<DynamicTest> eachCall(
      Supplier<Story> story,
      Map<String, Function<FaultBuilder, PlantedFault>> faults,
      RetrySettings retries,
      Check check)
      throws InterruptedException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Map.Entry<String, Integer> call : callsOfACleanRun(story.get()).entrySet()) {
      for (int k = 1; k <= call.getValue(); k++) {
        int index = k;
        faults.forEach((name, fault) ->
            tests.add(
                DynamicTest.dynamicTest(
                    "%s %d %s".formatted(call.getKey(), index, name),
                    () -> check.check(story, call.getKey(), index, fault, retries))));
      }
    }
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  private static SortedMap<String, Integer> callsOfACleanRun(Story story)
      throws InterruptedException {
    try (Scene scene = story.setup().ready()) {
      assertThat(story.once().done(scene, Scene.QUICK_RETRIES)).isTrue();
      return scene.cloud.calls().counts();
    }
  }

  private static List<String> cleanEnd(Story story) throws InterruptedException {
    try (Scene scene = story.setup().ready()) {
      assertThat(story.once().done(scene, Scene.QUICK_RETRIES)).isTrue();
      scene.cloud.settle();
      return endOf(scene);
    }
  }

  private void sameEnd(
      Supplier<Story> stories,
      String action,
      int k,
      Function<FaultBuilder, PlantedFault> fault,
      RetrySettings retries)
      throws InterruptedException {
    Story story = stories.get();
    try (Scene scene = story.setup().ready()) {
      PlantedFault planted = fault.apply(scene.cloud.faults().fail(action).onCall(k));

      boolean done = tryThrice(story, scene, retries);

      assertThat(planted.hits()).isEqualTo(1);
      assertThat(done).isTrue();
      scene.cloud.settle();
      assertThat(endOf(scene)).isEqualTo(cleanEnd(stories.get()));
      assertThat(scene.available()).isEmpty();
    }
  }

  private void nothingLeft(
      Supplier<Story> stories,
      String action,
      int k,
      Function<FaultBuilder, PlantedFault> fault,
      RetrySettings retries)
      throws InterruptedException {
    Story story = stories.get();
    try (Scene scene = story.setup().ready()) {
      PlantedFault planted = fault.apply(scene.cloud.faults().fail(action).onCall(k));

      tryThrice(story, scene, retries);

      assertThat(planted.hits()).isEqualTo(1);
      ActionState state = scene.onlyAction().state();
      assertThat(state).isIn(ActionState.CONTINUED, ActionState.ABANDONED);
      scene.cloud.settle();
      if (state == ActionState.ABANDONED) {
        assertThat(scene.ours()).isEmpty();
      } else {
        // A refusal that came after the effect, or of a call that nothing depends on.
        assertThat(endOf(scene)).isEqualTo(cleanEnd(stories.get()));
      }
    }
  }

  private static boolean tryThrice(Story story, Scene scene, RetrySettings retries)
      throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      if (story.once().done(scene, retries)) {
        return true;
      }
    }
    return false;
  }

  private static AttachReport deliver(Scene scene, String event, RetrySettings retries) {
    try (AwsClients clients = AwsClients.emulator(scene.cloud.endpoint(), retries, scene.time)) {
      return scene.deliver(
          event,
          new EniAttachHandler(
              new Sandbox(scene.config(), clients, scene.time, Telemetry.none(), false)));
    }
  }

  /** What the world looks like, without the ids, which differ from run to run. */
  private static List<String> endOf(Scene scene) {
    List<String> end = new ArrayList<>();
    scene
        .cloud
        .world()
        .lifecycleActions()
        .forEach(action -> end.add("action " + action.hookName() + " " + action.state()));
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
