// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

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
import io.multuseni.kube.KubeClients;
import java.io.PrintStream;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the function keeps between invocations.
 *
 * @param config where the configuration comes from
 * @param aws clients and caches for AWS
 * @param kubernetes clients for the Kubernetes API of the cluster that a configuration names
 * @param time the clock
 * @param telemetry where reports go
 * @param dryRun whether nothing may be changed
 */
public record Sandbox(
    ConfigSource config,
    AwsClients aws,
    Function<ProvisionerConfig, KubeClients> kubernetes,
    Time time,
    Telemetry telemetry,
    boolean dryRun) {
  /** With a configuration that is given and never changes, and the clients for its cluster. */
  public Sandbox(
      ProvisionerConfig config,
      AwsClients aws,
      KubeClients kubernetes,
      Time time,
      Telemetry telemetry,
      boolean dryRun) {
    this(ConfigSource.of(config), aws, given -> kubernetes, time, telemetry, dryRun);
  }

  /**
   * As Lambda runs it. Nothing is read or signed before the first invocation, so that a snapshot of
   * the sandbox holds neither configuration nor signatures.
   */
  @SuppressWarnings("SystemOut") // Standard output is the function's log.
  static Sandbox asLambdaRunsIt() {
    Time time = Time.system();
    return asLambdaRunsIt(
        System::getenv, AwsClients.standard(time), ClusterClients.eks(time), time, System.out);
  }

  /** As above, in an environment of a test. */
  static Sandbox asLambdaRunsIt(
      Function<String, @Nullable String> environment,
      AwsClients aws,
      ClusterClients kubernetes,
      Time time,
      PrintStream log) {
    CachedConfig config = new CachedConfig(new FunctionConfig(environment, aws), time, log);
    Snapshot.register(
        Priming::pass,
        () -> {
          config.forget();
          aws.forget();
          kubernetes.forget();
        },
        log);
    return new Sandbox(config, aws, kubernetes, time, new CloudWatchTelemetry(log), false);
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
