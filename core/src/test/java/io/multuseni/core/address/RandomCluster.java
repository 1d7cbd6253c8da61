// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import io.multuseni.core.cluster.PodFacts.Phase;
import io.multuseni.core.config.Reconciliation.Source;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A small cluster in any state: addresses where they belong, on the wrong interface, nobody's or
 * not ours; interfaces with room and full ones; pods that live, have finished, are gone or have no
 * node; several claims on one address.
 *
 * @param scene the cluster
 * @param typeByInstance the instances' types, also of those whose node has left the cluster
 */
record RandomCluster(Scene scene, Map<String, String> typeByInstance) {
  private static final List<String> SUBNETS = List.of("4", "5");
  private static final String SMALL = "x.small";
  private static final String LARGE = "x.large";

  /** Addresses of a pool by subnet and family; few, so that pods meet. */
  private static final int FIRST = 20;

  private static final int LAST = 30;

  static RandomCluster generate(Random random) {
    return new Generator(random).generate();
  }

  @Override
  public String toString() {
    return typeByInstance + "\n" + scene;
  }

  /** An interface in the making. */
  private record Eni(String id, String node, int index, String subnet, boolean attached) {}

  private static final class Generator {
    private final Random random;
    private final Scene scene = new Scene();
    private final Map<String, String> types = new HashMap<>();
    private final Map<String, int[]> limits = new HashMap<>();
    private final List<Eni> enis = new ArrayList<>();
    private final Map<String, Set<String>> primary = new HashMap<>();
    private final Map<String, Set<String>> secondary = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private final Map<String, List<String>> allocations = new TreeMap<>();

    Generator(Random random) {
      this.random = random;
    }

    RandomCluster generate() {
      SUBNETS.forEach(s -> scene.subnet("s" + s, "10.0." + s + ".0/26", "fd00:" + s + "::/64"));
      boolean full = chance(15);
      limits.put(
          SMALL,
          full ? new int[] {2, 1} : new int[] {2 + random.nextInt(2), 1 + random.nextInt(2)});
      limits.put(
          LARGE,
          full ? new int[] {2, 1} : new int[] {3 + random.nextInt(4), 2 + random.nextInt(3)});
      limits.forEach((type, one) -> scene.limits(type, one[0], one[1]));
      List<String> nodes = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(4); i++) {
        nodes.add("n" + i);
        types.put(Scene.instanceOf("n" + i), chance(60) ? SMALL : LARGE);
      }
      nodes.forEach(this::addNode);
      if (chance(20)) {
        enis.add(new Eni("eni-z", "", 0, oneOf(SUBNETS), false));
      }
      choosePrimaries();
      chooseSecondaries(full ? 100 : 80);
      enis.forEach(this::addEni);
      addDefinitions();
      if (full || chance(10)) {
        changeSeats();
      }
      int pods = full ? random.nextInt(3) : 2 + random.nextInt(11);
      for (int i = 0; i < pods; i++) {
        addPod("ns/p" + i, oneOf(nodes));
      }
      for (String subnet : SUBNETS) {
        // Never without a pool: that is the guard's affair.
        pool("10.0." + subnet + ".16/28");
        pool("fd00:" + subnet + "::/120");
      }
      allocations.forEach((range, keys) -> scene.pool(range, keys.toArray(String[]::new)));
      scene.settings(
          chance(80) ? Set.of(Source.WHEREABOUTS) : Set.of(Source.values()), chance(80) ? 1 : 0.1);
      return new RandomCluster(scene, types);
    }

    private void addNode(String name) {
      int dice = random.nextInt(100);
      if (dice < 3) {
        scene.nodeWithoutInstance(name);
      } else if (dice < 93) {
        scene.node(name, types.getOrDefault(Scene.instanceOf(name), SMALL));
      }
      int count = 1 + random.nextInt(3);
      for (int index = 1; index <= count; index++) {
        enis.add(new Eni("eni-" + name + index, name, index, chance(65) ? "4" : "5", true));
      }
    }

    private void choosePrimaries() {
      int next = 4;
      for (Eni eni : enis) {
        Set<String> own = new TreeSet<>();
        String v4 = "10.0." + eni.subnet() + "." + (chance(8) ? FIRST + random.nextInt(8) : next);
        if (!used.add(v4)) {
          v4 = "10.0." + eni.subnet() + "." + next;
          used.add(v4);
        }
        next++;
        own.add(v4);
        String v6 = address(eni.subnet(), true, number());
        if (chance(8) && used.add(v6)) {
          own.add(v6);
        }
        primary.put(eni.id(), own);
      }
    }

    private void chooseSecondaries(int percent) {
      List<String> addresses = new ArrayList<>();
      for (String subnet : SUBNETS) {
        for (int number = FIRST; number <= LAST; number++) {
          addresses.add(address(subnet, false, number));
          addresses.add(address(subnet, true, number));
        }
        // Outside of every pool.
        addresses.add("10.0." + subnet + ".40");
        addresses.add("10.0." + subnet + ".41");
        addresses.add("fd00:" + subnet + "::1:1");
      }
      Collections.shuffle(addresses, random);
      for (String address : addresses) {
        String subnet = address.startsWith("10.0.4.") || address.startsWith("fd00:4:") ? "4" : "5";
        List<Eni> inSubnet = enis.stream().filter(eni -> eni.subnet().equals(subnet)).toList();
        if (inSubnet.isEmpty() || !chance(percent) || used.contains(address)) {
          continue;
        }
        Eni eni = oneOf(inSubnet);
        if (hasRoom(eni, address.contains(":"))) {
          used.add(address);
          secondary.computeIfAbsent(eni.id(), id -> new TreeSet<>()).add(address);
        }
      }
    }

    private boolean hasRoom(Eni eni, boolean ipv6) {
      int[] limit = limits.get(types.getOrDefault(Scene.instanceOf(eni.node()), ""));
      List<String> all = new ArrayList<>(primary.getOrDefault(eni.id(), Set.of()));
      all.addAll(secondary.getOrDefault(eni.id(), Set.of()));
      long count = all.stream().filter(one -> one.contains(":") == ipv6).count();
      return limit == null || count < limit[ipv6 ? 1 : 0];
    }

    private void addEni(Eni eni) {
      String[] others = secondary.getOrDefault(eni.id(), Set.of()).toArray(String[]::new);
      String own = String.join(" ", primary.getOrDefault(eni.id(), Set.of()));
      if (eni.attached()) {
        scene.eni(eni.id(), eni.node(), eni.index(), "s" + eni.subnet(), own, others);
      } else {
        scene.detachedEni(eni.id(), "s" + eni.subnet(), own, others);
      }
    }

    private void addDefinitions() {
      scene.definition("ns/d1", "{'master': 'eth1'}");
      scene.definition("ns/d2", "{'master': 'eth2'}");
      scene.definition("ns/d3", chance(20) ? "not json" : "{'type': 'ipvlan'}");
      scene.definition("ns/s", "{'ipam': {'type': 'static'}}");
      if (chance(15)) {
        scene.definition(
            "ns/w",
            "{'ipam': {'type': 'whereabouts', 'range': '10.0.4.16/28',"
                + " 'exclude': ['10.0.4.24/30']}}");
      }
    }

    /**
     * Each address of a subnet belongs where another one is, so that even full interfaces can get
     * right, if only all move.
     */
    private void changeSeats() {
      boolean ipv6 = chance(30);
      String prefix = ipv6 ? "fd00:4::" : "10.0.4.";
      List<Eni> seats = new ArrayList<>();
      List<String> addresses = new ArrayList<>();
      for (Eni eni : enis) {
        for (String one : secondary.getOrDefault(eni.id(), Set.of())) {
          if (eni.attached() && one.startsWith(prefix) && !one.equals("fd00:4::1:1")) {
            seats.add(eni);
            addresses.add(one);
          }
        }
      }
      Collections.shuffle(addresses, random);
      for (int i = 0; i < seats.size(); i++) {
        String last = addresses.get(i).substring(prefix.length());
        int number = Integer.parseInt(last, ipv6 ? 16 : 10);
        if (number > LAST) {
          continue;
        }
        String ref = "ns/m" + i;
        pool(ipv6 ? "fd00:4::/120" : "10.0.4.16/28").add((ipv6 ? number : number - 16) + "=" + ref);
        scene.pod(
            new Scene.Pod(ref, Phase.RUNNING, Optional.of(seats.get(i).node()))
                .gotByMac(seats.get(i).id(), "ns/d3", "net1", addresses.get(i)));
      }
    }

    private void addPod(String ref, String node) {
      List<String> own = new ArrayList<>();
      int count = 1 + random.nextInt(3);
      for (int i = 0; i < count; i++) {
        reserve(ref, node).ifPresent(own::add);
      }
      int dice = random.nextInt(100);
      if (dice < 10) {
        return;
      }
      Phase phase = dice < 18 ? Phase.FAILED : dice < 24 ? Phase.UNKNOWN : Phase.RUNNING;
      Optional<String> where =
          dice < 28 && dice >= 24
              ? Optional.empty()
              : Optional.of(dice < 30 && dice >= 28 ? "old" : node);
      Scene.Pod pod = new Scene.Pod(ref, phase, where);
      if (chance(30)) {
        pod.asks(oneOf(List.of("d1", "d2", "d3", "d1,d2")));
      }
      addStatus(pod, node, own);
      scene.pod(pod);
    }

    private void addStatus(Scene.Pod pod, String node, List<String> reserved) {
      int dice = random.nextInt(100);
      if (dice < 30) {
        return;
      }
      if (dice < 35) {
        pod.status("not json");
        return;
      }
      for (String subnet : SUBNETS) {
        List<String> shown = new ArrayList<>();
        for (String one : reserved) {
          if (chance(85)
              && (one.startsWith("10.0." + subnet) || one.startsWith("fd00:" + subnet))) {
            shown.add(one);
          }
        }
        if (chance(6)) {
          // Lost its reservation, or is about to write the new one.
          shown.add(address(subnet, chance(40), number()));
        }
        List<Eni> there =
            enis.stream()
                .filter(eni -> eni.node().equals(node) && eni.subnet().equals(subnet))
                .toList();
        if (shown.isEmpty() || there.isEmpty()) {
          continue;
        }
        if (chance(80)) {
          pod.gotByMac(oneOf(there).id(), "ns/d3", "net1", shown.toArray(String[]::new));
        } else {
          pod.got(oneOf(List.of("ns/d1", "ns/d2", "ns/s")), "net1", shown.toArray(String[]::new));
        }
      }
    }

    private Optional<String> reserve(String ref, String node) {
      List<String> reachable =
          enis.stream().filter(eni -> eni.node().equals(node)).map(Eni::subnet).toList();
      String subnet = chance(90) ? oneOf(reachable) : oneOf(SUBNETS);
      boolean ipv6 = chance(40);
      int number = number();
      String address = address(subnet, ipv6, number);
      String pod = chance(3) ? "nobody" : ref;
      if (chance(4)) {
        scene.overlap(address.replace(':', '-'), pod);
        return Optional.of(address);
      }
      String range = ipv6 ? "fd00:" + subnet + "::/120" : "10.0." + subnet + ".16/28";
      int key = ipv6 ? number : number - 16;
      if (isTaken(range, key)) {
        if (!chance(25)) {
          return Optional.empty();
        }
        // A second pool over the same addresses: both may give one of them.
        range = ipv6 ? "fd00:" + subnet + "::10/124" : "10.0." + subnet + ".0/26";
        key = ipv6 ? number - 16 : number;
        if (isTaken(range, key)) {
          return Optional.empty();
        }
      }
      pool(range).add(key + "=" + pod + (chance(20) ? "@net1" : ""));
      return Optional.of(address);
    }

    private List<String> pool(String range) {
      return allocations.computeIfAbsent(range, key -> new ArrayList<>());
    }

    private boolean isTaken(String range, int key) {
      return pool(range).stream().anyMatch(one -> one.startsWith(key + "="));
    }

    private int number() {
      return FIRST + random.nextInt(LAST - FIRST + 1);
    }

    private static String address(String subnet, boolean ipv6, int number) {
      return ipv6
          ? "fd00:" + subnet + "::" + Integer.toHexString(number)
          : "10.0." + subnet + "." + number;
    }

    private boolean chance(int percent) {
      return random.nextInt(100) < percent;
    }

    private <T> T oneOf(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }
  }
}
