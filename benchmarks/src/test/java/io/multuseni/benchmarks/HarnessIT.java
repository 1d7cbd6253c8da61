// SPDX-License-Identifier: Apache-2.0
package io.multuseni.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import io.multuseni.core.address.AddressDecision;
import io.multuseni.core.address.EarlierLooks;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each harness at a tiny size: what it measures is what it says, and it can't rot. */
class HarnessIT {
  private static final Fleet TINY = new Fleet(3, 2, 10);

  private final PrintStream nowhere =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  @Test
  void aFleetWithoutDriftNeedsNothing() {
    AddressDecision decision = decide(0);

    assertThat(decision.plan().kept()).isEqualTo(60);
    assertThat(decision.plan().isEmpty()).isTrue();
    assertThat(decision.plan().unplaced()).isEmpty();
    assertThat(decision.plan().stale()).isEmpty();
    assertThat(decision.reservations().problems()).isEmpty();
  }

  @Test
  void aFleetDriftsAsMuchAsItIsTold() {
    AddressDecision decision = decide(FleetFacts.of(new Fleet(10, 2, 10), 10));

    assertThat(decision.plan().kept()).isEqualTo(180);
    assertThat(decision.plan().served()).hasSize(20);
    assertThat(decision.plan().movedFrom()).hasSize(10);
  }

  private static AddressDecision decide(int driftPercent) {
    return decide(FleetFacts.of(TINY, driftPercent));
  }

  private static AddressDecision decide(FleetFacts facts) {
    return AddressDecision.decide(facts.config(), facts.cluster(), facts.vpc(), EarlierLooks.NONE);
  }

  @Test
  void bothBenchmarksRun() throws RunnerException {
    assertThat(
            new Runner(
                    new OptionsBuilder()
                        .include(DecidingBenchmark.class.getSimpleName())
                        .include(ParsingPoolsBenchmark.class.getSimpleName())
                        .param("nodes", "3")
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(1))
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build())
                .run())
        .hasSize(4);
  }

  @Test
  void aPassWithoutDriftReadsOnceAndChangesNothing() {
    List<PassFigures.Told> told = PassFigures.run(TINY, List.of("160m"), 1, nowhere);

    assertThat(told).hasSize(1);
    JsonNode report = told.getFirst().line().path("report");
    assertThat(report.path("kept").asInt()).isEqualTo(60);
    assertThat(report.path("drift").asInt(-1)).isZero();
    assertThat(report.path("apiCalls").propertyStream().map(call -> call.toString()))
        .containsExactlyInAnyOrder(
            "DescribeNetworkInterfaces=1", "DescribeSubnets=1", "DescribeInstanceTypes=1");
    assertThat(report.path("kubernetesCalls").propertyStream().map(call -> call.getValue().asInt()))
        .containsOnly(1)
        .hasSize(6);
    assertThat(told.getFirst().line().path("seconds").asDouble()).isPositive();
  }

  @Test
  void oneCallPerInterfaceAssignsAllItsAddresses() {
    assertThat(AssignFigures.run(new Fleet(1, 1, 49), nowhere))
        .containsExactly(entry("AssignPrivateIpAddresses", 1));
    assertThat(AssignFigures.run(TINY, nowhere))
        .containsExactly(entry("AssignPrivateIpAddresses", 6));
  }

  @Test
  void eachReservationIsAnsweredByACall() {
    List<ReactionFigures.Reaction> reactions = ReactionFigures.run(TINY, 3, "160m", nowhere);

    assertThat(reactions).hasSize(3);
    assertThat(reactions).allSatisfy(one -> assertThat(one.fromBegin()).isPositive());
  }

  /** Failsafe runs in the module's folder; the jars are made by the module that this one needs. */
  @Test
  void aFunctionStartsWithBothItsJars() throws IOException {
    List<StartFigures.Compared> compared =
        StartFigures.run(List.of(StartFigures.RECONCILE), Path.of(".."), 1, nowhere);

    assertThat(compared)
        .singleElement()
        .satisfies(one -> {
          assertThat(one.shrunk().jarMb()).isLessThan(one.whole().jarMb());
          assertThat(one.shrunk().seconds()).isPositive();
          assertThat(one.whole().seconds()).isPositive();
        });
  }
}
