// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.slot;

import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeGroup.NodeOs;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Predicts PCI address and interface name of a slot. Where nothing is known the prediction is
 * absent: absent is harmless, wrong is a pod on the wrong network.
 *
 * <p>What it knows: on Nitro instances up to the 6th generation the primary interface was observed
 * at {@code 0000:00:05.0} and each further one at the next device of the bus, so that device index
 * N is at {@code 05+N}; Amazon Linux 2 calls it {@code eth<N>}, Amazon Linux 2023 {@code ens<5+N>}.
 * The sources are public reports (ipxe/ipxe#255 and #699, amzn/amzn-drivers#55,
 * amazonlinux/amazon-ec2-net-utils#60, aws/amazon-vpc-cni-k8s#1694). The 7th generation and newer,
 * bare metal and network cards other than 0 differ or are unknown.
 */
public final class SlotPredictor {
  private static final PciBusId NITRO_BASE = new PciBusId("0000:00:05.0");

  /** Instance families whose virtualised sizes show {@link #NITRO_BASE}. */
  private static final Set<String> NITRO_FAMILIES =
      Set.of(
          // General purpose and burstable.
          "t3",
          "t3a",
          "t4g",
          "m5",
          "m5a",
          "m5ad",
          "m5d",
          "m5dn",
          "m5n",
          "m5zn",
          "m6a",
          "m6g",
          "m6gd",
          "m6i",
          "m6id",
          "m6idn",
          "m6in",
          // Compute.
          "c5",
          "c5a",
          "c5ad",
          "c5d",
          "c5n",
          "c6a",
          "c6g",
          "c6gd",
          "c6gn",
          "c6i",
          "c6id",
          "c6in",
          // Memory.
          "r5",
          "r5a",
          "r5ad",
          "r5b",
          "r5d",
          "r5dn",
          "r5n",
          "r6a",
          "r6g",
          "r6gd",
          "r6i",
          "r6id",
          "r6idn",
          "r6in",
          "z1d",
          // Storage.
          "i3en",
          "d3",
          "d3en");

  private SlotPredictor() {}

  /**
   * The instance families, such as {@code m5}, for whose virtualised sizes a prediction needs no
   * configured base.
   */
  public static SortedSet<String> families() {
    return new TreeSet<>(NITRO_FAMILIES);
  }

  /**
   * Predicts for a node of a node group, with the group's {@code nodeOs} and {@code pciBase}.
   *
   * @param instanceType such as {@code m5.4xlarge}
   * @param group the node's group
   * @param slot the slot in question
   */
  public static Optional<Prediction> predict(String instanceType, NodeGroup group, Slot slot) {
    return predict(instanceType, group.nodeOs(), group.pciBase().map(PciBusId::new), slot);
  }

  /**
   * Predicts for a slot.
   *
   * @param instanceType such as {@code m5.4xlarge}
   * @param os decides about the form of the name
   * @param base configured address of device index 0; goes before the table
   * @param slot the slot in question
   */
  public static Optional<Prediction> predict(
      String instanceType, NodeOs os, Optional<PciBusId> base, Slot slot) {
    if (slot.networkCardIndex() != 0) {
      // Device numbers begin again on each card, and nothing tells where the card's bus is.
      return Optional.empty();
    }
    return base.or(() -> known(instanceType))
        .flatMap(first -> at(first, slot.deviceIndex()))
        .map(pciBusId -> new Prediction(pciBusId, name(os, pciBusId, slot)));
  }

  private static Optional<PciBusId> known(String instanceType) {
    int dot = instanceType.indexOf('.');
    boolean virtual = dot > 0 && !instanceType.startsWith("metal", dot + 1);
    return virtual && NITRO_FAMILIES.contains(instanceType.substring(0, dot))
        ? Optional.of(NITRO_BASE)
        : Optional.empty();
  }

  private static Optional<PciBusId> at(PciBusId first, int deviceIndex) {
    if (deviceIndex == 0) {
      return Optional.of(first);
    }
    // Off bus 0, each interface has a bus of its own: 8th-generation Intel shows enp39s0 and
    // enp40s0 side by side (kubernetes/kops#18642). How these are numbered, nothing tells.
    return first.bus() == 0 && deviceIndex <= PciBusId.LAST_DEVICE - first.device()
        ? Optional.of(first.plus(deviceIndex))
        : Optional.empty();
  }

  private static Optional<InterfaceName> name(NodeOs os, PciBusId pciBusId, Slot slot) {
    return switch (os) {
      case AL2 -> Optional.of(new InterfaceName("eth" + slot.deviceIndex()));
      // "ens" counts hotplug slots, which on bus 0 have the number of the device. Elsewhere the
      // name follows the path ("enp39s0"), and whether it does depends on firmware.
      case AL2023 ->
          pciBusId.bus() == 0
              ? Optional.of(new InterfaceName("ens" + pciBusId.device()))
              : Optional.empty();
    };
  }
}
