// SPDX-License-Identifier: Apache-2.0
package io.multuseni.benchmarks;

import io.multuseni.aws.AwsClients;
import io.multuseni.aws.pacing.RetrySettings;
import io.multuseni.base.Deadline;
import io.multuseni.base.Time;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.ipreconcile.ReconcileFlow;
import io.multuseni.kube.KubeClients;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;

/** How many calls change the addresses of so many interfaces. */
final class AssignFigures {
  private AssignFigures() {}

  /** Prints the table. */
  @SuppressWarnings("SystemOut")
  public static void main(String... args) {
    List.of(new Fleet(1, 1, 49), new Fleet(10, 1, 10), new Fleet(50, 1, 10), Fleet.LARGE)
        .forEach(fleet -> run(fleet, System.out));
  }

  /**
   * Assigns all addresses of a fleet in one pass.
   *
   * @return the calls that changed addresses, by action
   */
  static SortedMap<String, Integer> run(Fleet fleet, PrintStream out) {
    Time time = Time.system();
    try (FleetServers servers = FleetServers.unassigned(fleet);
        AwsClients aws =
            AwsClients.emulator(servers.cloud().endpoint(), RetrySettings.standard(), time);
        KubeClients kube = KubeClients.at(servers.cluster().endpoint(), time)) {
      servers.cloud().calls().clear();
      ReconcileReport report =
          new ReconcileFlow(Fleet.config(servers.yaml("{watch: false}")), aws, kube, time, false)
              .pass(Deadline.in(time, Duration.ofMinutes(10)));
      if (servers.assigned() != fleet.pods().size()) {
        throw new IllegalStateException(
            "%d of %d addresses were assigned: %s"
                .formatted(servers.assigned(), fleet.pods().size(), report.unfinished()));
      }
      SortedMap<String, Integer> changes = servers.changes();
      out.printf(
          "%d addresses on %d interfaces: %s%n",
          fleet.pods().size(), fleet.nodes() * fleet.networks(), changes);
      return changes;
    }
  }
}
