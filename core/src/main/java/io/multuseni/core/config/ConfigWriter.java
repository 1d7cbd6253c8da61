// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.multuseni.core.config.Deployment.FunctionSettings;
import io.multuseni.core.config.Deployment.ReservedConcurrency;
import io.multuseni.core.config.Deployment.SuitableConcurrency;
import io.multuseni.core.config.Deployment.UnreservedConcurrency;
import io.multuseni.core.config.Network.AutoIpv6;
import io.multuseni.core.config.Network.CountedIpv6;
import io.multuseni.core.config.Network.PrimaryAddress;
import io.multuseni.core.config.NodeGroup.AutoScalingGroups;
import io.multuseni.core.config.NodeGroup.CreateHook;
import io.multuseni.core.config.NodeGroup.EksManagedNodegroup;
import io.multuseni.core.config.NodeGroup.ExistingHook;
import io.multuseni.core.config.NodeGroup.NodeOs;
import io.multuseni.core.config.NodeGroup.ObserveHook;
import io.multuseni.core.config.NodeGroup.OnRepeatedFailure;
import io.multuseni.core.config.NodeSetup.BootGate;
import java.util.List;

/**
 * Writes a configuration as compact JSON that {@link ConfigReader#readJson} reads back to an equal
 * one. Defaults are left out, since all environment variables of a function share 4 KB.
 */
public final class ConfigWriter {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ConfigWriter() {}

  /** Writes a configuration on one line; its durations are whole seconds. */
  public static String toJson(ProvisionerConfig config) {
    ObjectNode root = NODES.objectNode();
    ObjectNode cluster = root.putObject("cluster").put("name", config.cluster());
    config.apiServer().endpoint().ifPresent(url -> cluster.put("endpoint", url));
    config
        .apiServer()
        .certificateAuthority()
        .ifPresent(pem -> cluster.put("certificateAuthority", pem));
    if (!config.sweepGrace().equals(TimeChain.SWEEP_GRACE_DEFAULT)) {
      root.putObject("sweep").put("graceSeconds", config.sweepGrace().toSeconds());
    }
    ObjectNode reconcile = tree(config.reconciliation());
    if (!reconcile.isEmpty()) {
      root.set("reconcile", reconcile);
    }
    ObjectNode deployment = tree(config.deployment());
    if (!deployment.isEmpty()) {
      root.set("deployment", deployment);
    }
    ArrayNode groups = root.putArray("nodeGroups");
    config.nodeGroups().forEach(group -> groups.add(tree(group)));
    return root.toString();
  }

  private static ObjectNode tree(Reconciliation reconciliation) {
    Reconciliation defaults = Reconciliation.DEFAULTS;
    ObjectNode node = NODES.objectNode();
    if (!reconciliation.sources().equals(defaults.sources())) {
      ArrayNode sources = node.putArray("sources");
      ReconciliationValidator.SOURCES.forEach((word, source) -> {
        if (reconciliation.sources().contains(source)) {
          sources.add(word);
        }
      });
    }
    if (reconciliation.maxReleaseFraction() != defaults.maxReleaseFraction()) {
      node.put("maxReleaseFraction", reconciliation.maxReleaseFraction());
    }
    if (!reconciliation.releaseGrace().equals(defaults.releaseGrace())) {
      node.put("releaseGraceSeconds", reconciliation.releaseGrace().toSeconds());
    }
    if (reconciliation.watch() != defaults.watch()) {
      node.put("watch", reconciliation.watch());
    }
    if (!reconciliation.period().equals(defaults.period())) {
      node.put("periodSeconds", reconciliation.period().toSeconds());
    }
    if (!reconciliation.managedRanges().isEmpty()) {
      ArrayNode ranges = node.putArray("managedRanges");
      reconciliation.managedRanges().forEach(range -> ranges.add(range.toString()));
    }
    return node;
  }

  private static ObjectNode tree(Deployment deployment) {
    Deployment defaults = Deployment.DEFAULTS;
    ObjectNode node = NODES.objectNode();
    if (deployment.architecture() != defaults.architecture()) {
      DeploymentValidator.ARCHITECTURES.forEach((word, architecture) -> {
        if (architecture == deployment.architecture()) {
          node.put("architecture", word);
        }
      });
    }
    putFunction(node, "attach", deployment.attach());
    putFunction(node, "sweep", deployment.sweep());
    putFunction(node, "reconcile", deployment.reconcile());
    if (deployment.logRetentionDays() != defaults.logRetentionDays()) {
      node.put("logRetentionDays", deployment.logRetentionDays());
    }
    if (deployment.tracing()) {
      node.put("tracing", true);
    }
    if (deployment.terminateHook()) {
      node.put("terminateHook", true);
    }
    deployment.alarmTopic().ifPresent(topic -> node.put("alarmTopic", topic));
    if (!deployment.driftAlarm().equals(defaults.driftAlarm())) {
      node.put("driftAlarmMinutes", deployment.driftAlarm().toMinutes());
    }
    deployment
        .vpc()
        .ifPresent(vpc -> {
          ObjectNode child = node.putObject("vpc");
          vpc.id().ifPresent(id -> child.put("id", id));
          putTexts(child, "subnets", vpc.subnets());
          putTexts(child, "securityGroups", vpc.securityGroups());
          if (vpc.endpoints()) {
            child.put("endpoints", true);
          }
        });
    if (!deployment.subnetZones().isEmpty()) {
      ObjectNode zones = node.putObject("subnetZones");
      deployment.subnetZones().forEach(zones::put);
    }
    return node;
  }

  private static void putFunction(ObjectNode parent, String key, FunctionSettings function) {
    if (function.equals(FunctionSettings.DEFAULTS)) {
      return;
    }
    ObjectNode node = parent.putObject(key);
    if (function.memoryMb() != FunctionSettings.MEMORY_DEFAULT) {
      node.put("memoryMb", function.memoryMb());
    }
    switch (function.concurrency()) {
      case SuitableConcurrency() -> {}
      case UnreservedConcurrency() -> node.put("reservedConcurrency", "none");
      case ReservedConcurrency(int runs) -> node.put("reservedConcurrency", runs);
    }
  }

  private static void putSetup(ObjectNode node, NodeSetup setup) {
    if (!setup.zones().isEmpty()) {
      putTexts(node, "zones", setup.zones());
    }
    setup.bootGate().ifPresent(gate -> putGate(node, gate));
    setup
        .launch()
        .ifPresent(launch -> {
          ObjectNode child =
              node.putObject("launch")
                  .put("instanceType", launch.instanceType())
                  .put("kubernetesVersion", launch.kubernetesVersion());
          putTexts(child, "subnets", launch.subnets());
          putTexts(child, "securityGroups", launch.securityGroups());
          child
              .put("serviceCidr", launch.serviceCidr())
              .put("minSize", launch.minSize())
              .put("maxSize", launch.maxSize())
              .put("volumeGib", launch.volumeGib());
          launch.desiredSize().ifPresent(size -> child.put("desiredSize", size));
        });
  }

  private static void putGate(ObjectNode node, BootGate gate) {
    if (gate.equals(BootGate.DEFAULTS)) {
      node.put("bootGate", true);
      return;
    }
    ObjectNode child = node.putObject("bootGate");
    if (!gate.patience().equals(BootGate.WAIT_DEFAULT)) {
      child.put("waitSeconds", gate.patience().toSeconds());
    }
    gate.maxPods().ifPresent(pods -> child.put("maxPods", pods));
  }

  private static void putTexts(ObjectNode node, String key, List<String> texts) {
    ArrayNode array = node.putArray(key);
    texts.forEach(array::add);
  }

  private static ObjectNode tree(NodeGroup group) {
    ObjectNode node = NODES.objectNode().put("name", group.name());
    switch (group.membership()) {
      case AutoScalingGroups groups -> {
        putTexts(node, "autoScalingGroups", groups.names());
      }
      case EksManagedNodegroup managed -> node.put("eksManagedNodegroup", managed.nodegroup());
    }
    switch (group.lifecycleHook()) {
      case CreateHook _ -> {}
      case ExistingHook existing -> node.put("lifecycleHook", "existing:" + existing.name());
      case ObserveHook _ -> node.put("lifecycleHook", "observe");
    }
    if (!group.heartbeatTimeout().equals(TimeChain.HEARTBEAT_DEFAULT)) {
      node.put("heartbeatTimeout", group.heartbeatTimeout().toSeconds());
    }
    if (!group.giveUpAfter().equals(TimeChain.giveUpDefault(group.membership()))) {
      node.put("giveUpAfter", group.giveUpAfter().toSeconds());
    }
    if (group.onRepeatedFailure() == OnRepeatedFailure.ABANDON) {
      node.put("onRepeatedFailure", "abandon");
    }
    if (group.backfill()) {
      node.put("backfill", true);
    }
    if (group.nodeOs() == NodeOs.AL2) {
      node.put("nodeOs", "al2");
    }
    group.pciBase().ifPresent(base -> node.put("pciBase", base));
    putSetup(node, group.setup());
    ArrayNode networks = node.putArray("networks");
    group.networks().forEach(network -> networks.add(tree(network)));
    return node;
  }

  private static ObjectNode tree(Network network) {
    ObjectNode node = NODES.objectNode().put("name", network.name());
    putTexts(node, "subnets", network.subnets());
    putTexts(node, "securityGroups", network.securityGroups());
    if (network.sourceDestCheck()) {
      node.put("sourceDestCheck", true);
    }
    switch (network.ipv6()) {
      case AutoIpv6 _ -> {}
      case CountedIpv6 counted -> node.put("ipv6", counted.addresses());
    }
    if (network.primaryAddress() == PrimaryAddress.FIRST_FREE) {
      node.put("primaryAddress", "first-free");
    }
    if (network.networkCardIndex() != 0) {
      node.put("networkCardIndex", network.networkCardIndex());
    }
    if (!network.tags().isEmpty()) {
      ObjectNode tags = node.putObject("tags");
      network.tags().forEach(tags::put);
    }
    return node;
  }
}
