// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.aws.AwsClients;
import io.multuseni.aws.CachedConfig;
import io.multuseni.aws.ConfigSource;
import io.multuseni.aws.FunctionConfig;
import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.base.Deadline;
import io.multuseni.base.Snapshot;
import io.multuseni.base.Time;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import java.io.PrintStream;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a function keeps between invocations.
 *
 * @param config where the configuration comes from
 * @param clients clients and caches
 * @param time the clock
 * @param telemetry where reports go
 * @param dryRun whether nothing may be changed
 */
public record Sandbox(
    ConfigSource config, AwsClients clients, Time time, Telemetry telemetry, boolean dryRun) {
  /** With a configuration that is given and never changes. */
  public Sandbox(
      ProvisionerConfig config,
      AwsClients clients,
      Time time,
      Telemetry telemetry,
      boolean dryRun) {
    this(ConfigSource.of(config), clients, time, telemetry, dryRun);
  }

  /**
   * As Lambda runs it. Nothing is read or signed before the first invocation, so that a snapshot of
   * the sandbox holds neither configuration nor signatures.
   *
   * @param priming what to run before a snapshot
   */
  @SuppressWarnings("SystemOut") // Standard output is the function's log.
  static Sandbox asLambdaRunsIt(Runnable priming) {
    Time time = Time.system();
    return asLambdaRunsIt(priming, System::getenv, AwsClients.standard(time), time, System.out);
  }

  /** As above, in an environment of a test. */
  static Sandbox asLambdaRunsIt(
      Runnable priming,
      Function<String, @Nullable String> environment,
      AwsClients clients,
      Time time,
      PrintStream log) {
    CachedConfig config = new CachedConfig(new FunctionConfig(environment, clients), time, log);
    Snapshot.register(
        priming,
        () -> {
          config.forget();
          clients.forget();
        },
        log);
    return new Sandbox(config, clients, time, new CloudWatchTelemetry(config::cluster, log), false);
  }

  /**
   * The configuration to work by now. That it is an older copy is told.
   *
   * @param deadline when it has to be there
   * @param counter counts the calls that reading takes
   * @throws CallFailure as {@link ConfigSource#current} does
   * @throws IllegalStateException as {@link ConfigSource#current} does
   */
  ProvisionerConfig currentConfig(Deadline deadline, CallCounter counter) {
    ProvisionerConfig current = config.current(deadline, counter);
    if (config.isStale()) {
      telemetry.ranOnOlderConfiguration(current.cluster());
    }
    return current;
  }
}
