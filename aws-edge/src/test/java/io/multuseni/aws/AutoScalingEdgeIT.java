// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multuseni.aws.AutoScalingEdge.Result;
import io.multuseni.core.attach.LoopBreaker;
import io.multuseni.core.attach.RefusalReason;
import io.multuseni.core.attach.SweepFacts;
import io.multuseni.core.config.Network;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import io.multuseni.core.event.Incoming;
import io.multuseni.core.node.GroupFacts;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.autoscaling.GroupSpec;
import io.multuseni.localcloud.autoscaling.HookResult;
import io.multuseni.localcloud.autoscaling.HookSpec;
import io.multuseni.localcloud.autoscaling.LifecycleActionView;
import io.multuseni.localcloud.autoscaling.Transition;
import io.multuseni.localcloud.autoscaling.WarmPoolSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the Auto Scaling edge asks and tells, seen from the other side of the wire. */
class AutoScalingEdgeIT {
  private static final String ASG = "upf-a";
  private static final String HOOK = NodeGroup.LAUNCH_HOOK;

  private final EdgeScene scene = new EdgeScene();
  private final AutoScalingEdge autoScaling = scene.autoScaling;

  @AfterEach
  void close() {
    scene.close();
  }

  private static NodeGroup nodeGroup(NodeGroup.Membership membership) {
    return nodeGroup(membership, new NodeGroup.CreateHook());
  }

  private static NodeGroup nodeGroup(
      NodeGroup.Membership membership, NodeGroup.LifecycleHook hook) {
    return new NodeGroup(
        "upf",
        membership,
        hook,
        Duration.ofMinutes(30),
        Duration.ofHours(1),
        NodeGroup.OnRepeatedFailure.HOLD,
        false,
        NodeGroup.NodeOs.AL2023,
        Optional.empty(),
        List.of(
            new Network(
                "n3",
                List.of("subnet-0a"),
                List.of("sg-0a"),
                false,
                new Network.AutoIpv6(),
                Network.PrimaryAddress.ANY,
                0,
                new TreeMap<>())));
  }

  private static NodeGroup named(String... groups) {
    return nodeGroup(new NodeGroup.AutoScalingGroups(List.of(groups)));
  }

  private List<SweepFacts.Claim> claims(NodeGroup... groups) {
    return autoScaling.claims(
        new ProvisionerConfig(EdgeScene.CLUSTER, Duration.ofMinutes(15), List.of(groups)));
  }

  private GroupSpec spec() {
    return GroupSpec.of("m5.xlarge", scene.nodes)
        .withHook(HookSpec.launching(HOOK).withHeartbeatTimeout(Duration.ofMinutes(25)));
  }

  /** A node that our hook holds. */
  private LifecycleActionView waiting() {
    scene.cloud.world().autoScalingGroup(ASG, spec());
    scene.cloud.world().scaleOut(ASG, 1);
    return action();
  }

  private LifecycleActionView action() {
    return scene.cloud.world().lifecycleActions().getFirst();
  }

  private Incoming.Action action(String instance, Optional<String> token) {
    return new Incoming.Action(named(ASG), ASG, HOOK, instance, token, true, scene.clock.now());
  }

  private static CallFailure failure(ThrowingCallable call) {
    return Optional.ofNullable(catchThrowableOfType(CallFailure.class, call))
        .orElseThrow(() -> new AssertionError("it did not fail"));
  }

  // Lifecycle actions.

  @Test
  void anActionIsCompletedByItsTokenWhereThatIsKnown() {
    LifecycleActionView waiting = waiting();

    assertThat(
            autoScaling.complete(
                action(waiting.instanceId(), Optional.of(waiting.token())), Result.CONTINUE))
        .isTrue();

    assertThat(action().state()).isEqualTo(ActionState.CONTINUED);
    assertThat(scene.sent("CompleteLifecycleAction"))
        .singleElement()
        .satisfies(sent ->
            assertThat(sent)
                .containsEntry("LifecycleActionToken", waiting.token())
                .containsEntry("LifecycleActionResult", "CONTINUE")
                .containsEntry("LifecycleHookName", HOOK)
                .containsEntry("AutoScalingGroupName", ASG)
                .doesNotContainKey("InstanceId"));
  }

  @Test
  void anActionWithoutATokenIsCompletedByItsInstance() {
    LifecycleActionView waiting = waiting();

    assertThat(autoScaling.complete(action(waiting.instanceId(), Optional.empty()), Result.ABANDON))
        .isTrue();

    assertThat(action().state()).isEqualTo(ActionState.ABANDONED);
    assertThat(scene.sent("CompleteLifecycleAction"))
        .singleElement()
        .satisfies(sent ->
            assertThat(sent)
                .containsEntry("InstanceId", waiting.instanceId())
                .containsEntry("LifecycleActionResult", "ABANDON")
                .doesNotContainKey("LifecycleActionToken"));
  }

  @Test
  void anActionThatIsOverIsNoFailure() {
    LifecycleActionView waiting = waiting();
    Incoming.Action byToken = action(waiting.instanceId(), Optional.of(waiting.token()));
    Incoming.Action byInstance = action(waiting.instanceId(), Optional.empty());
    autoScaling.complete(byToken, Result.CONTINUE);

    assertThat(autoScaling.complete(byToken, Result.ABANDON)).isFalse();
    assertThat(autoScaling.complete(byInstance, Result.ABANDON)).isFalse();
    assertThat(autoScaling.heartbeat(byToken)).isFalse();
    assertThat(autoScaling.heartbeat(byInstance)).isFalse();
    assertThat(action().state()).isEqualTo(ActionState.CONTINUED);
  }

  @Test
  void aHeartbeatStartsTheTimeoutAgain() {
    LifecycleActionView waiting = waiting();
    scene.clock.advance(Duration.ofMinutes(20));

    assertThat(autoScaling.heartbeat(action(waiting.instanceId(), Optional.empty()))).isTrue();
    scene.clock.advance(Duration.ofMinutes(20));
    assertThat(autoScaling.heartbeat(action(waiting.instanceId(), Optional.of(waiting.token()))))
        .isTrue();

    assertThat(action().heartbeats()).isEqualTo(2);
    assertThat(action().state()).isEqualTo(ActionState.WAITING);
  }

  @Test
  void anUnknownGroupIsAFailureThatNamesGroupHookAndInstance() {
    CallFailure failure =
        failure(() -> autoScaling.complete(action("i-0aa", Optional.empty()), Result.CONTINUE));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.INVALID);
    assertThat(failure.explained()).contains("CompleteLifecycleAction", ASG, HOOK, "i-0aa");
  }

  @Test
  void aThrottledCompletionIsRepeatedAndCounted() {
    LifecycleActionView waiting = waiting();
    scene.cloud.faults().fail("CompleteLifecycleAction").with("Throttling", 400, "Rate exceeded");

    assertThat(
            autoScaling.complete(
                action(waiting.instanceId(), Optional.of(waiting.token())), Result.CONTINUE))
        .isTrue();

    assertThat(scene.counter.byAction()).containsEntry("CompleteLifecycleAction", 2);
    assertThat(scene.counter.throttledCalls()).isEqualTo(1);
  }

  @Test
  void aCompletionWhoseAnswerWasLostEndsWell() {
    LifecycleActionView waiting = waiting();
    scene.cloud.faults().fail("CompleteLifecycleAction").dropAnswer();

    autoScaling.complete(
        action(waiting.instanceId(), Optional.of(waiting.token())), Result.CONTINUE);

    assertThat(action().state()).isEqualTo(ActionState.CONTINUED);
  }

  @Test
  void afterTheDeadlineNothingIsSent() {
    CallFailure failure = failure(() -> scene.autoScalingTooLate().marks(List.of(ASG)));

    assertThat(failure.code()).isEqualTo("NoTimeLeft");
    assertThat(scene.cloud.calls().all()).isEmpty();
  }

  // Groups.

  @Test
  void aGroupIsFoundWithItsHooksAndMembers() {
    scene
        .cloud
        .world()
        .autoScalingGroup(
            ASG,
            spec()
                .withHook(HookSpec.launching("other").withHeartbeatTimeout(Duration.ofSeconds(90)))
                .withHook(HookSpec.terminating(NodeGroup.TERMINATE_HOOK)));
    List<String> ids = scene.cloud.world().scaleOut(ASG, 2);

    List<SweepFacts.Claim> claims = claims(named(ASG, "upf-b"));

    assertThat(claims).hasSize(1);
    assertThat(claims.getFirst().missing()).containsExactly("upf-b");
    GroupFacts group = claims.getFirst().found().getFirst();
    assertThat(group.name()).isEqualTo(ASG);
    assertThat(group.launchHooks())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(HOOK, Duration.ofMinutes(25), "other", Duration.ofSeconds(90)));
    assertThat(group.terminateHooks()).containsExactly(NodeGroup.TERMINATE_HOOK);
    assertThat(group.members())
        .containsExactlyInAnyOrder(
            new GroupFacts.Member(ids.getFirst(), "Pending:Wait"),
            new GroupFacts.Member(ids.getLast(), "Pending:Wait"));
    assertThat(scene.sent("DescribeWarmPool")).as("a group without a pool").isEmpty();
  }

  @Test
  void membersOfTheWarmPoolAreFoundToo() {
    scene.cloud.world().autoScalingGroup(ASG, spec().withWarmPool(WarmPoolSpec.ofStopped()));
    String warm = scene.cloud.world().launchIntoWarmPool(ASG, 1).getFirst();
    String fresh = scene.cloud.world().scaleOut(ASG, 1).getFirst();

    assertThat(claims(named(ASG)).getFirst().found().getFirst().members())
        .containsExactlyInAnyOrder(
            new GroupFacts.Member(fresh, "Pending:Wait"),
            new GroupFacts.Member(warm, "Warmed:Pending:Wait"));
  }

  @Test
  void theGroupOfAManagedNodeGroupIsFoundByTheTagsOfEksAndNotByItsName() {
    NodeGroup managed = nodeGroup(new NodeGroup.EksManagedNodegroup("upf"));
    String name = "eks-upf-0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f";
    scene
        .cloud
        .world()
        .autoScalingGroup(
            name,
            spec()
                .withTag("eks:cluster-name", EdgeScene.CLUSTER)
                .withTag("eks:nodegroup-name", "upf"));
    scene
        .cloud
        .world()
        .autoScalingGroup(
            "eks-upf-ffffffff-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
            spec().withTag("eks:cluster-name", "edge").withTag("eks:nodegroup-name", "upf"));

    List<SweepFacts.Claim> claims = claims(managed);

    assertThat(claims.getFirst().found()).extracting(GroupFacts::name).containsExactly(name);
    assertThat(claims.getFirst().missing()).isEmpty();
  }

  @Test
  void aManagedNodeGroupWithoutAGroupIsReportedByItsName() {
    List<SweepFacts.Claim> claims = claims(nodeGroup(new NodeGroup.EksManagedNodegroup("smf")));

    assertThat(claims.getFirst().found()).isEmpty();
    assertThat(claims.getFirst().missing())
        .singleElement()
        .satisfies(text -> assertThat(text).contains("smf"));
  }

  @Test
  void aManagedNodeGroupWhoseGroupIsKnownHasThatOneAndNoOther() {
    NodeGroup managed =
        nodeGroup(new NodeGroup.EksManagedNodegroup("upf", Optional.of("eks-upf-2")));
    for (String name : List.of("eks-upf-1", "eks-upf-2")) {
      scene
          .cloud
          .world()
          .autoScalingGroup(
              name,
              spec()
                  .withTag("eks:cluster-name", EdgeScene.CLUSTER)
                  .withTag("eks:nodegroup-name", "upf"));
    }

    assertThat(claims(managed).getFirst().found())
        .extracting(GroupFacts::name)
        .containsExactly("eks-upf-2");
    assertThat(scene.sent("DescribeAutoScalingGroups"))
        .singleElement()
        .satisfies(
            sent -> assertThat(sent).containsEntry("AutoScalingGroupNames.member.1", "eks-upf-2"));
  }

  @Test
  void aKnownGroupThatIsAnotherClustersIsMissing() {
    NodeGroup managed =
        nodeGroup(new NodeGroup.EksManagedNodegroup("upf", Optional.of("eks-upf-1")));
    scene
        .cloud
        .world()
        .autoScalingGroup(
            "eks-upf-1",
            spec().withTag("eks:cluster-name", "edge").withTag("eks:nodegroup-name", "upf"));

    SweepFacts.Claim claim = claims(managed).getFirst();

    assertThat(claim.found()).isEmpty();
    assertThat(claim.missing()).containsExactly("eks-upf-1, of EKS managed node group upf");
  }

  @Test
  void hooksAreReadAgainWhenTheConfigurationGoesByAnother() {
    scene.cloud.world().autoScalingGroup(ASG, spec());
    claims(named(ASG));
    scene
        .cloud
        .world()
        .putLifecycleHook(
            ASG, "theirs", Transition.LAUNCHING, Duration.ofHours(1), HookResult.ABANDON, null);

    SweepFacts.Claim claim =
        claims(
                nodeGroup(
                    new NodeGroup.AutoScalingGroups(List.of(ASG)),
                    new NodeGroup.ExistingHook("theirs")))
            .getFirst();

    assertThat(claim.found().getFirst().launchHooks()).containsKey("theirs");
  }

  @Test
  void moreGroupsThanOnePageTakesAreAllFound() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      names.add("upf-%02d".formatted(i));
      scene.cloud.world().autoScalingGroup(names.getLast(), spec());
    }

    List<SweepFacts.Claim> claims = claims(named(names.toArray(new String[0])));

    assertThat(claims.getFirst().found()).extracting(GroupFacts::name).hasSameElementsAs(names);
    assertThat(claims.getFirst().missing()).isEmpty();
  }

  @Test
  void hooksAreRememberedForTenMinutes() {
    scene.cloud.world().autoScalingGroup(ASG, spec());
    claims(named(ASG));
    scene.clock.advance(Duration.ofMinutes(10).minusSeconds(1));
    claims(named(ASG));
    assertThat(scene.sent("DescribeLifecycleHooks")).hasSize(1);
    assertThat(scene.sent("DescribeAutoScalingGroups")).as("members never are").hasSize(2);

    scene.clock.advance(Duration.ofSeconds(1));
    claims(named(ASG));
    assertThat(scene.sent("DescribeLifecycleHooks")).hasSize(2);
  }

  // Marks.

  @Test
  void aMarkStaysOnTheGroupAndOffItsInstances() {
    scene.cloud.world().autoScalingGroup(ASG, spec().withTag("team", "core"));
    NodeGroup group = named(ASG);
    LoopBreaker.Mark mark =
        LoopBreaker.mark(RefusalReason.ACCESS_DENIED, group, "i-0aa", scene.clock.now());
    String key = LoopBreaker.keyFor(mark, Map.of(), group, scene.clock.now());

    autoScaling.mark(ASG, key, mark);

    assertThat(autoScaling.marks(List.of(ASG))).isEqualTo(Map.of(ASG, Map.of(key, mark.text())));
    assertThat(claims(group).getFirst().found().getFirst().tags())
        .containsExactly(Map.entry(key, mark.text()));
    assertThat(scene.sent("CreateOrUpdateTags"))
        .singleElement()
        .satisfies(
            sent -> assertThat(sent).containsEntry("Tags.member.1.PropagateAtLaunch", "false"));
  }

  @Test
  void theMarksOfOneGroupAreNotThoseOfAnother() {
    scene.cloud.world().autoScalingGroup(ASG, spec());
    scene.cloud.world().autoScalingGroup("upf-b", spec());
    LoopBreaker.Mark mark =
        LoopBreaker.mark(RefusalReason.ACCESS_DENIED, named(ASG), "i-0aa", scene.clock.now());

    autoScaling.mark("upf-b", LoopBreaker.keys().getFirst(), mark);

    assertThat(autoScaling.marks(List.of(ASG))).isEmpty();
  }
}
