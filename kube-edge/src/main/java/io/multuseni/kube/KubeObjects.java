// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import com.fasterxml.jackson.databind.JsonNode;
import io.multuseni.core.cluster.AttachmentDefinition;
import io.multuseni.core.cluster.OverlapFacts;
import io.multuseni.core.cluster.PodFacts;
import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.cluster.PoolFacts;
import io.multuseni.core.cluster.SlicePoolFacts;
import io.multuseni.core.cluster.WorkerNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Objects of the Kubernetes API as core records. What can't be read is told and left out, never
 * fatal: one object that somebody wrote by hand must not stop the others.
 */
final class KubeObjects {
  private static final String NETWORKS = "k8s.v1.cni.cncf.io/networks";
  private static final String NETWORK_STATUS = "k8s.v1.cni.cncf.io/network-status";
  private static final String INSTANCE_TYPE = "node.kubernetes.io/instance-type";
  private static final String COMPUTE_TYPE = "eks.amazonaws.com/compute-type";

  static final Wanted POOL = Wanted.ofEachObject().and("spec", "range").and("spec", "allocations");
  static final Wanted SLICE_POOL = Wanted.ofEachObject().and("spec", "range");
  static final Wanted OVERLAP = Wanted.ofEachObject().and("spec", "podref").and("spec", "ifname");
  static final Wanted POD =
      Wanted.ofEachObject()
          .and("metadata", "annotations", NETWORKS)
          .and("metadata", "annotations", NETWORK_STATUS)
          .and("spec", "nodeName")
          .and("status", "phase");
  static final Wanted NODE =
      Wanted.ofEachObject()
          .and("metadata", "labels", INSTANCE_TYPE)
          .and("metadata", "labels", COMPUTE_TYPE)
          .and("spec", "providerID");
  static final Wanted DEFINITION = Wanted.ofEachObject().and("spec", "config");

  private KubeObjects() {}

  static String namespace(JsonNode object) {
    return object.path("metadata").path("namespace").asText("");
  }

  static String name(JsonNode object) {
    return object.path("metadata").path("name").asText("");
  }

  static String key(JsonNode object) {
    return namespace(object) + "/" + name(object);
  }

  static PodRef podRef(JsonNode object) {
    return new PodRef(namespace(object), name(object));
  }

  /** An IPPool. */
  static PoolFacts pool(JsonNode object, Problems problems) {
    String key = key(object);
    JsonNode spec = object.path("spec");
    JsonNode values = spec.path("allocations");
    if (!values.isObject() && !values.isNull() && !values.isMissingNode()) {
      problems.add("ippool %s: spec.allocations is not an object; none was read".formatted(key));
    }
    Map<String, PoolFacts.Allocation> allocations = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : values.properties()) {
      JsonNode value = entry.getValue();
      if (value.isObject()) {
        allocations.put(
            entry.getKey(),
            new PoolFacts.Allocation(text(value, "podref").orElse(""), text(value, "ifname")));
      } else {
        problems.add("ippool %s: allocation '%s' is not an object".formatted(key, entry.getKey()));
        // Somebody has the address, nobody knows who.
        allocations.put(entry.getKey(), new PoolFacts.Allocation("", Optional.empty()));
      }
    }
    return new PoolFacts(
        namespace(object), name(object), text(spec, "range").orElse(""), allocations);
  }

  /** A NodeSlicePool. */
  static SlicePoolFacts slicePool(JsonNode object) {
    return new SlicePoolFacts(
        namespace(object), name(object), text(object.path("spec"), "range").orElse(""));
  }

  /** An OverlappingRangeIPReservation. */
  static OverlapFacts overlap(JsonNode object) {
    JsonNode spec = object.path("spec");
    return new OverlapFacts(
        namespace(object), name(object), text(spec, "podref").orElse(""), text(spec, "ifname"));
  }

  /** A pod. */
  static PodFacts pod(JsonNode object, Problems problems) {
    JsonNode annotations = object.path("metadata").path("annotations");
    PodFacts pod =
        PodFacts.read(
            podRef(object),
            PodFacts.Phase.of(text(object.path("status"), "phase").orElse("")),
            text(object.path("spec"), "nodeName"),
            text(annotations, NETWORKS),
            text(annotations, NETWORK_STATUS));
    pod.problems().forEach(problems::add);
    return pod;
  }

  /** A node. One on Fargate has no instance, and none is missed. */
  static WorkerNode node(JsonNode object, Problems problems) {
    JsonNode labels = object.path("metadata").path("labels");
    Optional<String> providerId = text(object.path("spec"), "providerID");
    if (providerId.isEmpty() && !text(labels, COMPUTE_TYPE).equals(Optional.of("fargate"))) {
      problems.add(
          "node %s: it has no spec.providerID yet, so its EC2 instance is not known"
              .formatted(name(object)));
    }
    return WorkerNode.of(name(object), providerId, text(labels, INSTANCE_TYPE));
  }

  /** A NetworkAttachmentDefinition. */
  static AttachmentDefinition definition(JsonNode object, Problems problems) {
    AttachmentDefinition definition =
        AttachmentDefinition.read(
            namespace(object), name(object), text(object.path("spec"), "config"));
    definition.problem().ifPresent(problems::add);
    return definition;
  }

  private static Optional<String> text(JsonNode object, String key) {
    return Optional.of(object.path(key))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .filter(text -> !text.isEmpty());
  }
}
