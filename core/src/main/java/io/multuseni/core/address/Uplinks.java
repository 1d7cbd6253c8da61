// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.cluster.AttachmentDefinition;
import io.multuseni.core.cluster.WorkerNode;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.slot.PciBusId;
import io.multuseni.core.slot.Prediction;
import io.multuseni.core.slot.Slot;
import io.multuseni.core.slot.SlotPredictor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the network interface that an attachment definition names on a node. Names and PCI
 * addresses follow from the slot by prediction; where none is known for the node, nothing is found.
 */
final class Uplinks {
  /** Names by device index, as Amazon Linux 2 gives them and as others are often set up. */
  private static final Pattern BY_INDEX = Pattern.compile("eth([0-9]{1,2})");

  /** Names by hotplug slot or PCI path on bus 0, as systemd gives them. */
  private static final Pattern BY_DEVICE = Pattern.compile("en(?:s|p0s)([0-9]{1,2})");

  private final Map<String, NodeGroup> groups = new HashMap<>();

  /** Predictions cost a regular expression each, and there are as many nodes as there are. */
  private final Map<Predicted, Optional<PciBusId>> known = new HashMap<>();

  private record Predicted(String instanceType, String nodeGroup, Slot slot) {}

  /** What came of a search. */
  sealed interface Resolution {}

  /**
   * It is there.
   *
   * @param found the interface
   */
  record Found(MultusInterface found) implements Resolution {}

  /**
   * None of the node's interfaces is what is named.
   *
   * @param what what is named
   */
  record Missing(String what) implements Resolution {}

  /** Nothing tells which interface has this name or address on such a node. */
  record NotPredicted() implements Resolution {}

  Uplinks(ProvisionerConfig config) {
    config.nodeGroups().forEach(group -> groups.put(group.name(), group));
  }

  Resolution resolve(
      AttachmentDefinition.Uplink uplink, WorkerNode node, List<MultusInterface> candidates) {
    return switch (uplink) {
      case AttachmentDefinition.ByMac(String mac) ->
          first(candidates, one -> one.macAddress().equals(mac), mac);
      case AttachmentDefinition.ByPciBusId(PciBusId address) -> byPci(address, node, candidates);
      case AttachmentDefinition.ByName(String name) -> byName(name, node, candidates);
    };
  }

  /** The interface that is predicted at a PCI address. */
  Optional<MultusInterface> atPciAddress(
      String address, WorkerNode node, List<MultusInterface> candidates) {
    return PciBusId.parse(address)
        .flatMap(parsed ->
            candidates.stream()
                .filter(one -> pciBusId(node, one).filter(parsed::equals).isPresent())
                .findFirst());
  }

  private Resolution byPci(PciBusId address, WorkerNode node, List<MultusInterface> candidates) {
    if (candidates.stream().noneMatch(one -> pciBusId(node, one).isPresent())) {
      return new NotPredicted();
    }
    return first(
        candidates,
        one -> pciBusId(node, one).filter(address::equals).isPresent(),
        address.toString());
  }

  private Resolution byName(String name, WorkerNode node, List<MultusInterface> candidates) {
    Matcher index = BY_INDEX.matcher(name);
    if (index.matches()) {
      int device = Integer.parseInt(index.group(1));
      return first(
          candidates,
          one -> one.place().filter(place -> place.slot().equals(new Slot(0, device))).isPresent(),
          name);
    }
    Matcher device = BY_DEVICE.matcher(name);
    if (!device.matches()
        || candidates.stream().noneMatch(one -> pciBusId(node, one).isPresent())) {
      return new NotPredicted();
    }
    int number = Integer.parseInt(device.group(1));
    return first(
        candidates,
        one ->
            pciBusId(node, one)
                .filter(address -> address.bus() == 0 && address.device() == number)
                .isPresent(),
        name);
  }

  private Optional<PciBusId> pciBusId(WorkerNode node, MultusInterface one) {
    NodeGroup group = groups.get(one.nodeGroup());
    if (group == null || one.place().isEmpty()) {
      return Optional.empty();
    }
    return known.computeIfAbsent(
        new Predicted(node.instanceType().orElse(""), group.name(), one.place().get().slot()),
        key ->
            SlotPredictor.predict(key.instanceType(), group, key.slot()).map(Prediction::pciBusId));
  }

  private static Resolution first(
      List<MultusInterface> candidates, Predicate<MultusInterface> test, String what) {
    return candidates.stream()
        .filter(test)
        .findFirst()
        .<Resolution>map(Found::new)
        .orElseGet(() -> new Missing(what));
  }
}
