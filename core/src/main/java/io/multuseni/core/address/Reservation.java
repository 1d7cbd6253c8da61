// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.ip.IpAddress;
import java.util.Comparator;
import java.util.Optional;

/**
 * One address that belongs to a pod.
 *
 * @param address the address
 * @param pod the pod
 * @param interfaceName the interface in the pod, such as {@code net1}; older versions of
 *     whereabouts don't tell
 * @param origin the object that says so, for people
 */
public record Reservation(
    IpAddress address, PodRef pod, Optional<String> interfaceName, String origin)
    implements Comparable<Reservation> {
  private static final Comparator<Reservation> OF_ONE_ADDRESS =
      Comparator.comparing(Reservation::pod)
          .thenComparing(one -> one.interfaceName().orElse(""))
          .thenComparing(Reservation::origin);

  /** By address first. */
  @Override
  public int compareTo(Reservation other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : OF_ONE_ADDRESS.compare(this, other);
  }
}
