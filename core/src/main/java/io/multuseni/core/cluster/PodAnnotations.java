// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.multuseni.core.ip.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Multus' annotations on one pod. What can't be read is left out and told; it is never a
 * reason to take an address away. Source: multus-cni, multi-network specification.
 */
final class PodAnnotations {
  private static final Pattern SELECTION = Pattern.compile("(?:([^/@]+)/)?([^/@]+)(?:@([^/@]+))?");

  private final PodRef pod;
  private final List<String> problems = new ArrayList<>();

  PodAnnotations(PodRef pod) {
    this.pod = pod;
  }

  List<String> problems() {
    return problems;
  }

  /** Reads {@code ns/name@interface, …} or a JSON list of objects. */
  List<NetworkSelection> selections(String annotation) {
    String text = annotation.strip();
    if (text.isEmpty()) {
      return List.of();
    }
    return text.startsWith("[") ? selectionsInJson(text) : selectionsInWords(text);
  }

  private List<NetworkSelection> selectionsInWords(String text) {
    List<NetworkSelection> found = new ArrayList<>();
    int position = 0;
    for (String word : text.split(",", -1)) {
      position++;
      Matcher matcher = SELECTION.matcher(word.strip());
      if (matcher.matches()) {
        found.add(
            selection(
                Optional.ofNullable(matcher.group(1)),
                matcher.group(2),
                Optional.ofNullable(matcher.group(3)),
                position));
      } else {
        problem("networks", "'" + word.strip() + "' is not of the form namespace/name@interface");
      }
    }
    return found;
  }

  private List<NetworkSelection> selectionsInJson(String text) {
    List<NetworkSelection> found = new ArrayList<>();
    int position = 0;
    for (JsonNode one : list("networks", text)) {
      position++;
      Optional<String> name = CniJson.text(one, "name");
      if (name.isPresent()) {
        found.add(
            selection(
                CniJson.text(one, "namespace"),
                name.get(),
                CniJson.text(one, "interface"),
                position));
      } else {
        problem("networks", "element " + position + " has no name");
      }
    }
    return found;
  }

  private NetworkSelection selection(
      Optional<String> namespace, String name, Optional<String> interfaceName, int position) {
    return new NetworkSelection(
        namespace.orElse(pod.namespace()), name, interfaceName.orElse("net" + position));
  }

  /** Reads the JSON list that Multus writes. */
  List<NetworkAttachment> attachments(String annotation) {
    if (annotation.isBlank()) {
      return List.of();
    }
    List<NetworkAttachment> found = new ArrayList<>();
    for (JsonNode one : list("network-status", annotation)) {
      found.add(
          new NetworkAttachment(
              CniJson.text(one, "name").orElse(""),
              CniJson.text(one, "interface"),
              addresses(one.path("ips")),
              CniJson.text(one, "mac").map(mac -> mac.toLowerCase(Locale.ROOT)),
              CniJson.text(one.path("device-info").path("pci"), "pci-address")
                  .map(address -> address.toLowerCase(Locale.ROOT)),
              one.path("default").asBoolean(false)));
    }
    return found;
  }

  private List<IpAddress> addresses(JsonNode ips) {
    List<IpAddress> found = new ArrayList<>();
    for (JsonNode ip : ips) {
      String text = ip.asText("");
      int slash = text.indexOf('/');
      IpAddress.parse(slash < 0 ? text : text.substring(0, slash))
          .ifPresentOrElse(
              found::add, () -> problem("network-status", "'" + text + "' is not an address"));
    }
    return found;
  }

  private Iterable<JsonNode> list(String annotation, String text) {
    Optional<JsonNode> tree = CniJson.read(text).filter(JsonNode::isArray);
    if (tree.isEmpty()) {
      problem(annotation, "it is not a JSON list");
    }
    return tree.<Iterable<JsonNode>>map(list -> list).orElse(List.of());
  }

  private void problem(String annotation, String what) {
    problems.add(
        "pod %s: annotation k8s.v1.cni.cncf.io/%s can't be read: %s"
            .formatted(pod, annotation, what));
  }
}
