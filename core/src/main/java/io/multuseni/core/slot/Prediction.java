// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.slot;

import java.util.Optional;

/**
 * What a node is predicted to call the interface in a slot. AWS promises none of it: a volume that
 * was attached earlier shifts the address. Check the interface by its MAC address.
 *
 * @param pciBusId predicted PCI address
 * @param interfaceName predicted name; absent where the address says nothing about the name
 */
public record Prediction(PciBusId pciBusId, Optional<InterfaceName> interfaceName) {}
