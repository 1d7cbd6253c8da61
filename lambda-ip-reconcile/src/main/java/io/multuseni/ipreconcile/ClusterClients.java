// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.base.Time;
import io.multuseni.core.config.ApiServer;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.kube.KubeClients;
import java.util.Optional;
import java.util.function.Function;

/**
 * The way to the cluster that a configuration names. It is kept, token and connections included,
 * until a configuration leads somewhere else.
 */
final class ClusterClients implements Function<ProvisionerConfig, KubeClients> {
  private final Function<ProvisionerConfig, KubeClients> opening;
  private Optional<Open> open = Optional.empty();

  private record Open(String cluster, ApiServer apiServer, KubeClients clients) {
    boolean leadsTo(ProvisionerConfig config) {
      return cluster.equals(config.cluster()) && apiServer.equals(config.apiServer());
    }
  }

  /**
   * Opens nothing yet.
   *
   * @param opening makes clients for a configuration
   */
  ClusterClients(Function<ProvisionerConfig, KubeClients> opening) {
    this.opening = opening;
  }

  /** Clusters of EKS. */
  static ClusterClients eks(Time time) {
    return new ClusterClients(
        config -> KubeClients.eks(config.cluster(), config.apiServer(), time));
  }

  @Override
  public synchronized KubeClients apply(ProvisionerConfig config) {
    if (open.filter(one -> one.leadsTo(config)).isEmpty()) {
      forget();
      open = Optional.of(new Open(config.cluster(), config.apiServer(), opening.apply(config)));
    }
    return open.orElseThrow().clients();
  }

  /** Ends the connections; the next use opens others. */
  synchronized void forget() {
    open.map(Open::clients).ifPresent(KubeClients::close);
    open = Optional.empty();
  }
}
