// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

import java.util.Optional;

/**
 * An OverlappingRangeIPReservation of whereabouts as it stands.
 *
 * @param namespace its namespace
 * @param name the address with {@code -} for {@code :}, maybe behind a network's name and {@code -}
 * @param podRef {@code spec.podref}
 * @param interfaceName {@code spec.ifname}
 */
public record OverlapFacts(
    String namespace, String name, String podRef, Optional<String> interfaceName) {
  /** {@code namespace/name}. */
  public String key() {
    return namespace + "/" + name;
  }
}
