// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import static io.multuseni.core.config.ConfigNode.quoted;

import io.multuseni.core.config.NodeGroup.AutoScalingGroups;
import io.multuseni.core.config.NodeGroup.CreateHook;
import io.multuseni.core.config.NodeGroup.LifecycleHook;
import io.multuseni.core.config.NodeGroup.Membership;
import io.multuseni.core.config.NodeGroup.NodeOs;
import io.multuseni.core.config.NodeGroup.ObserveHook;
import io.multuseni.core.config.NodeSetup.BootGate;
import io.multuseni.core.ip.AddressBlock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** Walks the keys of a node group that {@link NodeSetup} holds. */
final class NodeSetupValidator {
  /** Keys of {@code bootGate}. */
  static final List<String> GATE_KEYS = List.of("waitSeconds", "maxPods");

  /** Keys of {@code launch}. */
  static final List<String> LAUNCH_KEYS =
      List.of(
          "instanceType",
          "kubernetesVersion",
          "subnets",
          "securityGroups",
          "serviceCidr",
          "minSize",
          "maxSize",
          "desiredSize",
          "volumeGib");

  private static final Pattern INSTANCE_TYPE =
      Pattern.compile("[a-z][a-z0-9-]{1,15}\\.[a-z0-9-]{2,16}");
  private static final Pattern KUBERNETES_VERSION = Pattern.compile("1\\.[0-9]{2}");
  private static final int NODES_MAX = 1000;
  private static final int VOLUME_MIN = 20;
  private static final int VOLUME_MAX = 16_384;

  private NodeSetupValidator() {}

  static NodeSetup read(ConfigNode group, Membership membership, LifecycleHook hook, NodeOs os) {
    NodeSetup setup =
        new NodeSetup(
            zones(group.key("zones")),
            bootGate(group.key("bootGate")),
            launch(group.key("launch"), membership, hook, os));
    // Only the gate keeps pods away from a node that nobody holds back.
    ConfigNode gate = group.key("bootGate");
    if (hook instanceof ObserveHook
        && setup.bootGate().isEmpty()
        && (gate.isFlag() || (!gate.isPresent() && !group.isMisspelt("bootGate")))) {
      group
          .key("lifecycleHook")
          .problem(
              "observe holds no node back until its interfaces are there",
              "put the boot gate into the nodes' user data and say so with bootGate: true, or use"
                  + " create");
    }
    return setup;
  }

  private static List<String> zones(ConfigNode node) {
    List<String> zones = new ArrayList<>();
    Map<String, ConfigNode> seen = new HashMap<>();
    if (node.isPresent()) {
      for (ConfigNode element : node.elements("Availability Zones")) {
        String zone = DeploymentValidator.zone(element);
        ConfigValidator.unique(element, zone, seen, "zone");
        zones.add(zone);
      }
    }
    return zones;
  }

  private static Optional<BootGate> bootGate(ConfigNode node) {
    if (!node.isPresent()) {
      return Optional.empty();
    }
    if (node.isFlag()) {
      return node.isTrue() ? Optional.of(BootGate.DEFAULTS) : Optional.empty();
    }
    if (!node.isObject("true, false or ", GATE_KEYS, Set.of())) {
      return Optional.empty();
    }
    Optional<Integer> maxPods = node.key("maxPods").number(1, BootGate.MAX_PODS_MAX);
    return Optional.of(
        new BootGate(
            ConfigValidator.seconds(node.key("waitSeconds"), BootGate.WAIT_MIN, BootGate.WAIT_MAX)
                .orElse(BootGate.WAIT_DEFAULT),
            maxPods.isPresent() ? OptionalInt.of(maxPods.get()) : OptionalInt.empty()));
  }

  private static Optional<NodeLaunch> launch(
      ConfigNode node, Membership membership, LifecycleHook hook, NodeOs os) {
    if (!node.isPresent()
        || !node.isObject(
            LAUNCH_KEYS,
            Set.of(
                "instanceType",
                "kubernetesVersion",
                "subnets",
                "securityGroups",
                "serviceCidr",
                "maxSize"))) {
      return Optional.empty();
    }
    // A group without a name is a problem already.
    if (!(membership instanceof AutoScalingGroups groups && groups.names().size() <= 1)) {
      node.problem(
          "launch makes exactly one Auto Scaling group",
          "name it, alone, in autoScalingGroups of this node group");
    }
    if (!(hook instanceof CreateHook)) {
      node.problem("a group that the deployment makes gets the hook create", "use create");
    }
    if (os != NodeOs.AL2023) {
      node.problem("the deployment launches Amazon Linux 2023 only", "use nodeOs: al2023");
    }
    int min = node.key("minSize").number(0, NODES_MAX).orElse(0);
    int max = node.key("maxSize").number(1, NODES_MAX).orElse(NODES_MAX);
    ConfigNode desiredNode = node.key("desiredSize");
    Optional<Integer> desired = desiredNode.number(0, NODES_MAX);
    if (min > max) {
      node.key("minSize").problem(min + " is more than maxSize, " + max, "use at most " + max);
    } else if (desired.isPresent() && (desired.get() < min || desired.get() > max)) {
      desiredNode.problem(
          desired.get() + " is not between minSize and maxSize", "use " + min + " to " + max);
    }
    return Optional.of(
        new NodeLaunch(
            node.key("instanceType")
                .text(INSTANCE_TYPE, "an instance type", "write it like m5.xlarge")
                .orElse(""),
            node.key("kubernetesVersion")
                .text(KUBERNETES_VERSION, "a Kubernetes version", "write it like \"1.33\"")
                .orElse(""),
            ConfigValidator.subnets(node.key("subnets")),
            ConfigValidator.securityGroups(node.key("securityGroups")),
            serviceCidr(node.key("serviceCidr")),
            min,
            max,
            desired.map(OptionalInt::of).orElse(OptionalInt.empty()),
            node.key("volumeGib")
                .number(VOLUME_MIN, VOLUME_MAX)
                .orElse(NodeLaunch.VOLUME_DEFAULT)));
  }

  private static String serviceCidr(ConfigNode node) {
    Optional<String> text = node.text();
    if (text.isPresent() && AddressBlock.parse(text.get()).isEmpty()) {
      node.problem(
          quoted(text.get()) + " is not a CIDR block",
          "copy serviceIpv4Cidr or serviceIpv6Cidr as EKS describes the cluster");
    }
    return text.orElse("");
  }
}
