// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.multuseni.core.slot.PciBusId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A NetworkAttachmentDefinition, as far as its CNI configuration could be read.
 *
 * @param namespace its namespace
 * @param name its name
 * @param uplinks what names the node's interface: {@code master}, {@code device}, {@code pciBusID}
 *     or {@code hwaddr} of its plugins, each value once; empty where none does
 * @param ranges the ranges of its IPAM plugins
 * @param problem why the configuration could not be read, for people
 */
public record AttachmentDefinition(
    String namespace,
    String name,
    List<Uplink> uplinks,
    List<IpamRange> ranges,
    Optional<String> problem) {
  /** Copies the lists. */
  public AttachmentDefinition {
    uplinks = List.copyOf(uplinks);
    ranges = List.copyOf(ranges);
  }

  /** {@code namespace/name}. */
  public String key() {
    return namespace + "/" + name;
  }

  /** Whether an IPAM plugin of this kind gives its addresses. */
  public boolean uses(IpamRange.Kind kind) {
    return ranges.stream().anyMatch(range -> range.kind() == kind);
  }

  /** What names an interface of the node. */
  public sealed interface Uplink {}

  /**
   * By its name on the node.
   *
   * @param interfaceName such as {@code eth1} or {@code ens6}
   */
  public record ByName(String interfaceName) implements Uplink {}

  /**
   * By its PCI address.
   *
   * @param pciBusId such as {@code 0000:00:06.0}
   */
  public record ByPciBusId(PciBusId pciBusId) implements Uplink {}

  /**
   * By its MAC address.
   *
   * @param macAddress in lower case
   */
  public record ByMac(String macAddress) implements Uplink {}

  /**
   * Reads {@code spec.config}: one plugin, or a list of them. An empty configuration stands in a
   * file on the node and tells nothing here.
   *
   * @param namespace the definition's namespace
   * @param name the definition's name
   * @param config {@code spec.config}; empty where there is none
   */
  public static AttachmentDefinition read(String namespace, String name, Optional<String> config) {
    String text = config.orElse("").strip();
    if (text.isEmpty()) {
      return new AttachmentDefinition(namespace, name, List.of(), List.of(), Optional.empty());
    }
    Optional<JsonNode> tree = CniJson.read(text).filter(JsonNode::isObject);
    if (tree.isEmpty()) {
      return new AttachmentDefinition(
          namespace,
          name,
          List.of(),
          List.of(),
          Optional.of(
              "network-attachment-definition %s/%s: spec.config is not a JSON object; its pods'"
                      .formatted(namespace, name)
                  + " addresses are placed by subnet alone"));
    }
    List<JsonNode> plugins = new ArrayList<>();
    plugins.add(tree.get());
    tree.get().path("plugins").forEach(plugins::add);
    List<Uplink> uplinks = new ArrayList<>();
    List<IpamRange> ranges = new ArrayList<>();
    for (JsonNode plugin : plugins) {
      uplinks.addAll(uplinks(plugin));
      ranges.addAll(IpamRange.read(plugin.path("ipam")));
    }
    return new AttachmentDefinition(
        namespace, name, uplinks.stream().distinct().toList(), ranges, Optional.empty());
  }

  private static List<Uplink> uplinks(JsonNode plugin) {
    List<Uplink> found = new ArrayList<>();
    CniJson.text(plugin, "master").ifPresent(master -> found.add(new ByName(master)));
    // host-device takes one of these four; kernelpath holds the PCI address as its last part.
    CniJson.text(plugin, "device").ifPresent(device -> found.add(new ByName(device)));
    CniJson.text(plugin, "pciBusID")
        .flatMap(PciBusId::parse)
        .ifPresent(address -> found.add(new ByPciBusId(address)));
    CniJson.text(plugin, "kernelpath")
        .map(path -> path.substring(path.lastIndexOf('/') + 1))
        .flatMap(PciBusId::parse)
        .ifPresent(address -> found.add(new ByPciBusId(address)));
    CniJson.text(plugin, "hwaddr")
        .ifPresent(mac -> found.add(new ByMac(mac.toLowerCase(Locale.ROOT))));
    return found;
  }
}
