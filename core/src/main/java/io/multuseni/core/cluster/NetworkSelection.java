// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

/**
 * A network that a pod asks for.
 *
 * @param namespace namespace of the attachment definition
 * @param name name of the attachment definition
 * @param interfaceName the interface in the pod: as asked for, else {@code net} and the position,
 *     from 1 (Multus, multi-network specification)
 */
public record NetworkSelection(String namespace, String name, String interfaceName) {
  /** Key of the attachment definition among the facts of a cluster. */
  public String definition() {
    return namespace + "/" + name;
  }
}
