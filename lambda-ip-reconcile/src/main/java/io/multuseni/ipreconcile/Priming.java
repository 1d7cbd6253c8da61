// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.aws.AwsClients;
import io.multuseni.aws.CachedConfig;
import io.multuseni.aws.CannedAws;
import io.multuseni.aws.FunctionConfig;
import io.multuseni.base.Deadline;
import io.multuseni.base.PassingTime;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.kube.CannedCluster;
import io.multuseni.kube.KubeClients;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/**
 * Makes a pass once, in memory and with clients of its own, so that a snapshot of the sandbox holds
 * its classes; not those of the watch after it, nor of the call that asks EKS for an endpoint which
 * no parameter names. Nothing is sent or signed, and the function's own configuration isn't read.
 */
final class Priming {
  private static final Duration ENOUGH = Duration.ofMinutes(5);

  /** An address that nobody reserved, so that one is released as well. */
  private static final String STALE = "10.0.30.99";

  private Priming() {}

  /** Primes the function; gives the report of the pass. */
  static ReconcileReport pass() {
    PassingTime time = new PassingTime();
    CannedAws canned = CannedAws.withInterface(Set.of(STALE));
    try (AwsClients aws = canned.clients(time);
        KubeClients kubernetes = CannedCluster.clients(CannedAws.INSTANCE, time)) {
      PrintStream nowhere =
          new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
      CachedConfig config =
          new CachedConfig(new FunctionConfig(CannedAws::environment, aws), time, nowhere);
      IpReconcileHandler handler =
          new IpReconcileHandler(
              new Sandbox(
                  config,
                  aws,
                  new ClusterClients(given -> kubernetes),
                  time,
                  new CloudWatchTelemetry(nowhere),
                  false));
      return handler.handle(Deadline.in(time, ENOUGH));
    }
  }
}
