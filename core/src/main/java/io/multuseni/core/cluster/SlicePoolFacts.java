// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

/**
 * A NodeSlicePool of whereabouts: a range that is dealt out to nodes in slices. The reservations
 * stand in IPPools of their own, one per slice.
 *
 * @param namespace its namespace
 * @param name its name
 * @param range {@code spec.range}
 */
public record SlicePoolFacts(String namespace, String name, String range) {
  /** {@code namespace/name}. */
  public String key() {
    return namespace + "/" + name;
  }
}
