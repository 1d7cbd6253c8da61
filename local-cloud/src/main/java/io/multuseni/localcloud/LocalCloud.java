// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import com.sun.net.httpserver.HttpServer;
import io.multuseni.localcloud.events.EventDelivery;
import io.multuseni.localcloud.fault.FaultPlan;
import io.multuseni.localcloud.time.CloudClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An endpoint of EC2, Auto Scaling and, for parameters, Systems Manager in this process, on a free
 * port of the loopback address. All of them answer on the one port; the {@code Version} of a
 * request, or its {@code X-Amz-Target}, tells them apart.
 *
 * <pre>{@code
 * try (LocalCloud cloud = LocalCloud.start(Settings.defaults())) {
 *   String vpc = cloud.world().vpc("10.0.0.0/16");
 *   String subnet = cloud.world().subnet(vpc, "us-east-1a", "10.0.1.0/24");
 *   Ec2Client ec2 = Ec2Client.builder().endpointOverride(cloud.endpoint())…build();
 * }
 * }</pre>
 *
 * Safe for use by many threads.
 */
public final class LocalCloud implements AutoCloseable {
  /** Connections that may wait to be accepted: a whole fleet begins at the same moment. */
  private static final int BACKLOG = 4096;

  private final CloudState state;
  private final World world;
  private final CallLog calls = new CallLog();
  private final FaultPlan faults = new FaultPlan();
  private final HttpServer server;
  private final ExecutorService executor;
  private final Thread ticker;
  private volatile boolean closed;

  private LocalCloud(Settings settings) throws IOException {
    tune("sun.net.httpserver.nodelay", "true");
    tune("sun.net.httpserver.maxIdleConnections", "10000");
    state = new CloudState(settings);
    world = new World(state);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    executor = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(executor);
    server.createContext("/", new CloudHandler(state, faults, calls));
    ticker = Thread.ofPlatform().daemon().name("local-cloud-ticker").unstarted(this::tick);
  }

  /**
   * Starts a cloud that answers at once.
   *
   * @throws UncheckedIOException if no port can be had
   */
  public static LocalCloud start(Settings settings) {
    try {
      LocalCloud cloud = new LocalCloud(settings);
      cloud.server.start();
      if (!settings.clock().isVirtual()) {
        cloud.ticker.start();
      }
      return cloud;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on the loopback address", e);
    }
  }

  /** Where the services answer, for example {@code http://127.0.0.1:40123}. */
  public URI endpoint() {
    InetSocketAddress address = server.getAddress();
    return URI.create("http://127.0.0.1:" + address.getPort());
  }

  /** What is in this cloud: to build it and to inspect it. */
  public World world() {
    return world;
  }

  /** The calls this cloud has got. */
  public CallLog calls() {
    return calls;
  }

  /** The faults laid over its answers. */
  public FaultPlan faults() {
    return faults;
  }

  /** The events on their way out. */
  public EventDelivery events() {
    return state.events();
  }

  /** The time it lives by. */
  public CloudClock clock() {
    return state.settings().clock();
  }

  /** The settings in force. */
  public Settings settings() {
    return state.settings();
  }

  /**
   * Changes the settings for what begins from now on; what is under way keeps its times.
   *
   * @throws IllegalArgumentException if clock, Region, account or seed differ: they are for life
   */
  public void reconfigure(Settings changed) {
    Settings current = settings();
    if (!changed.clock().equals(current.clock())
        || !changed.region().equals(current.region())
        || !changed.account().equals(current.account())
        || changed.seed() != current.seed()) {
      throw new IllegalArgumentException("clock, region, account and seed can't change");
    }
    state.settings(changed);
  }

  /**
   * Applies everything that is due now: time-outs, terminations, boots, late events. Each request
   * and each inspection does the same first, so this is for when there is neither.
   */
  public void settle() {
    state.runAlone(() -> {});
  }

  /** {@link Settings#criticalPath} of the settings in force. */
  public Duration criticalPath(int interfaces) {
    return settings().criticalPath(interfaces);
  }

  /** Ends the server and its threads. Events that are being delivered are not waited for. */
  @Override
  public void close() {
    closed = true;
    ticker.interrupt();
    server.stop(0);
    executor.shutdownNow();
  }

  /**
   * Sets a property of the JDK's server unless somebody has. It reads them once, with the first
   * server of the process. Without nodelay each answer waits for an ACK, and beyond 200 idle
   * connections it would close them under the clients that are about to use them.
   */
  private static void tune(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private void tick() {
    while (!closed) {
      try {
        Thread.sleep(settings().tick());
      } catch (InterruptedException e) {
        return;
      }
      settle();
    }
  }
}
