// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.config.Reconciliation;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was read of a cluster at one time.
 *
 * @param facts what was found
 * @param problems what could not be read, for people; at most 50 and a count of the rest
 * @param resourceVersions where a watch goes on, by the plural of the resource; without what the
 *     cluster doesn't have or nobody asked for
 * @param sources what was asked for
 */
public record Reading(
    ClusterFacts facts,
    List<String> problems,
    Map<String, String> resourceVersions,
    Set<Reconciliation.Source> sources) {
  /** Copies the collections. */
  public Reading {
    problems = List.copyOf(problems);
    resourceVersions = Map.copyOf(resourceVersions);
    sources = Set.copyOf(sources);
  }
}
