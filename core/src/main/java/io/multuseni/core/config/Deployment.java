// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the functions are deployed. Only the deployment reads it.
 *
 * @param architecture processor that the functions run on
 * @param attach the attach function
 * @param sweep the sweep function
 * @param reconcile the reconcile function
 * @param logRetentionDays how long log lines are kept, one of the numbers that CloudWatch Logs
 *     knows
 * @param tracing whether X-Ray traces the functions
 * @param terminateHook whether groups with {@code lifecycleHook: create} get a hook for terminating
 *     instances too
 * @param alarmTopic ARN of the SNS topic that alarms notify
 * @param driftAlarm how long the drift may be above zero before the alarm goes off
 * @param vpc where the reconcile function runs; empty outside of any VPC
 * @param subnetZones Availability Zones of subnets, by id, as far as they are told; only for a
 *     warning
 */
public record Deployment(
    Architecture architecture,
    FunctionSettings attach,
    FunctionSettings sweep,
    FunctionSettings reconcile,
    int logRetentionDays,
    boolean tracing,
    boolean terminateHook,
    Optional<String> alarmTopic,
    Duration driftAlarm,
    Optional<VpcSettings> vpc,
    SortedMap<String, String> subnetZones) {
  /** Default of {@code driftAlarm}: most drift is gone after one run or two. */
  public static final Duration DRIFT_ALARM_DEFAULT = Duration.ofMinutes(10);

  /** Defaults for everything. */
  public static final Deployment DEFAULTS =
      new Deployment(
          Architecture.ARM64,
          FunctionSettings.DEFAULTS,
          FunctionSettings.DEFAULTS,
          FunctionSettings.DEFAULTS,
          30,
          false,
          false,
          Optional.empty(),
          DRIFT_ALARM_DEFAULT,
          Optional.empty(),
          new TreeMap<>());

  /** Copies the map. */
  public Deployment {
    subnetZones = Collections.unmodifiableSortedMap(new TreeMap<>(subnetZones));
  }

  /** Processor that a function runs on. */
  public enum Architecture {
    /** Graviton. */
    ARM64,
    /** Intel and AMD. */
    X86_64
  }

  /**
   * One function.
   *
   * @param memoryMb its memory in MB, 256 to 10,240; 1,769 MB are one processor
   * @param concurrency how many runs of it there may be at a time
   */
  public record FunctionSettings(int memoryMb, Concurrency concurrency) {
    /** Default of {@code memoryMb}. */
    public static final int MEMORY_DEFAULT = 1024;

    /** Below it, the JVM and the SDK's clients have no room. */
    public static final int MEMORY_MIN = 256;

    /** Lambda's quota. */
    public static final int MEMORY_MAX = 10_240;

    /** 1,024 MB, and what concurrency suits the function. */
    public static final FunctionSettings DEFAULTS =
        new FunctionSettings(MEMORY_DEFAULT, new SuitableConcurrency());
  }

  /** How many runs of a function there may be at a time. */
  public sealed interface Concurrency {
    /**
     * What to reserve; empty for nothing.
     *
     * @param suitable where the configuration leaves it open
     */
    default Optional<Integer> reserved(int suitable) {
      return switch (this) {
        case SuitableConcurrency() -> Optional.of(suitable);
        case UnreservedConcurrency() -> Optional.empty();
        case ReservedConcurrency(int runs) -> Optional.of(runs);
      };
    }
  }

  /** As many as suit the function; the deployment works it out. */
  public record SuitableConcurrency() implements Concurrency {}

  /** As many as the account permits: nothing is reserved. */
  public record UnreservedConcurrency() implements Concurrency {}

  /**
   * A number that is reserved, and not exceeded.
   *
   * @param runs 1 to 1,000
   */
  public record ReservedConcurrency(int runs) implements Concurrency {
    /** More would outrun every request limit of EC2. */
    public static final int MOST = 1000;

    /** What the reconcile function needs: while one run watches, the next one has begun. */
    public static final int LEAST_TO_WATCH = 2;
  }

  /**
   * Where in a VPC the reconcile function runs.
   *
   * @param id of the VPC; needed for {@code endpoints} alone
   * @param subnets at least one
   * @param securityGroups at least one
   * @param endpoints whether the deployment makes the interface endpoints that subnets without a
   *     way to the internet need
   */
  public record VpcSettings(
      Optional<String> id, List<String> subnets, List<String> securityGroups, boolean endpoints) {
    /** Copies the lists. */
    public VpcSettings {
      subnets = List.copyOf(subnets);
      securityGroups = List.copyOf(securityGroups);
    }
  }
}
