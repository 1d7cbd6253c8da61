// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.multuseni.core.ip.AddressBlock;
import io.multuseni.core.ip.IpAddress;
import io.multuseni.core.report.AttachReport.AttachedInterface;
import io.multuseni.localcloud.ec2.AttachmentView;
import io.multuseni.localcloud.ec2.InstanceView;
import io.multuseni.localcloud.ec2.InterfaceView;
import io.multuseni.localcluster.ClusterWorld;
import io.multuseni.localcluster.PodSpec;
import io.multuseni.localcluster.StatusEntry;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The pods of a demonstration: one per node and network, each with an address that whereabouts
 * reserved for it. For each network and zone there is one pool and one NetworkAttachmentDefinition.
 * Not safe for several threads.
 */
final class DemoPods {
  private static final String NAMESPACE = "core";
  private static final String INTERFACE = "net1";

  private final ClusterWorld cluster;
  private final List<AttachedInterface> slots;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Pod> pods = new LinkedHashMap<>();

  /**
   * A pod with one further network.
   *
   * @param name its name
   * @param network its network
   * @param deviceIndex the network's device index, from 1
   * @param address what whereabouts reserved for it
   * @param node where it runs
   */
  record Pod(String name, String network, int deviceIndex, String address, Node node) {
    /** {@code namespace/name}. */
    String ref() {
      return NAMESPACE + "/" + name;
    }

    private Pod on(Node other) {
      return new Pod(name, network, deviceIndex, address, other);
    }

    private String definition() {
      return network + "-" + node.zone();
    }
  }

  /**
   * A node.
   *
   * @param name as the kubelet gives it
   * @param instance its instance
   */
  record Node(String name, InstanceView instance) {
    String zone() {
      return instance.availabilityZone();
    }

    private static Node of(InstanceView instance) {
      String address = at(instance, 0).map(InterfaceView::primaryAddress).orElseThrow();
      return new Node("ip-" + address.replace('.', '-') + ".ec2.internal", instance);
    }
  }

  /**
   * Nobody runs yet.
   *
   * @param cluster where they will
   * @param instances the nodes' instances, each with all of its interfaces
   * @param slots a node's slots as the attach function reports them
   */
  DemoPods(ClusterWorld cluster, List<InstanceView> instances, List<AttachedInterface> slots) {
    this.cluster = cluster;
    this.slots = List.copyOf(slots);
    instances.forEach(instance -> nodes.add(Node.of(instance)));
  }

  /** The pods that run. */
  List<Pod> running() {
    return List.copyOf(pods.values());
  }

  /** Lets nodes join, installs the networks and starts the pods. */
  void start() {
    for (Node node : nodes) {
      InstanceView instance = node.instance();
      cluster.node(node.name(), instance.id(), node.zone(), instance.type());
    }
    // Never without any pod, as no cluster is.
    cluster.pod(PodSpec.of("kube-system", "coredns-0").onNode(nodes.getFirst().name()));
    List<String> zones = nodes.stream().map(Node::zone).distinct().sorted().toList();
    for (AttachedInterface slot : slots) {
      for (String zone : zones) {
        String range = DemoScene.podRange(slot.deviceIndex(), zone);
        cluster.definition(NAMESPACE, slot.network() + "-" + zone, cniConfig(slot, range));
        cluster.pool(poolOf(range), range);
        startPods(slot, zone, range);
      }
    }
  }

  private void startPods(AttachedInterface slot, String zone, String range) {
    Map<String, String> reservations = new TreeMap<>();
    List<Pod> starting = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).zone().equals(zone)) {
        Pod pod =
            new Pod(
                slot.network() + "-" + i,
                slot.network(),
                slot.deviceIndex(),
                address(range, starting.size() + 1),
                nodes.get(i));
        starting.add(pod);
        reservations.put(pod.address(), pod.ref());
      }
    }
    cluster.reserveAll(poolOf(range), reservations);
    for (Pod pod : starting) {
      cluster.pod(spec(pod));
      pods.put(pod.name(), pod);
    }
  }

  /**
   * Lets a pod start anew on another node of its zone, with the same name and address, as one of a
   * StatefulSet does. The smallest instance type's interfaces hold two pods' addresses.
   *
   * @return the pod as it was; empty where no zone has two nodes
   */
  Optional<Pod> moveOne() {
    for (Pod pod : pods.values()) {
      Optional<Node> other =
          nodes.stream()
              .filter(node -> node.zone().equals(pod.node().zone()) && !node.equals(pod.node()))
              .findFirst();
      if (other.isPresent()) {
        Pod moved = pod.on(other.get());
        cluster.changePod(spec(moved));
        pods.put(pod.name(), moved);
        return Optional.of(pod);
      }
    }
    return Optional.empty();
  }

  /**
   * Deletes a pod together with its reservation.
   *
   * @param spared the name of one that stays
   * @return the pod that ran; empty where there is no other
   */
  Optional<Pod> deleteOne(Optional<String> spared) {
    Optional<Pod> last =
        pods.values().stream()
            .filter(pod -> !spared.equals(Optional.of(pod.name())))
            .reduce((one, next) -> next);
    last.ifPresent(pod -> {
      pods.remove(pod.name());
      cluster.removePod(NAMESPACE, pod.name());
      String range = DemoScene.podRange(pod.deviceIndex(), pod.node().zone());
      cluster.release(poolOf(range), pod.address());
    });
    return last;
  }

  /** The interface of an instance at a device index of network card 0. */
  static Optional<InterfaceView> at(InstanceView instance, int deviceIndex) {
    return instance.interfaces().stream()
        .filter(one -> one.attachment().map(AttachmentView::deviceIndex).orElse(-1) == deviceIndex)
        .findFirst();
  }

  /** An ipvlan has the MAC address of the interface that it is on. */
  private static PodSpec spec(Pod pod) {
    String definition = NAMESPACE + "/" + pod.definition();
    String mac = at(pod.node().instance(), pod.deviceIndex()).orElseThrow().macAddress();
    return PodSpec.of(NAMESPACE, pod.name())
        .onNode(pod.node().name())
        .networks(definition + "@" + INTERFACE)
        .status(StatusEntry.of(definition, INTERFACE, pod.address()).withMac(mac));
  }

  private static String cniConfig(AttachedInterface slot, String range) {
    ObjectNode config = JsonOut.object();
    config.put("cniVersion", "0.3.1").put("type", "ipvlan").put("mode", "l2");
    // Where the name can't be predicted, the one that says the device index will do.
    String predicted = slot.interfaceName();
    config.put("master", predicted == null ? "eth" + slot.deviceIndex() : predicted);
    config.putObject("ipam").put("type", "whereabouts").put("range", range);
    return config.toString();
  }

  /** As whereabouts names a pool after its range. */
  private static String poolOf(String range) {
    return range.replace('/', '-');
  }

  private static String address(String range, int offset) {
    return AddressBlock.parse(range)
        .map(AddressBlock::first)
        .flatMap(first -> first.plus(BigInteger.valueOf(offset)))
        .map(IpAddress::toString)
        .orElseThrow();
  }
}
