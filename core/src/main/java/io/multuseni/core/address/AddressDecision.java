// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.config.ProvisionerConfig;

/**
 * ◆ From what was read to what is to be done: reservations, placements, plan.
 *
 * @param reservations whose is which address
 * @param placements where each belongs
 * @param plan the calls that follow
 */
public record AddressDecision(Reservations reservations, Placements placements, AddressPlan plan) {
  /**
   * Decides.
   *
   * @param config the configuration
   * @param cluster what the Kubernetes API said
   * @param vpc what EC2 said
   * @param earlier what earlier looks found
   */
  public static AddressDecision decide(
      ProvisionerConfig config, ClusterFacts cluster, VpcFacts vpc, EarlierLooks earlier) {
    Reservations reservations = ReservationReader.read(cluster, config.reconciliation());
    Placements placements = PlacementPlanner.place(config, cluster, reservations, vpc);
    AddressPlan plan =
        AddressPlanner.plan(
            cluster, reservations, placements, vpc, config.reconciliation(), earlier);
    return new AddressDecision(reservations, placements, plan);
  }
}
