// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.aws.AwsClients;
import io.multuseni.aws.CannedAws;
import io.multuseni.aws.FunctionConfig;
import io.multuseni.base.CachedConfig;
import io.multuseni.base.Deadline;
import io.multuseni.base.PassingTime;
import io.multuseni.core.config.Tags;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.kube.CannedCluster;
import io.multuseni.kube.KubeClients;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Makes a pass once, in memory and with clients of its own, so that a snapshot of the sandbox holds
 * the classes of an ordinary invocation. Nothing is sent or signed, and the function's own
 * configuration isn't read.
 */
final class Priming {
  private static final Duration ENOUGH = Duration.ofMinutes(5);

  /** An address that nobody reserved, so that one is released as well. */
  private static final String STALE = "10.0.30.99";

  private static final String CONFIG =
      """
      {"cluster": {"name": "%s"},
       "reconcile": {"watch": false},
       "nodeGroups": [
         {"name": "%s", "autoScalingGroups": ["%s"], "networks": [
           {"name": "n3", "subnets": ["subnet-00000000000000001"],
            "securityGroups": ["sg-00000000000000001"]}]}]}
      """
          .formatted(CannedAws.CLUSTER, CannedAws.GROUP, CannedAws.GROUP);

  private Priming() {}

  /** Primes the function; gives the report of the pass. */
  static ReconcileReport pass() {
    PassingTime time = new PassingTime();
    CannedAws canned =
        CannedAws.withInterface(
            CONFIG,
            "{}",
            Map.of(Tags.CLUSTER, CannedAws.CLUSTER, Tags.NODE_GROUP, CannedAws.GROUP),
            Set.of(STALE));
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
