// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.base.Deadline;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.core.report.ReconcileReport.UnplacedAddress;
import io.multuseni.localcloud.ec2.InterfaceView;
import io.multuseni.localcluster.PodSpec;
import io.multuseni.localcluster.StatusEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Whatever the cluster and the VPC are like before: after a pass each reserved address is on the
 * interface of its pod and nowhere else, and nothing else has changed. The same where two runs are
 * at work at once.
 */
class PassPropertiesIT {
  private static final int TRIES = 40;

  /** t3.medium: 6 addresses of a family, one of them the primary IPv4 address. */
  private static final int ROOM_IPV4 = 5;

  private static final int ROOM_IPV6 = 6;

  /** What one seed makes, and what must come of it. */
  private static final class World implements AutoCloseable {
    private final ClusterScene scene;
    private final Random random;
    private final List<String> nodes = List.of("a", "b", "c");
    private final Map<String, List<String>> interfaces = new HashMap<>();

    /** Where each address of a living, scheduled pod belongs. */
    private final Map<String, String> wanted = new TreeMap<>();

    /** Addresses that nobody may touch, with the interface that has them. */
    private final Map<String, String> untouchable = new TreeMap<>();

    private final Map<String, String> primaries = new TreeMap<>();

    World(long seed) {
      random = new Random(seed);
      scene = new ClusterScene();
      scene.pool("p4", "10.0.30.128/25");
      scene.pool("p6", "fd00:30::1:0/112");
      for (String node : nodes) {
        // Two in one subnet: only the MAC address in the network-status tells them apart.
        boolean twice = random.nextInt(3) == 0;
        interfaces.put(
            node,
            twice
                ? scene.node(node, ClusterScene.T3_MEDIUM, scene.n3, scene.n3)
                : scene.node(node, ClusterScene.T3_MEDIUM, scene.n3));
      }
      String foreign = scene.networkInterface(scene.n3, "another-cluster", "10.0.30.99");
      // A cluster without any pod is taken for an answer that lacks them.
      scene.kubernetes.pod(PodSpec.of("ns", "without-networks").onNode("a").phase("Running"));
      int pods = 1 + random.nextInt(18);
      for (int i = 0; i < pods; i++) {
        pod("pod-" + i, "10.0.30." + (130 + i), "p4", foreign);
        if (random.nextInt(3) == 0) {
          pod("six-" + i, "fd00:30::1:" + Integer.toHexString(0x10 + i), "p6", foreign);
        }
      }
      for (String one : all()) {
        if (random.nextInt(3) == 0) {
          give(one, "10.0.30." + (200 + random.nextInt(20)));
        }
        if (random.nextInt(3) == 0) {
          // Outside every pool.
          String address = "10.0.30." + (60 + random.nextInt(30));
          if (give(one, address)) {
            untouchable.put(address, one);
          }
        }
      }
      for (InterfaceView one : scene.cloud.world().interfaces()) {
        primaries.put(one.id(), one.primaryAddress());
      }
    }

    private List<String> all() {
      return interfaces.values().stream().flatMap(List::stream).toList();
    }

    private void pod(String name, String address, String pool, String foreign) {
      String node = nodes.get(random.nextInt(nodes.size()));
      List<String> candidates = interfaces.getOrDefault(node, List.of());
      String target = candidates.get(random.nextInt(candidates.size()));
      if (random.nextInt(8) > 0) {
        scene.kubernetes.reserve(pool, address, "ns/" + name, "net1");
      } else {
        // A pod that shows an address without reservation keeps it where it is, and gets no other.
        return;
      }
      PodSpec spec =
          PodSpec.of("ns", name)
              .onNode(node)
              .phase("Running")
              .networks("ns/n3")
              .status(StatusEntry.of("ns/n3", "net1", address).withMac(macOf(target)));
      switch (random.nextInt(10)) {
        case 0 -> scene.kubernetes.pod(spec.phase("Succeeded"));
        case 1 -> {} // The pod is gone, its reservation isn't.
        default -> {
          scene.kubernetes.pod(spec);
          wanted.put(address, target);
        }
      }
      switch (random.nextInt(6)) {
        case 0 -> give(target, address);
        case 1, 2 -> give(all().get(random.nextInt(all().size())), address);
        case 3 -> {
          if (random.nextInt(4) == 0) {
            scene.cloud.world().assignByHand(foreign, address);
            untouchable.put(address, foreign);
            wanted.remove(address);
          }
        }
        default -> {}
      }
    }

    private String macOf(String networkInterfaceId) {
      return scene.cloud.world().networkInterface(networkInterfaceId).orElseThrow().macAddress();
    }

    /** Gives an address to an interface that has room for it. */
    private boolean give(String networkInterfaceId, String address) {
      boolean ipv6 = address.contains(":");
      long has =
          scene.addressesOf(networkInterfaceId).stream()
              .filter(one -> one.contains(":") == ipv6)
              .count();
      boolean taken =
          scene.addresses().values().stream().anyMatch(addresses -> addresses.contains(address));
      if (taken || has >= (ipv6 ? ROOM_IPV6 : ROOM_IPV4)) {
        return false;
      }
      scene.cloud.world().assignByHand(networkInterfaceId, address);
      return true;
    }

    /** The pass has waited graces out, so that everything must be right but what can't be. */
    void mustBeRight(ReconcileReport report) {
      Set<String> full = new HashSet<>();
      for (UnplacedAddress one : report.unplaced()) {
        if (one.reason().equals("INTERFACE_FULL")) {
          full.add(one.address());
        }
      }
      Map<String, List<String>> holders = new HashMap<>();
      scene
          .addresses()
          .forEach((id, addresses) ->
              addresses.forEach(
                  address -> holders.computeIfAbsent(address, key -> new ArrayList<>()).add(id)));
      wanted.forEach((address, target) -> {
        if (!full.contains(address)) {
          assertThat(holders.get(address)).as(address).containsExactly(target);
        }
      });
      untouchable.forEach((address, holder) ->
          assertThat(holders.get(address)).as(address).containsExactly(holder));
      Set<String> nobodys = new TreeSet<>(holders.keySet());
      nobodys.removeAll(wanted.keySet());
      nobodys.removeAll(untouchable.keySet());
      assertThat(nobodys).as("addresses that nobody needs").isEmpty();
      // An address that finds no room may be reported so only where the interface is full indeed.
      for (String address : full) {
        String target = wanted.get(address);
        if (target == null) {
          assertThat(untouchable).containsKey(address);
          continue;
        }
        boolean ipv6 = address.contains(":");
        assertThat(scene.addressesOf(target))
            .filteredOn(one -> one.contains(":") == ipv6)
            .as("addresses of " + target + ", where " + address + " found no room")
            .hasSize(ipv6 ? ROOM_IPV6 : ROOM_IPV4);
      }
      assertThat(report.unfinished()).isEmpty();
      assertThat(report.guard()).isNull();
    }

    /** Foreign addresses, those outside the pools, primary ones and limits, at any time. */
    void mustBeUntouched() {
      untouchable.forEach((address, holder) ->
          assertThat(scene.addressesOf(holder)).as("of " + holder).contains(address));
      for (InterfaceView one : scene.cloud.world().interfaces()) {
        assertThat(one.primaryAddress()).isEqualTo(primaries.get(one.id()));
        assertThat(one.secondaryAddresses()).hasSizeLessThanOrEqualTo(ROOM_IPV4);
        assertThat(one.ipv6Addresses()).hasSizeLessThanOrEqualTo(ROOM_IPV6);
      }
    }

    /** The wanted addresses that are where they belong, with their interfaces. */
    Map<String, String> rightNow() {
      Map<String, String> right = new TreeMap<>();
      wanted.forEach((address, target) -> {
        if (scene.addressesOf(target).contains(address)) {
          right.put(address, target);
        }
      });
      return right;
    }

    void mustBeQuietNow(ReconcileFlow flow) {
      scene.cloud.calls().clear();
      ReconcileReport again = scene.reconcile(flow);
      assertThat(scene.changes()).isEmpty();
      assertThat(again.assigned()).isEmpty();
      assertThat(again.moved()).isEmpty();
      assertThat(again.released()).isEmpty();
    }

    @Override
    public void close() {
      scene.close();
    }
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void afterAPassEverythingIsWhereItBelongs(@ForAll long seed) {
    try (World world = new World(seed)) {
      // So many may be stale in a made-up world that the guard would step in.
      world.scene.reconciling("{watch: false, maxReleaseFraction: 1}");

      ReconcileFlow flow = world.scene.flow();
      ReconcileReport report = world.scene.reconcile(flow);

      world.mustBeRight(report);
      world.mustBeQuietNow(flow);
    }
  }

  private static Thread started(List<Throwable> failures, Runnable run) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            run.run();
          } catch (RuntimeException | Error e) {
            failures.add(e);
          }
        });
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void afterTwoRunsAtOnceEverythingIsWhereItBelongs(@ForAll long seed) throws InterruptedException {
    try (World world = new World(seed)) {
      world.scene.reconciling("{watch: true, maxReleaseFraction: 1}");
      Map<String, String> right = world.rightNow();
      ReconcileFlow watching = world.scene.flow();
      ReconcileFlow passing = world.scene.flow();
      List<ReconcileReport> reports = new CopyOnWriteArrayList<>();
      List<Throwable> failures = new CopyOnWriteArrayList<>();
      Thread watcher =
          started(
              failures,
              () ->
                  watching.run(Deadline.in(world.scene.time, Duration.ofMinutes(5)), reports::add));
      Thread pass = started(failures, () -> reports.add(world.scene.reconcile(passing)));
      pass.join();
      while (!watcher.join(Duration.ofMillis(20))) {
        world.scene.clock.advance(Duration.ofSeconds(5));
      }

      assertThat(failures).isEmpty();
      assertThat(reports).hasSize(3);
      world.mustBeUntouched();
      assertThat(world.rightNow()).as("what was right stays so").containsAllEntriesOf(right);
      // Either may find the other's work half done and say so; a third pass finds the rest.
      ReconcileFlow third = world.scene.flow();
      world.mustBeRight(world.scene.reconcile(third));
      world.mustBeQuietNow(third);
    }
  }
}
