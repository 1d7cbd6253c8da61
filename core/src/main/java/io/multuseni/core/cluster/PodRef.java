// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

import java.util.Comparator;
import java.util.Optional;

/**
 * Names a pod. Not unique in time: a StatefulSet gives the name of a dead pod to the next.
 *
 * @param namespace its namespace
 * @param name its name
 */
public record PodRef(String namespace, String name) implements Comparable<PodRef> {
  private static final Comparator<PodRef> ORDER =
      Comparator.comparing(PodRef::namespace).thenComparing(PodRef::name);

  /**
   * Reads {@code namespace/name}, the form of whereabouts' {@code podref}.
   *
   * @return empty where the text has another form
   */
  public static Optional<PodRef> parse(String text) {
    int slash = text.indexOf('/');
    return slash > 0 && slash < text.length() - 1 && text.indexOf('/', slash + 1) < 0
        ? Optional.of(new PodRef(text.substring(0, slash), text.substring(slash + 1)))
        : Optional.empty();
  }

  @Override
  public int compareTo(PodRef other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
