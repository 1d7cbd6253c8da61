// SPDX-License-Identifier: Apache-2.0
package io.multuseni.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.multuseni.benchmarks.Fleet.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a decision is compared with, so that a figure says something on another machine: reading the
 * same fleet's pools, and nothing else, from JSON into trees.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"})
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 10, time = 2)
public class ParsingPoolsBenchmark {
  /** How many nodes. */
  @Param("1000")
  public int nodes;

  private final ObjectMapper mapper = new ObjectMapper();
  private List<byte[]> pools = List.of();

  /** For JMH. */
  public ParsingPoolsBenchmark() {}

  /** Writes the pools. */
  @Setup
  public void build() {
    Fleet fleet = new Fleet(nodes, 2, 10);
    List<Pod> pods = fleet.pods();
    pools =
        fleet
            .pools()
            .mapToObj(pool -> FleetObjects.pool(pool, pods).getBytes(StandardCharsets.UTF_8))
            .toList();
  }

  /** Parses. */
  @Benchmark
  public void parse(Blackhole blackhole) throws IOException {
    for (byte[] pool : pools) {
      JsonNode tree = mapper.readTree(pool);
      blackhole.consume(tree);
    }
  }
}
