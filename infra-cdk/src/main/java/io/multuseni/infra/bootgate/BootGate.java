// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.bootgate;

import io.multuseni.core.attach.AttachPlanner;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.NodeGroup.NodeOs;
import io.multuseni.core.config.NodeSetup;
import io.multuseni.core.slot.Slot;
import io.multuseni.core.slot.SlotPredictor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The boot gate of a node group as shell text: kubelet starts only when the instance metadata lists
 * each network's interface at its place and the links are there, and then with the max-pods that
 * the interfaces leave. A gate that fails leaves the node out of the cluster.
 *
 * <p>What holds kubelet back is a systemd unit that {@code kubelet.service} requires, written by a
 * cloud-init boothook, and not a user-data script. The reasons, from awslabs/amazon-eks-ami:
 *
 * <ul>
 *   <li>{@code nodeadm-run.service} (AL2023) is ordered after {@code cloud-final.service}, in which
 *       user-data scripts run, but doesn't require it: a script that fails holds nothing. And
 *       cloud-init runs these scripts on an instance's first boot only.
 *   <li>nodeadm and AL2's {@code bootstrap.sh} enable {@code kubelet.service}: on a later boot, as
 *       out of a warm pool, systemd starts it without either.
 *   <li>nodeadm waits without end for a kubelet that doesn't come up ({@code
 *       internal/daemon/systemd.go}), so {@code nodeadm-run.service} requires the gate too.
 * </ul>
 *
 * <p>max-pods reaches kubelet as its last flag, through the variable that each AMI's {@code
 * kubelet.service} ends its command with: {@code NODEADM_KUBELET_ARGS} ({@code
 * internal/kubelet/environment.go}) and {@code KUBELET_EXTRA_ARGS} ({@code bootstrap.sh}). So it
 * goes before what a NodeConfig or a managed node group says.
 */
public final class BootGate {
  private static final Pattern PLACEHOLDER = Pattern.compile("@([A-Z_]+)@");
  private static final Pattern COMMENT = Pattern.compile("(?m)^ *# (?!shellcheck).*\n|^ *#\n");

  private final NodeOs os;
  private final String script;

  private BootGate(NodeOs os, String script) {
    this.os = os;
    this.script = script;
  }

  /**
   * The gate of a node group as it is configured.
   *
   * @param group the node group; its networks say which interfaces are waited for
   * @param settings how long to wait, and max-pods where it is configured
   */
  public static BootGate of(NodeGroup group, NodeSetup.BootGate settings) {
    return of(group, settings.patience(), settings.maxPods());
  }

  /**
   * The gate of a node group.
   *
   * @param group the node group; its networks say which interfaces are waited for
   * @param bootWait how long a boot waits at most, 1 s to 7,200 s
   * @param maxPods kubelet's max-pods, 1 or more; where absent the node computes it from the limits
   *     that EC2 tells for its type: (interfaces of network card 0 - networks on it) x (IPv4
   *     addresses per interface - 1) + 2
   * @throws IllegalArgumentException if a number is out of its range
   */
  public static BootGate of(NodeGroup group, Duration bootWait, OptionalInt maxPods) {
    if (bootWait.compareTo(Duration.ofSeconds(1)) < 0
        || bootWait.compareTo(NodeSetup.BootGate.WAIT_MAX) > 0) {
      throw new IllegalArgumentException(
          "bootGate.waitSeconds of node group %s is %d: set 1 to %d"
              .formatted(
                  group.name(), bootWait.toSeconds(), NodeSetup.BootGate.WAIT_MAX.toSeconds()));
    }
    maxPods.ifPresent(pods -> {
      if (pods < 1) {
        throw new IllegalArgumentException(
            "bootGate.maxPods of node group %s is %d: set 1 or more".formatted(group.name(), pods));
      }
    });
    boolean nodeadm = group.nodeOs() == NodeOs.AL2023;
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("GROUP", group.name());
    settings.put("WAIT", Long.toString(bootWait.toSeconds()));
    settings.put("MAX_PODS", maxPods.isPresent() ? Integer.toString(maxPods.getAsInt()) : "");
    settings.put("NETWORKD", nodeadm ? "yes" : "no");
    settings.put("KUBELET_VARIABLE", nodeadm ? "NODEADM_KUBELET_ARGS" : "KUBELET_EXTRA_ARGS");
    settings.put(
        "REPAIR",
        "Then terminate the instance, or on it: systemctl restart multus-eni-boot-gate"
            + " && systemctl start "
            + (nodeadm ? "nodeadm-run" : "kubelet"));
    settings.put("SLOTS", slots(group));
    settings.put("PREDICTIONS", predictions(group));
    String script = COMMENT.matcher(fill(resource("boot-gate.sh"), settings)).replaceAll("");
    return new BootGate(group.nodeOs(), script);
  }

  /** The gate itself, as it comes to be {@code /usr/local/sbin/multus-eni-boot-gate}. */
  public String script() {
    return script;
  }

  /**
   * The cloud-init boothook that installs the gate and starts it. For a {@code text/cloud-boothook}
   * part of the user data.
   */
  public String boothook() {
    boolean nodeadm = os == NodeOs.AL2023;
    String more =
        nodeadm
            ? """
            cat >"$units/nodeadm-run.service.d/90-multus-eni.conf" <<UNIT
            [Unit]
            Requires=multus-eni-boot-gate.service
            After=multus-eni-boot-gate.service
            AssertPathExists=/run/multus-eni/ready
            UNIT
            """
            : "";
    Map<String, String> parts =
        Map.of(
            "SCRIPT",
            script.stripTrailing(),
            "MAKE_MORE",
            nodeadm ? " \"$units/nodeadm-run.service.d\"" : "",
            "BEFORE",
            nodeadm ? " nodeadm-run.service" : "",
            "MORE",
            more);
    return fill(COMMENT.matcher(resource("boothook.sh")).replaceAll(""), parts);
  }

  NodeOs os() {
    return os;
  }

  private static String slots(NodeGroup group) {
    List<Slot> slots = AttachPlanner.slots(group.networks());
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      lines.append(i == 0 ? "" : "\n");
      lines.append("%d %d ".formatted(slot.networkCardIndex(), slot.deviceIndex()));
      lines.append(group.networks().get(i).name());
    }
    return lines.toString();
  }

  /** The arms of a {@code case} over instance types, one for each different row of predictions. */
  private static String predictions(NodeGroup group) {
    if (group.pciBase().isPresent()) {
      // A configured base holds for whatever types the group has.
      return "    *) echo '" + row(group, "any.metal") + "' ;;";
    }
    Map<String, SortedSet<String>> families = new LinkedHashMap<>();
    for (String family : SlotPredictor.families()) {
      families.computeIfAbsent(row(group, family + ".large"), _ -> new TreeSet<>()).add(family);
    }
    String arms =
        families.entrySet().stream()
            .map(one -> "    %s) echo '%s' ;;".formatted(types(one.getValue()), one.getKey()))
            .collect(Collectors.joining("\n"));
    return "    *.metal*) ;;\n" + arms;
  }

  private static String types(SortedSet<String> families) {
    return families.stream().map(family -> family + ".*").collect(Collectors.joining("|"));
  }

  private static String row(NodeGroup group, String instanceType) {
    return AttachPlanner.slots(group.networks()).stream()
        .map(slot -> SlotPredictor.predict(instanceType, group, slot))
        .map(found -> found.map(prediction -> prediction.pciBusId().value()).orElse("-"))
        .collect(Collectors.joining(" "));
  }

  private static String fill(String template, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(template)
        .replaceAll(found -> {
          String value = values.get(found.group(1));
          if (value == null) {
            throw new IllegalStateException("no value for " + found.group());
          }
          return Matcher.quoteReplacement(value);
        });
  }

  private static String resource(String name) {
    try (InputStream in = BootGate.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from this jar: build it anew");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }
}
