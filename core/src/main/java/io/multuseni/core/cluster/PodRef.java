// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names a pod. Not unique in time: a StatefulSet gives the name of a dead pod to the next.
 *
 * @param namespace its namespace
 * @param name its name
 */
public record PodRef(String namespace, String name) implements Comparable<PodRef> {
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

  // By hand for the reason that IpAddress tells.

  /** By namespace, then by name. */
  @Override
  public int compareTo(PodRef other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PodRef that
        && name.equals(that.name)
        && namespace.equals(that.namespace);
  }

  @Override
  public int hashCode() {
    // Spread, since names that count up fill immutable maps, which probe the next place, in clumps.
    int mixed = (31 * namespace.hashCode() + name.hashCode()) * 0x9e3779b9;
    return mixed ^ mixed >>> 15;
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
