// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Consumer;

/** What a pod is to be like: {@code Running}, without a node and networks until told otherwise. */
public final class PodSpec {
  /** The annotation that names the networks a pod wants. */
  public static final String NETWORKS = "k8s.v1.cni.cncf.io/networks";

  /** The annotation in which Multus tells what a pod got. */
  public static final String NETWORK_STATUS = "k8s.v1.cni.cncf.io/network-status";

  private final String namespace;
  private final String name;
  private final ObjectNode json;

  private PodSpec(String namespace, String name, ObjectNode json) {
    this.namespace = namespace;
    this.name = name;
    this.json = json;
  }

  /** A running pod. */
  public static PodSpec of(String namespace, String name) {
    ObjectNode json = Json.object();
    json.put("apiVersion", "v1").put("kind", "Pod");
    json.putObject("metadata");
    ObjectNode container = Json.object();
    container.put("name", "app").put("image", "example.invalid/app:1");
    json.putObject("spec").putArray("containers").add(container);
    return new PodSpec(namespace, name, json).phase("Running");
  }

  /** The same on a node, whether there is such a node or not. */
  public PodSpec onNode(String node) {
    return with(j -> j.withObjectProperty("spec").put("nodeName", node));
  }

  /** The same in a phase, for example {@code Pending} or {@code Succeeded}. */
  public PodSpec phase(String phase) {
    return with(j -> j.withObjectProperty("status").put("phase", phase));
  }

  /** The same with networks wanted: {@code "ns/n6@net1, …"} or a JSON list, as it is. */
  public PodSpec networks(String text) {
    return annotation(NETWORKS, text);
  }

  /** The same with a network-status of these entries; of none it is an empty list. */
  public PodSpec status(StatusEntry... entries) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (StatusEntry entry : entries) {
      list.add(entry.json());
    }
    return statusText(new String(Json.bytes(list), StandardCharsets.UTF_8));
  }

  /** The same with this text as its network-status, JSON or not. */
  public PodSpec statusText(String text) {
    return annotation(NETWORK_STATUS, text);
  }

  /** The same with an annotation. */
  public PodSpec annotation(String key, String value) {
    return with(
        j -> j.withObjectProperty("metadata").withObjectProperty("annotations").put(key, value));
  }

  /** The same with a label. */
  public PodSpec label(String key, String value) {
    return with(j -> j.withObjectProperty("metadata").withObjectProperty("labels").put(key, value));
  }

  /** The same as created at that time; until told otherwise that is when it comes. */
  public PodSpec createdAt(Instant time) {
    return with(j -> j.withObjectProperty("metadata").put("creationTimestamp", time.toString()));
  }

  /** The same as being deleted since that time. */
  public PodSpec terminating(Instant since) {
    return with(j ->
        j.withObjectProperty("metadata")
            .put("deletionTimestamp", since.toString())
            .put("deletionGracePeriodSeconds", 30));
  }

  String namespace() {
    return namespace;
  }

  String name() {
    return name;
  }

  ObjectNode json() {
    return json.deepCopy();
  }

  private PodSpec with(Consumer<ObjectNode> change) {
    ObjectNode copy = json.deepCopy();
    change.accept(copy);
    return new PodSpec(namespace, name, copy);
  }
}
