// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import io.multuseni.core.cluster.OverlapFacts;
import io.multuseni.core.cluster.PodFacts;
import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.cluster.PoolFacts;
import io.multuseni.core.cluster.WorkerNode;
import java.util.Optional;

/** Something that a watch saw. An absent value means that the object was deleted. */
public sealed interface ClusterChange {
  /**
   * An IPPool is new, changed or gone.
   *
   * @param key its {@code namespace/name}
   * @param pool as it is now
   */
  record PoolChanged(String key, Optional<PoolFacts> pool) implements ClusterChange {}

  /**
   * An OverlappingRangeIPReservation is new, changed or gone.
   *
   * @param key its {@code namespace/name}
   * @param overlap as it is now
   */
  record OverlapChanged(String key, Optional<OverlapFacts> overlap) implements ClusterChange {}

  /**
   * A pod is new, changed or gone.
   *
   * @param ref its name
   * @param pod as it is now
   */
  record PodChanged(PodRef ref, Optional<PodFacts> pod) implements ClusterChange {}

  /**
   * A node is new, changed or gone.
   *
   * @param name its name
   * @param node as it is now
   */
  record NodeChanged(String name, Optional<WorkerNode> node) implements ClusterChange {}

  /**
   * The watch of a resource has ended for good: nothing more of it will come, and changes may have
   * been missed. The cluster must be read anew.
   *
   * @param resource plural of the resource
   * @param why the reason, for people
   */
  record Lost(String resource, String why) implements ClusterChange {}
}
