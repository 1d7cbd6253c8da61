// SPDX-License-Identifier: Apache-2.0
package io.multuseni.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.multuseni.benchmarks.Fleet.Pod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** Objects of a fleet as the Kubernetes API has them, in their full size. */
final class FleetObjects {
  private static final String POD = resource("pod.json");

  /** So many are told by a kubelet. */
  private static final int IMAGES = 50;

  private FleetObjects() {}

  /**
   * A pod of 9 KB, with the fields that kubelet, scheduler and Multus write.
   *
   * @param macAddress that of the interface that it sends through, for a pod that runs; empty for
   *     one whose sandbox is being made
   */
  static String pod(Pod pod, String macAddress) {
    String status =
        macAddress.isEmpty()
            ? ""
            : networkStatus(pod, macAddress).toString().replace("\\", "\\\\").replace("\"", "\\\"");
    return POD.replace("@NAME@", pod.name())
        .replace("@NAMESPACE@", Fleet.NAMESPACE)
        .replace("@NODE@", Fleet.nodeName(pod.node()))
        .replace("@NETWORK@", Fleet.networkName(pod.network()))
        .replace("@PHASE@", macAddress.isEmpty() ? "Pending" : "Running")
        .replace("@STATUS@", status);
  }

  /** The network-status that Multus writes. */
  static ArrayNode networkStatus(Pod pod, String macAddress) {
    ArrayNode status = JsonNodeFactory.instance.arrayNode();
    ObjectNode cluster = status.addObject();
    cluster.put("name", "aws-cni").put("interface", "eth0").put("default", true);
    cluster.putArray("ips").add("10.0.16." + (1 + pod.number() % 250));
    cluster.putObject("dns");
    ObjectNode network = status.addObject();
    network.put("name", Fleet.NAMESPACE + "/" + Fleet.networkName(pod.network()));
    network.put("interface", "net1");
    network.putArray("ips").add(pod.address().toString());
    network.put("mac", macAddress);
    network.putObject("dns");
    return status;
  }

  /** A node of 12 KB, most of which are the images that it holds. */
  static String node(int node, String instanceId) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", "v1").put("kind", "Node");
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("name", Fleet.nodeName(node));
    metadata
        .putObject("labels")
        .put("kubernetes.io/hostname", Fleet.nodeName(node))
        .put("node.kubernetes.io/instance-type", Fleet.INSTANCE_TYPE)
        .put("topology.kubernetes.io/zone", Fleet.ZONE);
    object.putObject("spec").put("providerID", "aws:///" + Fleet.ZONE + "/" + instanceId);
    ArrayNode images = object.putObject("status").putArray("images");
    for (int i = 0; i < IMAGES; i++) {
      String name = "123456789012.dkr.ecr.us-east-1.amazonaws.com/core5g/image-%02d".formatted(i);
      ObjectNode image = images.addObject();
      image.putArray("names").add(name + "@sha256:%064x".formatted(i)).add(name + ":4.2.1");
      image.put("sizeBytes", 100_000_000 + i);
    }
    return object.toString();
  }

  /** An IPPool. */
  static String pool(int pool, Collection<Pod> pods) {
    ObjectNode object = object("IPPool", Fleet.poolName(pool));
    ObjectNode spec = object.putObject("spec");
    spec.put("range", Fleet.range(pool));
    ObjectNode allocations = spec.putObject("allocations");
    for (Pod pod : pods) {
      if (pod.pool() == pool) {
        allocations
            .putObject(Fleet.key(pod))
            .put("id", pod.containerId())
            .put("ifname", "net1")
            .put("podref", pod.ref());
      }
    }
    return object.toString();
  }

  /** What whereabouts writes beside the pool unless overlapping ranges are switched off. */
  static String overlap(Pod pod) {
    ObjectNode object = object("OverlappingRangeIPReservation", pod.address().toString());
    object
        .putObject("spec")
        .put("containerid", pod.containerId())
        .put("ifname", "net1")
        .put("podref", pod.ref());
    return object.toString();
  }

  private static ObjectNode object(String kind, String name) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", "whereabouts.cni.cncf.io/v1alpha1").put("kind", kind);
    object.putObject("metadata").put("name", name).put("namespace", "kube-system");
    return object;
  }

  private static String resource(String name) {
    try (InputStream in = FleetObjects.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new ObjectMapper().readTree(text).toString();
    } catch (IOException e) {
      throw new UncheckedIOException("the resource " + name + " can't be read", e);
    }
  }
}
