// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

import static io.multuseni.core.attach.Facts.ASG;
import static io.multuseni.core.attach.Facts.CLUSTER;
import static io.multuseni.core.attach.Facts.NODE_ID;
import static io.multuseni.core.attach.Facts.NOW;
import static io.multuseni.core.attach.Facts.OTHER_ID;
import static io.multuseni.core.attach.Facts.eni;
import static io.multuseni.core.attach.Facts.group;
import static io.multuseni.core.attach.Facts.net;
import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.attach.Facts.EniBuilder;
import io.multuseni.core.attach.Facts.GroupBuilder;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeGroup.ExistingHook;
import io.multuseni.core.config.NodeGroup.ObserveHook;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.Tags;
import io.multuseni.core.event.Incoming;
import io.multuseni.core.event.Incoming.Place;
import io.multuseni.core.node.GroupFacts;
import io.multuseni.core.node.InstanceSummary;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.node.NodeFacts.State;
import io.multuseni.core.slot.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SweepPlannerTest {
  private static final Duration GRACE = Duration.ofMinutes(15);

  /** A sweep in the making: one node group with one Auto Scaling group. */
  private static final class Sweep {
    private final NodeGroup nodeGroup;
    private Map<String, Duration> launchHooks =
        Map.of(NodeGroup.LAUNCH_HOOK, Duration.ofMinutes(30));
    private List<String> terminateHooks = List.of(NodeGroup.TERMINATE_HOOK);
    private final List<GroupFacts.Member> members = new ArrayList<>();
    private final Map<String, String> tags = new HashMap<>();
    private final List<InterfaceFacts> ours = new ArrayList<>();
    private final Map<String, InstanceSummary> instances = new HashMap<>();
    private final Map<String, Instant> heartbeats = new HashMap<>();
    private List<String> missing = List.of();

    private Sweep(GroupBuilder group) {
      nodeGroup = group.nodeGroup();
    }

    Sweep launchHooks(Map<String, Duration> hooks) {
      launchHooks = hooks;
      return this;
    }

    Sweep noTerminateHook() {
      terminateHooks = List.of();
      return this;
    }

    Sweep member(String lifecycleState, Duration age) {
      members.add(new GroupFacts.Member(NODE_ID, lifecycleState));
      return instance(NODE_ID, State.RUNNING, age);
    }

    Sweep instance(String id, State state, Duration age) {
      instances.put(id, new InstanceSummary(id, state, NOW.minus(age)));
      return this;
    }

    Sweep withoutInstance() {
      instances.clear();
      return this;
    }

    Sweep heartbeatBefore(Duration ago) {
      heartbeats.put(NODE_ID, NOW.minus(ago));
      return this;
    }

    Sweep held() {
      for (int i = 0; i < LoopBreaker.THRESHOLD; i++) {
        tags.put(
            LoopBreaker.keys().get(i),
            LoopBreaker.mark(RefusalReason.ACCESS_DENIED, nodeGroup, "i-" + i, NOW).text());
      }
      return this;
    }

    Sweep missing(String... names) {
      missing = List.of(names);
      return this;
    }

    Sweep with(EniBuilder... interfaces) {
      for (EniBuilder one : interfaces) {
        ours.add(one.facts());
      }
      return this;
    }

    SweepPlan plan() {
      GroupFacts found = new GroupFacts(ASG, launchHooks, terminateHooks, members, tags);
      return SweepPlanner.plan(
          new ProvisionerConfig(CLUSTER, GRACE, List.of(nodeGroup)),
          new SweepFacts(
              NOW,
              List.of(
                  new SweepFacts.Claim(
                      nodeGroup, missing.isEmpty() ? List.of(found) : List.of(), missing)),
              ours,
              instances,
              heartbeats));
    }
  }

  private static Sweep sweep() {
    return new Sweep(group(net("n3"), net("n6")));
  }

  private static Sweep sweep(GroupBuilder group) {
    return new Sweep(group);
  }

  private static Duration minutes(int count) {
    return Duration.ofMinutes(count);
  }

  private static Duration seconds(int count) {
    return Duration.ofSeconds(count);
  }

  private static EniBuilder[] bothRight() {
    return new EniBuilder[] {
      eni("eni-1").ours("n3", 1).right(1), eni("eni-2").ours("n6", 2).right(2)
    };
  }

  private static List<String> ids(List<InterfaceFacts> interfaces) {
    return interfaces.stream().map(InterfaceFacts::networkInterfaceId).toList();
  }

  private static void assertNothingToDo(SweepPlan plan) {
    assertThat(plan)
        .isEqualTo(new SweepPlan(List.of(), List.of(), List.of(), List.of(), List.of(), List.of()));
  }

  /** Nodes that a launch hook holds. */
  @Nested
  class Waiting {
    @ParameterizedTest
    @CsvSource({"599, false", "600, true", "3599, true", "3600, false", "90000, false"})
    void aHeartbeatIsSentFromAThirdOfTheTimeoutToTheEndOfPatience(int age, boolean sent) {
      assertThat(sweep().member("Pending:Wait", seconds(age)).plan().heartbeats())
          .hasSize(sent ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({"599, false", "600, true", "5000, true"})
    void afterAHeartbeatTheNextComesAThirdLater(int ago, boolean sent) {
      assertThat(
              sweep()
                  .member("Pending:Wait", minutes(40))
                  .heartbeatBefore(seconds(ago))
                  .plan()
                  .heartbeats())
          .hasSize(sent ? 1 : 0);
    }

    @Test
    void theTimeoutIsTheHooksOwnWhereItDiffersFromTheConfiguredOne() {
      Sweep sweep =
          sweep(group(net("n3")).hook(new ExistingHook("theirs")))
              .launchHooks(Map.of("theirs", minutes(6)))
              .member("Pending:Wait", minutes(2));

      SweepPlan plan = sweep.plan();

      assertThat(plan.heartbeats())
          .singleElement()
          .satisfies(action -> assertThat(action.lifecycleHook()).isEqualTo("theirs"));
      assertThat(plan.findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, false", "119, false", "120, true", "3600, true", "90000, true"})
    void anEventThatIsOverdueIsMadeUpFor(int age, boolean launched) {
      assertThat(sweep().member("Pending:Wait", seconds(age)).plan().launches())
          .hasSize(launched ? 1 : 0);
    }

    @Test
    void theActionIsCompletedByInstanceSinceNoTokenIsKnown() {
      SweepPlan plan = sweep().member("Pending:Wait", minutes(20)).plan();

      assertThat(plan.launches())
          .singleElement()
          .satisfies(launch -> {
            assertThat(launch.origin()).isEqualTo(Place.UNKNOWN);
            assertThat(launch.destination()).isEqualTo(Place.AUTO_SCALING_GROUP);
            assertThat(launch.action().token()).isEmpty();
            assertThat(launch.action().ours()).isTrue();
            assertThat(launch.action().instanceId()).isEqualTo(NODE_ID);
            assertThat(launch.action().autoScalingGroup()).isEqualTo(ASG);
            assertThat(launch.action().lifecycleHook()).isEqualTo("multus-eni-launch");
            assertThat(launch.action().since()).isEqualTo(NOW.minus(minutes(20)));
          });
      assertThat(plan.heartbeats()).containsExactly(plan.launches().getFirst().action());
    }

    @ParameterizedTest
    @CsvSource({
      "Pending:Wait,        AUTO_SCALING_GROUP",
      "Warmed:Pending:Wait, WARM_POOL",
    })
    void aNodeOnItsWayIntoTheWarmPoolIsProvisionedToo(String state, Place destination) {
      assertThat(sweep().member(state, minutes(3)).plan().launches())
          .singleElement()
          .satisfies(launch -> assertThat(launch.destination()).isEqualTo(destination));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Pending",
          "Pending:Proceed",
          "Warmed:Pending",
          "Warmed:Stopped",
          "Warmed:Running",
          "Warmed:Hibernated",
          "Standby",
          "Terminating",
          "Terminating:Proceed",
          "Terminated"
        })
    void inStatesThatWaitForNobodyNothingIsDone(String state) {
      assertNothingToDo(sweep().member(state, minutes(30)).plan());
    }

    @ParameterizedTest
    @EnumSource(
        value = State.class,
        names = {"SHUTTING_DOWN", "TERMINATED"})
    void anInstanceWithoutAFutureIsLeftAlone(State state) {
      assertNothingToDo(
          sweep().member("Pending:Wait", minutes(30)).instance(NODE_ID, state, minutes(30)).plan());
    }

    @Test
    void anInstanceThatEc2DoesNotKnowIsLeftAlone() {
      assertNothingToDo(sweep().member("Pending:Wait", minutes(30)).withoutInstance().plan());
    }

    @Test
    void aHeldNodeIsTriedOnlyAtItsHeartbeatsAndWhenPatienceEnds() {
      SweepPlan between =
          sweep().held().member("Pending:Wait", minutes(20)).heartbeatBefore(minutes(5)).plan();
      assertThat(between.launches()).isEmpty();
      assertThat(between.heartbeats()).isEmpty();
      assertThat(between.findings())
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(SweepPlan.Kind.GROUP_HELD);
            assertThat(finding.resource()).isEqualTo(ASG);
            assertThat(finding.message()).contains(ASG, "correct the configuration");
          });

      SweepPlan atHeartbeat = sweep().held().member("Pending:Wait", minutes(20)).plan();
      assertThat(atHeartbeat.heartbeats()).hasSize(1);
      assertThat(atHeartbeat.launches()).hasSize(1);

      SweepPlan atTheEnd =
          sweep().held().member("Pending:Wait", minutes(60)).heartbeatBefore(minutes(1)).plan();
      assertThat(atTheEnd.heartbeats()).isEmpty();
      assertThat(atTheEnd.launches()).hasSize(1);
    }

    @Test
    void anObservedHookIsNeverKeptAliveAndItsActionIsNotOurs() {
      Sweep observed =
          sweep(group(net("n3")).hook(new ObserveHook()))
              .launchHooks(Map.of("Launch-LC-Hook", minutes(30), "another", minutes(30)))
              .noTerminateHook()
              .member("Pending:Wait", minutes(20));

      SweepPlan plan = observed.plan();

      assertThat(plan.heartbeats()).isEmpty();
      assertThat(plan.launches())
          .singleElement()
          .satisfies(launch -> {
            assertThat(launch.action().ours()).isFalse();
            assertThat(launch.action().lifecycleHook()).isEqualTo("Launch-LC-Hook");
          });
      assertThat(plan.findings()).isEmpty();
    }

    @Test
    void aNodeThatWaitsOnAHookOfOthersAloneIsNotOursToProvision() {
      SweepPlan plan =
          sweep()
              .launchHooks(Map.of("Launch-LC-Hook", minutes(30)))
              .member("Pending:Wait", minutes(20))
              .plan();

      assertThat(plan.heartbeats()).isEmpty();
      assertThat(plan.launches()).isEmpty();
      assertThat(plan.findings())
          .extracting(SweepPlan.Finding::kind)
          .containsExactly(SweepPlan.Kind.HOOK_MISSING);
    }
  }

  /** Nodes on their way out. */
  @Nested
  class Terminating {
    @ParameterizedTest
    @ValueSource(strings = {"Terminating:Wait", "Warmed:Terminating:Wait"})
    void aNodeThatWaitsOnOurTerminationHookIsSeenThrough(String state) {
      SweepPlan plan = sweep().member(state, minutes(90)).plan();

      assertThat(plan.terminations())
          .singleElement()
          .satisfies(termination -> {
            assertThat(termination.action().lifecycleHook()).isEqualTo("multus-eni-terminate");
            assertThat(termination.action().ours()).isTrue();
            assertThat(termination.action().token()).isEmpty();
          });
      assertThat(plan.launches()).isEmpty();
      assertThat(plan.heartbeats()).isEmpty();
    }

    @Test
    void aNodeThatWaitsOnAnothersTerminationHookIsNot() {
      assertNothingToDo(sweep().noTerminateHook().member("Terminating:Wait", minutes(90)).plan());
    }

    @Test
    void aNodeOnItsWayBackToTheWarmPoolIsReleasedFromOurTerminationHook() {
      // Auto Scaling calls the state as it calls the way into the pool.
      SweepPlan plan = sweep().member("Warmed:Pending:Wait", minutes(90)).with(bothRight()).plan();

      assertThat(plan.terminations())
          .singleElement()
          .satisfies(termination -> {
            assertThat(termination.action().lifecycleHook()).isEqualTo("multus-eni-terminate");
            assertThat(termination.destination()).isEqualTo(Place.WARM_POOL);
          });
    }

    @Test
    void aFreshNodeOnItsWayIntoTheWarmPoolIsLeftToItsEvent() {
      assertNothingToDo(sweep().member("Warmed:Pending:Wait", minutes(1)).plan());
    }
  }

  /** Nodes in service. */
  @Nested
  class Serving {
    @Test
    void aNodeWithAllItsInterfacesNeedsNothing() {
      assertNothingToDo(sweep().member("InService", minutes(90)).with(bothRight()).plan());
    }

    @Test
    void aNodeWithoutAnInterfaceIsReported() {
      SweepPlan plan =
          sweep().member("InService", minutes(90)).with(eni("eni-1").ours("n3", 1).right(1)).plan();

      assertThat(plan.launches()).isEmpty();
      assertThat(plan.findings())
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(SweepPlan.Kind.INTERFACES_MISSING);
            assertThat(finding.resource()).isEqualTo(NODE_ID);
            assertThat(finding.message())
                .contains("n6", "card 0 device 2", ASG, "backfill: true")
                .doesNotContain("n3");
          });
    }

    @Test
    void withBackfillItIsProvisionedButItsActionIsNotOurs() {
      SweepPlan plan =
          sweep(group(net("n3"), net("n6")).backfill()).member("InService", minutes(90)).plan();

      assertThat(plan.launches())
          .singleElement()
          .satisfies(launch -> assertThat(launch.action().ours()).isFalse());
      assertThat(plan.heartbeats()).isEmpty();
      assertThat(plan.findings())
          .singleElement()
          .satisfies(
              finding -> assertThat(finding.message()).contains("n3", "n6", "backfill is on"));
    }

    @Test
    void aYoungNodeIsNotAskedForItsInterfacesYet() {
      assertNothingToDo(
          sweep(group(net("n3")).backfill()).member("InService", seconds(119)).plan());
    }

    @Test
    void anInterfaceThatWouldOutliveItsNodeIsRepairedEvenWithoutBackfill() {
      SweepPlan plan =
          sweep()
              .member("InService", minutes(90))
              .with(eni("eni-1").ours("n3", 1).right(1), eni("eni-2").ours("n6", 2).at(2))
              .plan();

      assertThat(plan.findings()).isEmpty();
      assertThat(plan.launches())
          .singleElement()
          .satisfies(launch -> assertThat(launch.action().ours()).isFalse());
    }

    @Test
    void anInterfaceOnAnotherCardDoesNotFillTheSlot() {
      SweepPlan plan =
          sweep(group(net("n3")))
              .member("InService", minutes(90))
              .with(eni("eni-1").ours("n3", 1).attached(NODE_ID, new Slot(1, 1), "attached", true))
              .plan();

      assertThat(plan.findings())
          .extracting(SweepPlan.Finding::kind)
          .containsExactly(SweepPlan.Kind.INTERFACES_MISSING);
    }
  }

  /** Interfaces that nobody needs. */
  @Nested
  class Orphans {
    private EniBuilder orphan(String id) {
      return eni(id).ours("i-gone", "n3", new Slot(0, 1));
    }

    private EniBuilder markedBefore(String id, Duration ago) {
      return orphan(id).tag(Tags.AVAILABLE_SINCE, NOW.minus(ago).toString());
    }

    @Test
    void oneIsMarkedFirstAndDeletedOnlyAfterTheGrace() {
      SweepPlan plan =
          sweep()
              .with(
                  orphan("eni-new"),
                  markedBefore("eni-young", GRACE.minusSeconds(1)),
                  markedBefore("eni-old", GRACE))
              .plan();

      assertThat(ids(plan.orphansToMark())).containsExactly("eni-new");
      assertThat(ids(plan.orphansToDelete())).containsExactly("eni-old");
      assertThat(plan.findings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", "yesterday", "0", "2026-13-45T00:00:00Z", "2026-11-24", "1764028800"})
    void aMarkThatIsNoTimeIsWrittenAnew(String text) {
      SweepPlan plan = sweep().with(orphan("eni-1").tag(Tags.AVAILABLE_SINCE, text)).plan();

      assertThat(ids(plan.orphansToMark())).containsExactly("eni-1");
      assertThat(plan.orphansToDelete()).isEmpty();
    }

    @Test
    void aMarkFromTheFutureBeginsNoDeletion() {
      SweepPlan plan = sweep().with(markedBefore("eni-1", Duration.ofDays(-1))).plan();

      assertThat(plan.orphansToMark()).isEmpty();
      assertThat(plan.orphansToDelete()).isEmpty();
    }

    @Test
    void whatIsAttachedMeanwhileSurvives() {
      assertNothingToDo(
          sweep()
              .with(
                  markedBefore("eni-1", Duration.ofDays(1))
                      .attached("i-gone", new Slot(0, 1), "attached", true),
                  markedBefore("eni-2", Duration.ofDays(1))
                      .attached("i-gone", new Slot(0, 2), "detaching", true),
                  markedBefore("eni-3", Duration.ofDays(1)).status("pending"),
                  markedBefore("eni-4", Duration.ofDays(1)).status("in-use"))
              .plan());
    }

    @ParameterizedTest
    @CsvSource({
      "PENDING, true",
      "RUNNING, true",
      "STOPPING, true",
      "STOPPED, true",
      "SHUTTING_DOWN, false",
      "TERMINATED, false"
    })
    void whatWaitsForALiveInstanceIsKept(State state, boolean kept) {
      SweepPlan plan =
          sweep()
              .instance(OTHER_ID, state, minutes(90))
              .with(
                  eni("eni-1")
                      .ours(OTHER_ID, "n3", new Slot(0, 1))
                      .tag(Tags.AVAILABLE_SINCE, NOW.minus(Duration.ofDays(1)).toString()))
              .plan();

      assertThat(ids(plan.orphansToDelete())).hasSize(kept ? 0 : 1);
      assertThat(plan.orphansToMark()).isEmpty();
    }

    @Test
    void aSecondInterfaceForAFilledSlotOfALiveInstanceIsNotKept() {
      SweepPlan plan =
          sweep()
              .member("InService", minutes(90))
              .with(bothRight())
              .with(
                  eni("eni-twin").ours("n3", 1),
                  eni("eni-old-twin")
                      .ours("n6", 2)
                      .tag(Tags.AVAILABLE_SINCE, NOW.minus(GRACE).toString()),
                  eni("eni-other-card").ours(NODE_ID, "n3", new Slot(1, 1)))
              .plan();

      assertThat(ids(plan.orphansToMark())).containsExactly("eni-twin");
      assertThat(ids(plan.orphansToDelete())).containsExactly("eni-old-twin");
    }

    @Test
    void oneWithoutAnInstanceTagIsAnOrphan() {
      SweepPlan plan =
          sweep().with(markedBefore("eni-1", Duration.ofDays(1)).untag(Tags.INSTANCE)).plan();

      assertThat(ids(plan.orphansToDelete())).containsExactly("eni-1");
    }
  }

  /** What people should know of groups. */
  @Nested
  class Groups {
    @Test
    void aGroupThatIsGoneOrRenamedIsReported() {
      assertThat(sweep().missing("upf-b").plan().findings())
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(SweepPlan.Kind.GROUP_MISSING);
            assertThat(finding.resource()).isEqualTo("upf-b");
            assertThat(finding.message())
                .contains("upf-b", "node group upf", "correct the configuration");
          });
    }

    @Test
    void aGroupWithoutOurHookIsReportedWithTheHooksName() {
      assertThat(sweep().launchHooks(Map.of()).plan().findings())
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(SweepPlan.Kind.HOOK_MISSING);
            assertThat(finding.resource()).isEqualTo(ASG);
            assertThat(finding.message()).contains(ASG, "multus-eni-launch", "deploy the stack");
          });
      assertThat(sweep(group(net("n3")).hook(new ExistingHook("theirs"))).plan().findings())
          .singleElement()
          .satisfies(finding -> assertThat(finding.message()).contains("theirs"));
    }

    @Test
    void withoutTheHookServingNodesAreStillLookedAt() {
      SweepPlan plan = sweep().launchHooks(Map.of()).member("InService", minutes(90)).plan();

      assertThat(plan.findings())
          .extracting(SweepPlan.Finding::kind)
          .containsExactly(SweepPlan.Kind.HOOK_MISSING, SweepPlan.Kind.INTERFACES_MISSING);
    }

    @Test
    void everyMemberIsLookedAt() {
      Sweep sweep = sweep().with(bothRight());
      for (int i = 0; i < 30; i++) {
        String id = "i-%02d".formatted(i);
        sweep.members.add(new GroupFacts.Member(id, "Pending:Wait"));
        sweep.instance(id, State.RUNNING, minutes(5));
      }

      assertThat(sweep.plan().launches())
          .extracting(launch -> launch.action().instanceId())
          .hasSize(30)
          .doesNotHaveDuplicates();
      assertThat(sweep.plan().launches())
          .extracting(Incoming.LaunchAction::action)
          .extracting(Incoming.Action::token)
          .containsOnly(Optional.empty());
    }
  }
}
