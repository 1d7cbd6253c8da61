// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is in a {@link LocalCluster}: the way around the API to build it and to let things happen.
 * Unlike the API, this way knows no faults. Each call is one change with one resourceVersion, and
 * open watches are told of it. A wrong argument is an {@link IllegalArgumentException}, a change of
 * what isn't there, or a second one of what may be there once, an {@link IllegalStateException}.
 *
 * <p>Pools, reservations and slices are in the namespace {@code kube-system}; where a pool's name
 * is asked for, {@code namespace/name} means one in another namespace. Safe for use by many
 * threads.
 */
public final class ClusterWorld {
  private static final String WHEREABOUTS_NAMESPACE = "kube-system";

  private final Store store;
  private final AtomicLong containers = new AtomicLong();

  ClusterWorld(Store store) {
    this.store = store;
  }

  // ---- nodes and pods ------------------------------------------------------------------------

  /** A node on an EC2 instance; one of the same name is replaced. */
  public void node(String name, String instanceId, String availabilityZone, String instanceType) {
    ObjectNode node = bareNode(name);
    ObjectNode labels = node.withObjectProperty("metadata").withObjectProperty("labels");
    labels.put("node.kubernetes.io/instance-type", instanceType);
    labels.put("topology.kubernetes.io/zone", availabilityZone);
    node.putObject("spec").put("providerID", "aws:///" + availabilityZone + "/" + instanceId);
    put(ResourceType.NODES, "", name, node);
  }

  /** A node whose cloud provider hasn't said yet which machine it is. */
  public void nodeWithoutProviderId(String name) {
    ObjectNode node = bareNode(name);
    node.putObject("spec");
    put(ResourceType.NODES, "", name, node);
  }

  /** Takes a node away; its pods stay. */
  public void removeNode(String name) {
    remove(ResourceType.NODES, "", name);
  }

  /** A new pod. */
  public void pod(PodSpec spec) {
    store.change(
        ResourceType.PODS,
        spec.namespace(),
        spec.name(),
        current -> {
          if (current != null) {
            throw new IllegalStateException(
                "there is a pod " + spec.namespace() + "/" + spec.name() + " already: change it");
          }
          return spec.json();
        });
  }

  /** Makes a pod what {@code spec} says; it stays the same pod, with its uid. */
  public void changePod(PodSpec spec) {
    change(ResourceType.PODS, spec.namespace(), spec.name(), _ -> spec.json());
  }

  /** Takes a pod away. */
  public void removePod(String namespace, String name) {
    remove(ResourceType.PODS, namespace, name);
  }

  private static ObjectNode bareNode(String name) {
    ObjectNode node = Json.object();
    node.put("apiVersion", "v1").put("kind", "Node");
    node.putObject("metadata").putObject("labels").put("kubernetes.io/hostname", name);
    ObjectNode ready = Json.object();
    ready.put("type", "Ready").put("status", "True");
    node.putObject("status").putArray("conditions").add(ready);
    return node;
  }

  // ---- networks ------------------------------------------------------------------------------

  /**
   * A NetworkAttachmentDefinition; one of the same name is replaced.
   *
   * @param configJson what {@code spec.config} is to hold, JSON or not, also empty
   */
  public void definition(String namespace, String name, String configJson) {
    ObjectNode definition = Json.object();
    definition.putObject("spec").put("config", configJson);
    put(ResourceType.DEFINITIONS, namespace, name, definition);
  }

  /** Takes a NetworkAttachmentDefinition away. */
  public void removeDefinition(String namespace, String name) {
    remove(ResourceType.DEFINITIONS, namespace, name);
  }

  // ---- pools ---------------------------------------------------------------------------------

  /**
   * A new, empty pool.
   *
   * @param name also {@code namespace/name}
   * @param range a CIDR as whereabouts has it, for example {@code 10.0.4.0/24}; any other text is
   *     kept, but nothing can be reserved in it
   */
  public void pool(String name, String range) {
    Place place = Place.of(name);
    pool(place.namespace, place.name, range);
  }

  /** A new, empty pool in a namespace. */
  public void pool(String namespace, String name, String range) {
    store.change(
        ResourceType.POOLS,
        namespace,
        name,
        current -> {
          if (current != null) {
            throw new IllegalStateException("there is a pool " + namespace + "/" + name);
          }
          ObjectNode pool = Json.object();
          ObjectNode spec = pool.putObject("spec");
          spec.putObject("allocations");
          spec.put("range", range);
          return pool;
        });
  }

  /** Takes a pool away with all that is reserved in it. */
  public void removePool(String name) {
    Place place = Place.of(name);
    remove(ResourceType.POOLS, place.namespace, place.name);
  }

  /**
   * Reserves an address for a pod.
   *
   * @param podRef {@code namespace/name} of the pod
   */
  public void reserve(String poolName, String address, String podRef) {
    reserve(poolName, address, podRef, null);
  }

  /** Reserves an address for an interface of a pod; null for a whereabouts that doesn't tell it. */
  public void reserve(
      String poolName, String address, String podRef, @Nullable String interfaceName) {
    changeSpec(
        poolName,
        spec -> {
          String key = free(spec, poolName, address);
          spec.withObjectProperty("allocations").set(key, allocation(podRef, interfaceName));
        });
  }

  /**
   * Reserves many addresses in one change. A pool is one object: thousands of single changes of a
   * large one take long.
   *
   * @param podRefs address to podRef
   */
  public void reserveAll(String poolName, Map<String, String> podRefs) {
    changeSpec(
        poolName,
        spec ->
            podRefs.forEach((address, podRef) -> {
              String key = free(spec, poolName, address);
              spec.withObjectProperty("allocations").set(key, allocation(podRef, null));
            }));
  }

  /** Writes an allocation under a key as it is, a number or not; replaces what is there. */
  public void allocation(String poolName, String key, String podRef) {
    allocation(poolName, key, podRef, null);
  }

  /** Writes an allocation of an interface under a key as it is; replaces what is there. */
  public void allocation(
      String poolName, String key, String podRef, @Nullable String interfaceName) {
    changeSpec(
        poolName,
        spec -> spec.withObjectProperty("allocations").set(key, allocation(podRef, interfaceName)));
  }

  /** Frees an address. */
  public void release(String poolName, String address) {
    changeSpec(
        poolName,
        spec -> {
          String key = key(spec, poolName, address);
          if (spec.withObjectProperty("allocations").remove(key) == null) {
            throw new IllegalStateException(address + " is not reserved in pool " + poolName);
          }
        });
  }

  /** Empties a pool. */
  public void releaseAll(String poolName) {
    changeSpec(poolName, spec -> spec.putObject("allocations"));
  }

  private void changeSpec(String poolName, Consumer<ObjectNode> edit) {
    Place place = Place.of(poolName);
    change(
        ResourceType.POOLS,
        place.namespace,
        place.name,
        pool -> {
          edit.accept(pool.withObjectProperty("spec"));
          return pool;
        });
  }

  private ObjectNode allocation(String podRef, @Nullable String interfaceName) {
    ObjectNode allocation = Json.object();
    allocation.put("id", "container-" + containers.incrementAndGet());
    if (interfaceName != null) {
      allocation.put("ifname", interfaceName);
    }
    return allocation.put("podref", podRef);
  }

  private static String free(ObjectNode spec, String poolName, String address) {
    String key = key(spec, poolName, address);
    if (spec.path("allocations").has(key)) {
      throw new IllegalStateException(address + " is reserved already in pool " + poolName);
    }
    return key;
  }

  /** The decimal distance of an address from the one that is written in the pool's range. */
  private static String key(ObjectNode spec, String poolName, String address) {
    String range = spec.path("range").asText("");
    InetAddress base = literal(range.split("/", 2)[0], "range of pool " + poolName);
    InetAddress wanted = literal(address, "address");
    BigInteger offset =
        new BigInteger(1, wanted.getAddress()).subtract(new BigInteger(1, base.getAddress()));
    if (base.getAddress().length != wanted.getAddress().length || offset.signum() < 0) {
      throw new IllegalArgumentException(
          address + " is not above the address of " + range + ", the range of pool " + poolName);
    }
    return offset.toString();
  }

  private static InetAddress literal(String text, String what) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + ": \"" + text + "\" is no IP address", e);
    }
  }

  // ---- overlapping ranges and slices ---------------------------------------------------------

  /**
   * An OverlappingRangeIPReservation; one of the same name is replaced.
   *
   * @param objectName the address with {@code -} for {@code :}, perhaps behind a network's name
   */
  public void overlap(String objectName, String podRef) {
    overlap(objectName, podRef, null);
  }

  /** An OverlappingRangeIPReservation of an interface; one of the same name is replaced. */
  public void overlap(String objectName, String podRef, @Nullable String interfaceName) {
    Place place = Place.of(objectName);
    ObjectNode reservation = Json.object();
    ObjectNode spec = reservation.putObject("spec");
    spec.put("containerid", "container-" + containers.incrementAndGet());
    spec.put("podref", podRef);
    if (interfaceName != null) {
      spec.put("ifname", interfaceName);
    }
    put(ResourceType.OVERLAPS, place.namespace, place.name, reservation);
  }

  /** Takes an OverlappingRangeIPReservation away. */
  public void removeOverlap(String objectName) {
    Place place = Place.of(objectName);
    remove(ResourceType.OVERLAPS, place.namespace, place.name);
  }

  /** A NodeSlicePool without slices; one of the same name is replaced. */
  public void slicePool(String name, String range, String sliceSize) {
    Place place = Place.of(name);
    ObjectNode pool = Json.object();
    pool.putObject("spec").put("range", range).put("sliceSize", sliceSize);
    pool.putObject("status").putArray("allocations");
    put(ResourceType.SLICE_POOLS, place.namespace, place.name, pool);
  }

  /**
   * Adds a slice to a NodeSlicePool.
   *
   * @param nodeName empty for a slice that is free
   */
  public void slice(String poolName, String nodeName, String sliceRange) {
    Place place = Place.of(poolName);
    change(
        ResourceType.SLICE_POOLS,
        place.namespace,
        place.name,
        pool -> {
          ArrayNode slices = pool.withObjectProperty("status").withArrayProperty("allocations");
          slices.addObject().put("nodeName", nodeName).put("sliceRange", sliceRange);
          return pool;
        });
  }

  /** Takes a NodeSlicePool away. */
  public void removeSlicePool(String name) {
    Place place = Place.of(name);
    remove(ResourceType.SLICE_POOLS, place.namespace, place.name);
  }

  // ---- anything ------------------------------------------------------------------------------

  /**
   * Puts any object as it is, however broken; one of the same name is replaced. A type that isn't
   * served is from now on, namespaced if {@code namespace} isn't empty.
   *
   * @param group API group, empty for the core group
   * @param namespace empty for a type without namespaces
   * @param json a JSON object with {@code metadata.name}; everything else is free
   */
  public void raw(String group, String version, String plural, String namespace, String json) {
    ObjectNode object = Json.parseObject(json.getBytes(StandardCharsets.UTF_8));
    String name = object.path("metadata").path("name").asText("");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("metadata.name is missing: " + json);
    }
    String kind = object.path("kind").asText(plural);
    ResourceType type =
        store.serve(new ResourceType(group, version, plural, kind, !namespace.isEmpty()));
    if (type.namespaced() == namespace.isEmpty()) {
      throw new IllegalArgumentException(
          type.qualified() + (type.namespaced() ? " live" : " don't live") + " in namespaces");
    }
    put(type, namespace, name, object);
  }

  /** Takes an object of any type away. */
  public void removeRaw(
      String group, String version, String plural, String namespace, String name) {
    ResourceType type =
        store
            .find(group, version, plural)
            .orElseThrow(() -> new IllegalStateException("no " + plural + " are served"));
    remove(type, namespace, name);
  }

  /** The JSON text of an object as the API would tell it, if it is there. */
  public Optional<String> json(
      String group, String version, String plural, String namespace, String name) {
    return store
        .find(group, version, plural)
        .flatMap(t -> store.get(t, namespace, name))
        .map(o -> new String(o.json(), StandardCharsets.UTF_8));
  }

  /** The resourceVersion of the last change. */
  public long resourceVersion() {
    return store.version();
  }

  private void put(ResourceType type, String namespace, String name, ObjectNode object) {
    store.change(type, namespace, name, _ -> object);
  }

  private void change(
      ResourceType type, String namespace, String name, UnaryOperator<ObjectNode> edit) {
    store.change(
        type, namespace, name, current -> edit.apply(present(current, type, namespace, name)));
  }

  private void remove(ResourceType type, String namespace, String name) {
    store.change(
        type,
        namespace,
        name,
        current -> {
          present(current, type, namespace, name);
          return null;
        });
  }

  private static ObjectNode present(
      @Nullable ObjectNode current, ResourceType type, String namespace, String name) {
    if (current == null) {
      String place = namespace.isEmpty() ? name : namespace + "/" + name;
      throw new IllegalStateException("there is no " + type.kind() + " " + place);
    }
    return current;
  }

  /** Namespace and name of an object of whereabouts. */
  private record Place(String namespace, String name) {
    static Place of(String text) {
      int slash = text.indexOf('/');
      return slash < 0
          ? new Place(WHEREABOUTS_NAMESPACE, text)
          : new Place(text.substring(0, slash), text.substring(slash + 1));
    }
  }
}
