// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.config.ProvisionerConfig;
import java.util.Set;

/**
 * ◆ From what was read to what is to be done: reservations, placements, plan.
 *
 * @param reservations whose is which address
 * @param placements where each belongs
 * @param plan the calls that follow
 */
public record AddressDecision(Reservations reservations, Placements placements, AddressPlan plan) {
  /**
   * Decides without any release but those that a move needs: what a watcher may do, and the first
   * look of each pass.
   *
   * @param config the configuration
   * @param cluster what the Kubernetes API said
   * @param vpc what EC2 said
   */
  public static AddressDecision decide(
      ProvisionerConfig config, ClusterFacts cluster, VpcFacts vpc) {
    return decide(config, cluster, vpc, Set.of(), Set.of());
  }

  /**
   * Decides with releases.
   *
   * @param config the configuration
   * @param cluster what the Kubernetes API said
   * @param vpc what EC2 said
   * @param staleBefore seats that were stale at an earlier reading
   * @param graceOver seats among them whose grace is over
   */
  public static AddressDecision decide(
      ProvisionerConfig config,
      ClusterFacts cluster,
      VpcFacts vpc,
      Set<Seat> staleBefore,
      Set<Seat> graceOver) {
    Reservations reservations = ReservationReader.read(cluster, config.reconciliation());
    Placements placements = PlacementPlanner.place(config, cluster, reservations, vpc);
    AddressPlan plan =
        AddressPlanner.plan(
            cluster,
            reservations,
            placements,
            vpc,
            config.reconciliation(),
            staleBefore,
            graceOver);
    return new AddressDecision(reservations, placements, plan);
  }
}
