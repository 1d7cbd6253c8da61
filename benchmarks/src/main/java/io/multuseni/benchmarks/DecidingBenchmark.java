// SPDX-License-Identifier: Apache-2.0
package io.multuseni.benchmarks;

import io.multuseni.core.address.AddressDecision;
import io.multuseni.core.address.EarlierLooks;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long one decision takes: reservations, placements and plan, with the flags of Lambda. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"})
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 10, time = 2)
public class DecidingBenchmark {
  /** How many nodes. */
  @Param("1000")
  public int nodes;

  /** Which part of the addresses isn't where it belongs. */
  @Param({"0", "1", "10"})
  public int driftPercent;

  private FleetFacts facts = FleetFacts.of(new Fleet(1, 2, 1), 0);

  /** For JMH. */
  public DecidingBenchmark() {}

  /** Builds the fleet. */
  @Setup
  public void build() {
    facts = FleetFacts.of(new Fleet(nodes, 2, 10), driftPercent);
  }

  /** Decides. */
  @Benchmark
  public AddressDecision decide() {
    return AddressDecision.decide(facts.config(), facts.cluster(), facts.vpc(), EarlierLooks.NONE);
  }
}
