// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.address.Step.Release;
import io.multuseni.core.address.Step.Release.Cause;
import io.multuseni.core.cluster.AttachmentDefinition;
import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.cluster.NetworkAttachment;
import io.multuseni.core.cluster.OverlapFacts;
import io.multuseni.core.cluster.PodFacts;
import io.multuseni.core.cluster.PodFacts.Phase;
import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.cluster.PoolFacts;
import io.multuseni.core.cluster.PoolFacts.Allocation;
import io.multuseni.core.cluster.SlicePoolFacts;
import io.multuseni.core.cluster.WorkerNode;
import io.multuseni.core.config.Reconciliation;
import io.multuseni.core.config.Reconciliation.Source;
import io.multuseni.core.ip.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** What holds for every plan, carried out by a model of EC2 that refuses what EC2 would refuse. */
class AddressPlannerPropertiesTest {
  private static final int TRIES = 200;

  /** An address that can't get where it belongs may wait for another that waits itself. */
  private static final int MOST_PASSES = 8;

  @Property(tries = TRIES)
  void everyKindOfPlanComesUp(@ForAll("clusters") RandomCluster cluster) {
    // Without this the other properties might hold for want of a case.
    AddressPlan plan = cluster.scene().planAfterGrace();
    Set<String> seen = new HashSet<>();
    for (List<Step> wave : plan.waves()) {
      for (Step step : wave) {
        boolean ipv6 = step.addresses().getFirst().isIpv6();
        seen.add(
            (step instanceof Release release
                    ? release.cause().name()
                    : step.getClass().getSimpleName())
                + (ipv6 ? "6" : "4"));
      }
    }
    plan.unplaced().forEach(one -> seen.add(one.reason().name()));
    plan.stale().values().forEach(one -> seen.add("stale " + one.reason()));
    plan.guard().ifPresent(stop -> seen.add("stopped " + stop.kind()));
    for (String kind :
        List.of(
            "Assign4",
            "Assign6",
            "TakeOver4",
            "MOVE4",
            "MOVE6",
            "ROOM4",
            "ROOM6",
            "STALE4",
            "STALE6",
            "INTERFACE_FULL",
            "CONFLICT",
            "AMBIGUOUS_INTERFACE",
            "SUPERSEDED",
            "PRIMARY_ADDRESS",
            "NOT_MANAGED",
            "stale WRONG_NODE",
            "stale SUPERSEDED",
            "stale NODE_GONE",
            "stopped TOO_MANY")) {
      Statistics.label(kind)
          .collect(seen.contains(kind))
          .coverage(cover -> cover.check(true).count(count -> count > 0));
    }
  }

  @Property(tries = TRIES)
  void theFirstPlanReleasesNothingButWhatMoves(
      @ForAll("clusters") RandomCluster cluster, @ForAll Random random) {
    AddressPlan plan = cluster.scene().plan();

    assertThat(plan.waves())
        .allSatisfy(wave ->
            assertThat(wave)
                .allMatch(
                    step -> !(step instanceof Release release) || release.cause() == Cause.MOVE));
    assertThat(
            plan.waves().stream()
                .flatMap(List::stream)
                .filter(step -> step instanceof Release)
                .flatMap(step ->
                    step.addresses().stream().map(a -> new Seat(step.networkInterfaceId(), a)))
                .toList())
        .allSatisfy(seat -> assertThat(plan.movedFrom()).containsValue(seat.networkInterfaceId()));
    carriedOut(cluster, plan, random);
  }

  @Property(tries = TRIES)
  void everyAddressGetsToItsInterfaceAndToNoOtherAndEc2RefusesNothing(
      @ForAll("clusters") RandomCluster cluster, @ForAll Random random) {
    Placements placements = cluster.scene().placements();
    AddressPlan plan = cluster.scene().planAfterGrace();

    ModelEc2 ec2 = carriedOut(cluster, plan, random);

    Set<Seat> full = fullSeats(plan, placements);
    int served = 0;
    for (Placed one : placements.placed().values()) {
      MultusInterface target = interfaceOf(cluster, one.networkInterfaceId());
      List<String> holders =
          ec2.facts().interfaces().values().stream()
              .filter(other -> other.subnetId().equals(target.subnetId()))
              .filter(other -> other.secondary().contains(one.reservation().address()))
              .map(MultusInterface::networkInterfaceId)
              .toList();
      if (full.contains(one.seat())) {
        assertThat(holders).doesNotContain(one.networkInterfaceId());
      } else {
        assertThat(holders).containsExactly(one.networkInterfaceId());
        served++;
      }
    }
    assertThat(plan.kept() + plan.served().size()).isEqualTo(served);
  }

  @Property(tries = TRIES)
  void whatIsNotOursIsNeverChanged(
      @ForAll("clusters") RandomCluster cluster, @ForAll Random random) {
    Reservations reservations = cluster.scene().reservations();
    Set<IpAddress> placed = new HashSet<>();
    cluster.scene().placements().placed().keySet().forEach(seat -> placed.add(seat.address()));
    AddressPlan plan = cluster.scene().planAfterGrace();

    ModelEc2 ec2 = carriedOut(cluster, plan, random);

    for (MultusInterface before : cluster.scene().vpc().interfaces().values()) {
      SortedSet<IpAddress> left = new TreeSet<>(before.secondary());
      left.removeAll(ec2.secondaryOf(before.networkInterfaceId()));
      SortedSet<IpAddress> added = new TreeSet<>(ec2.secondaryOf(before.networkInterfaceId()));
      added.removeAll(before.secondary());
      assertThat(left).allMatch(reservations.managed()::contains);
      assertThat(added).allMatch(reservations.managed()::contains);
      assertThat(left)
          .noneMatch(
              address -> reservations.undecided().contains(address) && !placed.contains(address));
    }
  }

  @Property(tries = TRIES)
  void noLivingPodLosesItsAddressOnItsNode(
      @ForAll("clusters") RandomCluster cluster, @ForAll Random random) {
    Scene scene = cluster.scene();
    ClusterFacts facts = scene.cluster();
    Placements placements = scene.placements();
    VpcFacts vpc = scene.vpc();

    VpcFacts after = carriedOut(cluster, scene.planAfterGrace(), random).facts();

    for (Map.Entry<PodRef, Set<IpAddress>> pod :
        claims(facts, scene.reservations(), placements).entrySet()) {
      String instance = instanceOf(facts, pod.getKey()).orElseThrow();
      for (MultusInterface before : vpc.interfaces().values()) {
        if (!isOn(before, instance)) {
          continue;
        }
        for (IpAddress address : pod.getValue()) {
          boolean moved =
              placements.placed().keySet().stream()
                  .anyMatch(seat ->
                      seat.address().equals(address)
                          && has(after, seat.networkInterfaceId(), address));
          assertThat(
                  !before.secondary().contains(address)
                      || moved
                      || after.interfaces().values().stream()
                          .anyMatch(
                              now -> isOn(now, instance) && now.secondary().contains(address)))
              .as("%s of %s", address, pod.getKey())
              .isTrue();
        }
      }
    }
  }

  @Property(tries = TRIES)
  void onceCarriedOutThereIsNothingLeftToDo(
      @ForAll("clusters") RandomCluster cluster, @ForAll Random random) {
    Scene scene = cluster.scene();
    VpcFacts now = scene.vpc();
    boolean full = false;
    for (int pass = 1; pass <= MOST_PASSES; pass++) {
      AddressPlan plan = planAfterGrace(scene, scene.cluster(), now);
      if (pass == 2 && !full) {
        assertThat(plan.waves()).isEmpty();
      }
      if (plan.isEmpty()) {
        assertThat(plan.guard().isPresent() || plan.stale().isEmpty()).isTrue();
        return;
      }
      full |=
          plan.unplaced().stream().anyMatch(one -> one.reason() == UnplacedReason.INTERFACE_FULL);
      ModelEc2 ec2 = new ModelEc2(now, cluster.typeByInstance());
      ec2.carryOut(plan, random);
      now = ec2.facts();
    }
    assertThat(planAfterGrace(scene, scene.cluster(), now).waves()).isEmpty();
  }

  @Property(tries = TRIES)
  void aGuardStopsEveryReleaseButThoseOfMoves(@ForAll("clusters") RandomCluster cluster) {
    AddressPlan plan = cluster.scene().planAfterGrace();

    if (plan.guard().isPresent()) {
      assertThat(plan.waves().stream().flatMap(List::stream))
          .noneMatch(step -> step instanceof Release release && release.cause() != Cause.MOVE);
    }
  }

  @Property(tries = TRIES)
  void doesNotDependOnTheOrderOfWhatKubernetesAnswers(
      @ForAll("clusters") RandomCluster cluster, @ForAll Random random) {
    Scene scene = cluster.scene();
    ClusterFacts other = shuffled(scene.cluster(), random);

    assertThat(ReservationReader.read(other, scene.settings()).problems())
        .isEqualTo(scene.reservations().problems());
    assertThat(planAfterGrace(scene, other, scene.vpc())).isEqualTo(scene.planAfterGrace());
  }

  @Property(tries = TRIES)
  void aPartSaysOfItsPodsWhatTheWholeSays(@ForAll("clusters") RandomCluster cluster) {
    Scene scene = cluster.scene();
    Placements whole = scene.placements();
    for (PodRef pod : scene.cluster().pods().keySet()) {
      ClusterPart part = ClusterPart.around(Set.of(pod), scene.cluster(), scene.vpc());
      Placements placements =
          PlacementPlanner.place(
              scene.config(),
              part.cluster(),
              ReservationReader.read(part.cluster(), scene.settings()),
              part.vpc());

      assertThat(saidOf(pod, placements)).as(pod.toString()).isEqualTo(saidOf(pod, whole));
    }
  }

  private static Set<String> saidOf(PodRef pod, Placements placements) {
    Set<String> said = new HashSet<>();
    placements
        .placed()
        .forEach((seat, one) -> {
          if (one.reservation().pod().equals(pod)) {
            said.add(seat.toString());
          }
        });
    placements.unplaced().stream()
        .filter(one -> one.reservation().pod().equals(pod))
        .forEach(one -> said.add(one.message()));
    return said;
  }

  @Property(tries = TRIES)
  void anyInputIsDecided(@ForAll("garbage") ClusterFacts facts, @ForAll Random random) {
    Scene scene = RandomCluster.generate(random).scene();
    Map<String, WorkerNode> nodes = new HashMap<>(facts.nodes());
    nodes.putAll(scene.cluster().nodes());
    Map<PodRef, PodFacts> pods = new HashMap<>(scene.cluster().pods());
    pods.putAll(facts.pods());
    Map<String, AttachmentDefinition> definitions = new HashMap<>(scene.cluster().definitions());
    definitions.putAll(facts.definitions());
    ClusterFacts all =
        new ClusterFacts(
            facts.pools(), facts.slicePools(), facts.overlaps(), pods, nodes, definitions);
    // An instance type whose limits became smaller than what is there.
    scene.limits("x.small", 1, 1);
    Reconciliation settings =
        new Reconciliation(
            Set.of(Source.values()), 1, Duration.ZERO, false, Duration.ofMinutes(1), List.of());

    Reservations read = ReservationReader.read(all, settings);
    Placements placements = PlacementPlanner.place(scene.config(), all, read, scene.vpc());
    AddressPlan first =
        AddressPlanner.plan(all, read, placements, scene.vpc(), settings, EarlierLooks.NONE);
    Set<Seat> stale = first.stale().keySet();
    AddressPlan last =
        AddressPlanner.plan(
            all, read, placements, scene.vpc(), settings, new EarlierLooks(stale, stale, Set.of()));

    assertThat(placements.placed().size() + placements.unplaced().size())
        .isLessThanOrEqualTo(read.reservations().size());
    assertThat(last.unplaced()).hasSizeGreaterThanOrEqualTo(placements.unplaced().size());
    assertThat(last.unplaced()).allMatch(one -> one.message().contains(one.reason().message()));
  }

  private static ModelEc2 carriedOut(RandomCluster cluster, AddressPlan plan, Random random) {
    ModelEc2 ec2 = new ModelEc2(cluster.scene().vpc(), cluster.typeByInstance());
    ec2.carryOut(plan, random);
    return ec2;
  }

  private static AddressPlan planAfterGrace(Scene scene, ClusterFacts cluster, VpcFacts vpc) {
    Reservations read = ReservationReader.read(cluster, scene.settings());
    Placements placements = PlacementPlanner.place(scene.config(), cluster, read, vpc);
    AddressPlan first =
        AddressPlanner.plan(cluster, read, placements, vpc, scene.settings(), EarlierLooks.NONE);
    Set<Seat> stale = first.stale().keySet();
    return AddressPlanner.plan(
        cluster, read, placements, vpc, scene.settings(), new EarlierLooks(stale, stale, Set.of()));
  }

  private static Set<Seat> fullSeats(AddressPlan plan, Placements placements) {
    Set<Seat> full = new HashSet<>();
    for (Unplaced one : plan.unplaced()) {
      if (one.reason() == UnplacedReason.INTERFACE_FULL) {
        placements.placed().values().stream()
            .filter(placed -> placed.reservation().equals(one.reservation()))
            .forEach(placed -> full.add(placed.seat()));
      }
    }
    return full;
  }

  /** What living pods on known instances reserve or show. */
  private static Map<PodRef, Set<IpAddress>> claims(
      ClusterFacts cluster, Reservations reservations, Placements placements) {
    Map<PodRef, Set<IpAddress>> claims = new HashMap<>();
    for (PodFacts pod : cluster.pods().values()) {
      if (pod.phase().isFinished() || instanceOf(cluster, pod.ref()).isEmpty()) {
        continue;
      }
      Set<IpAddress> own = new TreeSet<>();
      for (Reservation one : reservations.reservations()) {
        if (one.pod().equals(pod.ref())
            && placements.unplaced().stream()
                .noneMatch(unplaced ->
                    unplaced.reason() == UnplacedReason.SUPERSEDED
                        && unplaced.reservation().equals(one))) {
          own.add(one.address());
        }
      }
      for (NetworkAttachment attachment : pod.attachments()) {
        own.addAll(attachment.addresses());
      }
      claims.put(pod.ref(), own);
    }
    return claims;
  }

  private static boolean has(VpcFacts vpc, String networkInterfaceId, IpAddress address) {
    MultusInterface one = vpc.interfaces().get(networkInterfaceId);
    return one != null && one.secondary().contains(address);
  }

  private static Optional<String> instanceOf(ClusterFacts cluster, PodRef ref) {
    return Optional.ofNullable(cluster.pods().get(ref))
        .flatMap(PodFacts::nodeName)
        .flatMap(node -> Optional.ofNullable(cluster.nodes().get(node)))
        .flatMap(WorkerNode::instanceId);
  }

  private static boolean isOn(MultusInterface one, String instance) {
    return one.place().filter(place -> place.instanceId().equals(instance)).isPresent();
  }

  private static MultusInterface interfaceOf(RandomCluster cluster, String id) {
    return Optional.ofNullable(cluster.scene().vpc().interfaces().get(id)).orElseThrow();
  }

  private static ClusterFacts shuffled(ClusterFacts facts, Random random) {
    Map<String, PoolFacts> pools = new LinkedHashMap<>();
    shuffled(facts.pools(), random)
        .forEach((key, pool) ->
            pools.put(
                key,
                new PoolFacts(
                    pool.namespace(),
                    pool.name(),
                    pool.range(),
                    shuffled(pool.allocations(), random))));
    return new ClusterFacts(
        pools,
        shuffled(facts.slicePools(), random),
        shuffled(facts.overlaps(), random),
        shuffled(facts.pods(), random),
        shuffled(facts.nodes(), random),
        shuffled(facts.definitions(), random));
  }

  private static <K, V> Map<K, V> shuffled(Map<K, V> map, Random random) {
    List<Map.Entry<K, V>> entries = new ArrayList<>(map.entrySet());
    Collections.shuffle(entries, random);
    Map<K, V> shuffled = new LinkedHashMap<>();
    entries.forEach(entry -> shuffled.put(entry.getKey(), entry.getValue()));
    return shuffled;
  }

  @Provide
  Arbitrary<RandomCluster> clusters() {
    return Arbitraries.randomValue(RandomCluster::generate);
  }

  /** Objects that anybody may have written by hand. */
  @Provide
  Arbitrary<ClusterFacts> garbage() {
    Arbitrary<String> range =
        Arbitraries.oneOf(
            Arbitraries.of(
                "10.0.4.0/26",
                "10.0.4.20/28",
                "fd00:4::/64",
                "fd00:4::14/120",
                "0.0.0.0/0",
                "::/0",
                "255.255.255.255/32",
                "10.0.4.0/33",
                "10.0.4.20/32",
                " 10.0.5.16/28 "),
            Arbitraries.strings().ofMaxLength(12));
    Arbitrary<String> key =
        Arbitraries.oneOf(
            Arbitraries.integers().between(-3, 300).map(String::valueOf),
            Arbitraries.of("05", "+5", "5", "1e3", "340282366920938463463374607431768211455"),
            Arbitraries.strings().ofMaxLength(5));
    Arbitrary<String> ref =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 6).map(i -> "ns/p" + i),
            Arbitraries.strings().ofMaxLength(6));
    Arbitrary<Allocation> allocation =
        Combinators.combine(ref, Arbitraries.of("", "net1", "net 1").optional())
            .as(Allocation::new);
    Arbitrary<List<PoolFacts>> pools =
        Combinators.combine(
                Arbitraries.integers().between(0, 9),
                range,
                Arbitraries.maps(key, allocation).ofMaxSize(6))
            .as((name, written, map) -> new PoolFacts("kube-system", "pool" + name, written, map))
            .list()
            .ofMaxSize(5);
    Arbitrary<List<SlicePoolFacts>> slices =
        range
            .map(written -> new SlicePoolFacts("kube-system", "slice", written))
            .list()
            .ofMaxSize(1);
    Arbitrary<List<OverlapFacts>> overlaps =
        Combinators.combine(
                Arbitraries.oneOf(
                    Arbitraries.of("10.0.4.20", "core-10.0.4.21", "fd00-4--15", "a-fd00-4--16"),
                    Arbitraries.strings().withChars("0af-.:").ofMaxLength(20)),
                ref)
            .as((name, pod) -> new OverlapFacts("kube-system", name, pod, Optional.empty()))
            .list()
            .ofMaxSize(3);
    Arbitrary<List<AttachmentDefinition>> definitions =
        Combinators.combine(
                Arbitraries.of("d1", "d2", "w"),
                Arbitraries.oneOf(
                    Arbitraries.of(
                        "{\"master\": \"eth99\"}",
                        "{\"master\": \"ens0\", \"pciBusID\": \"0000:00:1f.7\"}",
                        "{\"ipam\": {\"type\": \"whereabouts\", \"range\": \"::/0\","
                            + " \"exclude\": [\"fd00::/16\"]}}",
                        "{\"ipam\": {\"type\": \"host-local\", \"subnet\": \"0.0.0.0/0\"}}"),
                    Arbitraries.strings().ofMaxLength(10)))
            .as((name, config) -> AttachmentDefinition.read("ns", name, Optional.of(config)))
            .list()
            .ofMaxSize(3);
    Arbitrary<List<PodFacts>> pods =
        Combinators.combine(
                Arbitraries.integers().between(0, 6),
                Arbitraries.of(Phase.values()),
                Arbitraries.of("n0", "n1", "", "nowhere").optional(),
                Arbitraries.of("d1@net1", "w", ",", "[]", "[{", "ns/d2").optional(),
                Arbitraries.of(
                        "[{\"name\": \"ns/w\", \"ips\": [\"10.0.4.20\", \"::\", \"x\"]}]",
                        "[{\"ips\": [\"fd00:4::15\"], \"mac\": \"x\"}]",
                        "[{\"interface\": \"net1\", \"device-info\": {\"pci\":"
                            + " {\"pci-address\": \"5\"}}}]",
                        "[")
                    .optional())
            .as((name, phase, node, networks, status) ->
                PodFacts.read(new PodRef("ns", "p" + name), phase, node, networks, status))
            .list()
            .ofMaxSize(5);
    return Combinators.combine(pools, slices, overlaps, definitions, pods)
        .as((p, s, o, d, pod) ->
            new ClusterFacts(
                byKey(p, PoolFacts::key),
                byKey(s, SlicePoolFacts::key),
                byKey(o, OverlapFacts::key),
                byKey(pod, PodFacts::ref),
                Map.of("", new WorkerNode("", Optional.of("i-n0"), Optional.of(""))),
                byKey(d, AttachmentDefinition::key)));
  }

  private static <K, V> Map<K, V> byKey(Collection<V> values, Function<V, K> key) {
    Map<K, V> map = new HashMap<>();
    values.forEach(value -> map.put(key.apply(value), value));
    return map;
  }
}
