// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

import java.util.List;
import java.util.Optional;

/**
 * What of a pod matters to its addresses.
 *
 * @param ref its name
 * @param phase its phase
 * @param nodeName the node it is bound to; absent while it isn't scheduled
 * @param selections the networks it asks for (annotation {@code k8s.v1.cni.cncf.io/networks})
 * @param attachments the networks it got (annotation {@code k8s.v1.cni.cncf.io/network-status});
 *     empty until Multus has written it
 * @param problems what of the annotations could not be read, for people
 */
public record PodFacts(
    PodRef ref,
    Phase phase,
    Optional<String> nodeName,
    List<NetworkSelection> selections,
    List<NetworkAttachment> attachments,
    List<String> problems) {
  /** Copies the lists. */
  public PodFacts {
    selections = List.copyOf(selections);
    attachments = List.copyOf(attachments);
    problems = List.copyOf(problems);
  }

  /** Phases of a pod (Kubernetes API, PodStatus). */
  public enum Phase {
    /** Accepted, not all containers run. */
    PENDING,
    /** Bound to a node, at least one container runs. */
    RUNNING,
    /** All containers ended well. */
    SUCCEEDED,
    /** All containers ended, at least one not well. */
    FAILED,
    /** The node doesn't answer. */
    UNKNOWN;

    /** Whether its containers have ended for good. */
    public boolean isFinished() {
      return this == SUCCEEDED || this == FAILED;
    }

    /** Reads the API's word; anything new counts as {@link #UNKNOWN}, which keeps addresses. */
    public static Phase of(String word) {
      return switch (word) {
        case "Pending" -> PENDING;
        case "Running" -> RUNNING;
        case "Succeeded" -> SUCCEEDED;
        case "Failed" -> FAILED;
        default -> UNKNOWN;
      };
    }
  }

  /**
   * Makes the facts of a pod from its annotations.
   *
   * @param ref its name
   * @param phase its phase
   * @param nodeName its node
   * @param networks the annotation {@code networks}; empty where it has none
   * @param networkStatus the annotation {@code network-status}; empty where it has none
   */
  public static PodFacts read(
      PodRef ref,
      Phase phase,
      Optional<String> nodeName,
      Optional<String> networks,
      Optional<String> networkStatus) {
    PodAnnotations annotations = new PodAnnotations(ref);
    List<NetworkSelection> selections = networks.map(annotations::selections).orElse(List.of());
    List<NetworkAttachment> attachments =
        networkStatus.map(annotations::attachments).orElse(List.of());
    return new PodFacts(ref, phase, nodeName, selections, attachments, annotations.problems());
  }
}
