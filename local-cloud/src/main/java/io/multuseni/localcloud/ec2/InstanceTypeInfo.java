// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ec2;

import java.util.List;

/**
 * What an instance type allows.
 *
 * @param name for example {@code c6in.32xlarge}
 * @param interfacesPerCard most interfaces of each network card, the default card first
 * @param ipv4PerInterface most IPv4 addresses of an interface, the primary one included
 * @param ipv6PerInterface most IPv6 addresses of an interface, counted apart from IPv4
 * @param bareMetal whether there is no hypervisor
 * @param vcpus default vCPUs
 * @param memoryMib memory in MiB
 */
public record InstanceTypeInfo(
    String name,
    List<Integer> interfacesPerCard,
    int ipv4PerInterface,
    int ipv6PerInterface,
    boolean bareMetal,
    int vcpus,
    int memoryMib) {

  /** Copies the list. */
  public InstanceTypeInfo {
    interfacesPerCard = List.copyOf(interfacesPerCard);
  }

  /** Most interfaces over all network cards. */
  public int maximumNetworkInterfaces() {
    return interfacesPerCard.stream().mapToInt(Integer::intValue).sum();
  }
}
