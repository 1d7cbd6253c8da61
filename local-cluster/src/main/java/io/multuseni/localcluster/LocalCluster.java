// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import java.net.URI;
import java.time.InstantSource;

/**
 * A Kubernetes API in this process, on a free port of the loopback address, over plain HTTP: pods,
 * nodes, the objects of Multus and of whereabouts, and whatever else is put into it.
 *
 * <pre>{@code
 * try (LocalCluster cluster = LocalCluster.start()) {
 *   cluster.world().node("node-a", "i-0a", "us-east-1a", "m5.large");
 *   cluster.world().pod(PodSpec.of("ns", "app-0").onNode("node-a"));
 *   … new ConfigBuilder().withMasterUrl(cluster.endpoint().toString()) …
 * }
 * }</pre>
 *
 * Safe for use by many threads.
 */
public final class LocalCluster implements AutoCloseable {
  private final Store store;
  private final ClusterWorld world;
  private final KubeFaults faults;
  private final KubeCallLog calls = new KubeCallLog();
  private final ApiServer server;

  private LocalCluster(InstantSource time) {
    store = new Store(time);
    world = new ClusterWorld(store);
    faults = new KubeFaults(store);
    server = new ApiServer(store, faults, calls);
  }

  /**
   * Starts an empty cluster.
   *
   * @throws IllegalStateException if no port can be had
   */
  public static LocalCluster start() {
    return start(InstantSource.system());
  }

  /**
   * Starts an empty cluster whose objects are created at the time that {@code time} tells.
   *
   * @throws IllegalStateException if no port can be had
   */
  public static LocalCluster start(InstantSource time) {
    return new LocalCluster(time);
  }

  /** Where the API answers, for example {@code http://127.0.0.1:40123}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  /** What is in this cluster: to build it and to change it. */
  public ClusterWorld world() {
    return world;
  }

  /** The faults laid over its answers. */
  public KubeFaults faults() {
    return faults;
  }

  /** The calls this cluster has got. */
  public KubeCallLog calls() {
    return calls;
  }

  /** How many watches are open on a resource, so that a test can wait for one to begin. */
  public int openWatches(String plural) {
    return store.watchesOn(plural).size();
  }

  /** Sends a bookmark to the open watches on a resource that take bookmarks. */
  public void bookmark(String plural) {
    store.bookmark(plural);
  }

  /** Ends the server, its connections and its threads. */
  @Override
  public void close() {
    server.close();
  }
}
