// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/** Objects as the API gives them. */
final class Samples {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Samples() {}

  /** The value that a map must have. */
  static <K, V> V of(Map<K, V> map, K key) {
    return Optional.ofNullable(map.get(key))
        .orElseThrow(() -> new AssertionError("no " + key + " in " + map.keySet()));
  }

  static String pod(String namespace, String name, String node) {
    ObjectNode pod = object("v1", "Pod", namespace, name, "5000");
    pod.withObject("/metadata/annotations")
        .put("k8s.v1.cni.cncf.io/networks", "n6@net1")
        .put("kubernetes.io/psp", "eks.privileged");
    pod.withObject("/metadata/labels").put("app", "upf");
    pod.withObject("/spec").put("nodeName", node).put("hostNetwork", false);
    pod.withObject("/status").put("phase", "Running").put("podIP", "10.0.0.7");
    return pod.toString();
  }

  static String pool(String name, String range, String key, String podRef) {
    ObjectNode pool =
        object("whereabouts.cni.cncf.io/v1alpha1", "IPPool", "kube-system", name, "5001");
    pool.withObject("/spec").put("range", range);
    pool.withObject("/spec/allocations").putObject(key).put("id", "c0ffee").put("podref", podRef);
    return pool.toString();
  }

  static String overlap(String name, String podRef) {
    ObjectNode overlap =
        object(
            "whereabouts.cni.cncf.io/v1alpha1",
            "OverlappingRangeIPReservation",
            "kube-system",
            name,
            "5002");
    overlap.withObject("/spec").put("podref", podRef).put("ifname", "net1");
    return overlap.toString();
  }

  static String slicePool(String name, String range) {
    ObjectNode pool =
        object("whereabouts.cni.cncf.io/v1alpha1", "NodeSlicePool", "kube-system", name, "5003");
    pool.withObject("/spec").put("range", range).put("sliceSize", "/28");
    return pool.toString();
  }

  static String node(String name, String instanceId) {
    ObjectNode node = object("v1", "Node", "", name, "5004");
    node.withObject("/metadata/labels")
        .put("node.kubernetes.io/instance-type", "m5.xlarge")
        .put("topology.kubernetes.io/zone", "us-east-1a");
    node.withObject("/spec").put("providerID", "aws:///us-east-1a/" + instanceId);
    return node.toString();
  }

  static String definition(String namespace, String name, String config) {
    ObjectNode definition =
        object("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", namespace, name, "5005");
    definition.withObject("/spec").put("config", config);
    return definition.toString();
  }

  static ObjectNode object(
      String apiVersion, String kind, String namespace, String name, String version) {
    ObjectNode object = MAPPER.createObjectNode();
    object.put("apiVersion", apiVersion).put("kind", kind);
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    metadata.put("resourceVersion", version);
    metadata.putArray("managedFields").addObject().put("manager", "kubelet");
    return object;
  }
}
