// SPDX-License-Identifier: Apache-2.0
package io.multuseni.callrecorder;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.multuseni.core.config.ConfigWriter;
import io.multuseni.core.config.Network;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.Tags;
import io.multuseni.core.config.TimeChain;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * An action on resources, as IAM checks it.
 *
 * @param action such as {@code ec2:AttachNetworkInterface}
 * @param resources all that the action concerns
 * @param tags in the request
 * @param createAction the call whose tags these are; empty where the call itself is one for tags
 */
record RecordedCall(
    String action,
    List<Resource> resources,
    SortedMap<String, String> tags,
    Optional<String> createAction) {
  private static final Pattern ID = Pattern.compile("\\b(subnet|sg|i|eni)-[0-9a-f]{8,17}\\b");

  /**
   * A resource.
   *
   * @param name the last part of its ARN
   * @param tags those that permissions may go by
   */
  record Resource(String name, SortedMap<String, String> tags) {
    Resource {
      tags = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) tags));
    }
  }

  RecordedCall {
    resources = List.copyOf(resources);
    tags = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) tags));
  }

  static RecordedCall of(String action, List<Resource> resources) {
    return new RecordedCall(action, resources, new TreeMap<>(), Optional.empty());
  }

  RecordedCall withTags(SortedMap<String, String> inRequest) {
    return new RecordedCall(action, resources, inRequest, createAction);
  }

  RecordedCall whileCalling(String other) {
    return new RecordedCall(action, resources, tags, Optional.of(other));
  }

  /**
   * The call and what permissions follow from, in one line. Ids are numbered and values that no
   * permission goes by are left out, so that the same call in another test is the same line.
   */
  String toLine(ProvisionerConfig config) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("config", ConfigWriter.toJson(reduced(config)));
    line.put("action", action);
    ArrayNode all = line.putArray("resources");
    for (Resource resource : resources) {
      ObjectNode node = all.addObject().put("name", resource.name());
      ObjectNode ofResource = node.putObject("tags");
      resource.tags().forEach(ofResource::put);
    }
    ObjectNode inRequest = line.putObject("requestTags");
    tags.forEach((key, value) -> inRequest.put(key, key.equals(Tags.CLUSTER) ? value : "…"));
    createAction.ifPresent(call -> line.put("createAction", call));
    return numbered(line.toString());
  }

  private static String numbered(String line) {
    Map<String, String> known = new HashMap<>();
    return ID.matcher(line)
        .replaceAll(id ->
            known.computeIfAbsent(
                id.group(),
                _ -> "%s-%017x".formatted(id.group(1).toLowerCase(Locale.ROOT), known.size() + 1)));
  }

  private static ProvisionerConfig reduced(ProvisionerConfig config) {
    return new ProvisionerConfig(
        config.cluster(),
        TimeChain.SWEEP_GRACE_DEFAULT,
        config.nodeGroups().stream().map(RecordedCall::reduced).toList());
  }

  private static NodeGroup reduced(NodeGroup group) {
    return new NodeGroup(
        group.name(),
        group.membership(),
        new NodeGroup.CreateHook(),
        TimeChain.HEARTBEAT_DEFAULT,
        TimeChain.GIVE_UP_DEFAULT_MANAGED,
        NodeGroup.OnRepeatedFailure.HOLD,
        false,
        NodeGroup.NodeOs.AL2023,
        Optional.empty(),
        group.networks().stream().map(RecordedCall::reduced).toList());
  }

  private static Network reduced(Network network) {
    return new Network(
        network.name(),
        network.subnets(),
        network.securityGroups(),
        true,
        new Network.AutoIpv6(),
        Network.PrimaryAddress.ANY,
        network.networkCardIndex(),
        network.tags());
  }
}
