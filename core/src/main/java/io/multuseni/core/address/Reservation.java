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
  private static final Comparator<Reservation> ORDER =
      Comparator.comparing(Reservation::address)
          .thenComparing(Reservation::pod)
          .thenComparing(one -> one.interfaceName().orElse(""))
          .thenComparing(Reservation::origin);

  @Override
  public int compareTo(Reservation other) {
    return ORDER.compare(this, other);
  }
}
