// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.aws.AddressEdge;
import io.multuseni.aws.AwsClients;
import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.base.Deadline;
import io.multuseni.base.Time;
import io.multuseni.core.address.AddressDecision;
import io.multuseni.core.address.AddressPlan;
import io.multuseni.core.address.EarlierLooks;
import io.multuseni.core.address.MultusInterface;
import io.multuseni.core.address.ReleaseGuard;
import io.multuseni.core.address.Seat;
import io.multuseni.core.address.Unplaced;
import io.multuseni.core.address.UnplacedReason;
import io.multuseni.core.address.VpcFacts;
import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.cluster.WorkerNode;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.ipreconcile.AddressSteps.Carried;
import io.multuseni.kube.KubeCallCounter;
import io.multuseni.kube.KubeClients;
import io.multuseni.kube.KubeEdge;
import io.multuseni.kube.Reading;
import io.multuseni.kube.Watching;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one run reads and knows, and one look at it: ◆ decide, ● carry out. The order of reading
 * matters: interfaces, then reservations, then pods, so that whatever is born in between is seen
 * too late and never looks stale.
 */
final class Look implements AutoCloseable {
  /** A plan that was made from a wrong view is made again, so often at most. */
  private static final int ROUNDS = 3;

  private final ProvisionerConfig config;
  private final AwsClients aws;
  private final KubeClients kubernetes;
  private final Time time;
  private final Deadline deadline;
  private final boolean dryRun;
  private final Set<String> backlog;
  private final HolderMemory holders;

  private Instant began;
  private CallCounter awsCalls = new CallCounter();
  private KubeCallCounter kubernetesCalls = new KubeCallCounter();
  private Tally tally = new Tally();

  private @Nullable Watching watching;
  private ClusterView view = new ClusterView(ClusterFacts.EMPTY);

  /** What can't be had in this run, by seat. */
  private final Map<Seat, Unplaced> refused = new HashMap<>();

  private final OwnChanges ownChanges = new OwnChanges();
  private VpcFacts vpc = new VpcFacts(new TreeMap<>(), Map.of(), Map.of());

  Look(
      ProvisionerConfig config,
      AwsClients aws,
      KubeClients kubernetes,
      Time time,
      Deadline deadline,
      boolean dryRun,
      Set<String> backlog,
      HolderMemory holders) {
    this.backlog = backlog;
    this.holders = holders;
    this.config = config;
    this.aws = aws;
    this.kubernetes = kubernetes;
    this.time = time;
    this.deadline = deadline;
    this.dryRun = dryRun;
    this.began = time.now();
  }

  /** Begins another part of the run, with a report of its own. */
  void beginPart() {
    began = time.now();
    awsCalls = new CallCounter();
    kubernetesCalls = new KubeCallCounter();
    tally = new Tally();
  }

  Deadline deadline() {
    return deadline;
  }

  boolean isDryRun() {
    return dryRun;
  }

  ClusterView view() {
    return view;
  }

  Tally tally() {
    return tally;
  }

  boolean isWatching() {
    return watching != null;
  }

  /** ● Reads everything, and begins to watch from there if that is wanted. */
  ClusterFacts readAll(boolean watch) {
    stopWatching();
    AddressEdge ec2 = ec2();
    SortedMap<String, MultusInterface> interfaces = ec2.interfaces(config.cluster());
    KubeEdge edge = kube();
    Reading read = edge.read(config.reconciliation().sources());
    view = new ClusterView(read.facts());
    if (watch) {
      watching = edge.watch(read, view::tell);
    }
    tally.problems(read.problems());
    vpc = complete(ec2, interfaces, read.facts());
    if (watch) {
      // What came since the lists were read counts before anything is sent.
      view.apply();
    }
    return view.facts();
  }

  /** ● Reads everything anew for a release. The watched view goes on by its own events. */
  ClusterFacts readAgain() {
    AddressEdge ec2 = ec2();
    SortedMap<String, MultusInterface> interfaces = ec2.interfaces(config.cluster());
    Reading read = kube().read(config.reconciliation().sources());
    vpc = complete(ec2, interfaces, read.facts());
    return read.facts();
  }

  private VpcFacts complete(
      AddressEdge ec2, SortedMap<String, MultusInterface> interfaces, ClusterFacts cluster) {
    Set<String> subnets = new TreeSet<>();
    Set<String> instances = new TreeSet<>();
    for (MultusInterface one : interfaces.values()) {
      subnets.add(one.subnetId());
      one.place().ifPresent(place -> instances.add(place.instanceId()));
    }
    Set<String> types = new TreeSet<>();
    for (WorkerNode node : cluster.nodes().values()) {
      if (node.instanceId().filter(instances::contains).isPresent()) {
        node.instanceType().ifPresent(types::add);
      }
    }
    return new VpcFacts(
        ownChanges.over(interfaces, time.now()), ec2.subnets(subnets), ec2.limits(types));
  }

  /**
   * ● Learns the interfaces of an instance that had none when everything was read.
   *
   * @return whether it has some now
   */
  boolean learnInterfaces(String instanceId) {
    AddressEdge ec2 = ec2();
    SortedMap<String, MultusInterface> interfaces =
        new TreeMap<>((Map<String, MultusInterface>) vpc.interfaces());
    boolean some = false;
    for (MultusInterface one : ec2.interfacesOf(config.cluster(), instanceId)) {
      interfaces.put(one.networkInterfaceId(), one);
      some = true;
    }
    if (some) {
      vpc = complete(ec2, interfaces, view.facts());
    }
    return some;
  }

  /**
   * ◆ ● Decides and carries out; where addresses turn out to be elsewhere than they were read,
   * where some can't be had, or where releases made room, decides again.
   *
   * @param facts the cluster
   * @param earlier what earlier looks found
   * @param viewAge how old the view may be that the decision is made from
   */
  Looked look(ClusterFacts facts, EarlierLooks earlier, ViewAge viewAge) {
    for (int round = 1; ; round++) {
      boolean last = round >= ROUNDS || deadline.isOver();
      AddressDecision decision = decide(facts, earlier);
      AddressPlan plan = decision.plan();
      if (viewAge == ViewAge.AS_OLD_AS_THE_WATCH && !plan.movedFrom().isEmpty()) {
        MoveCheck.Checked checked = new MoveCheck(config.cluster(), ec2(), kube()).check(plan, vpc);
        vpc = checked.vpc();
        plan = checked.plan();
        if (checked.viewWasWrong() && !last) {
          continue;
        }
      }
      Carried carried =
          dryRun
              ? AddressSteps.asPlanned(plan, vpc)
              : new AddressSteps(config.cluster(), ec2(), deadline, backlog).carryOut(plan, vpc);
      vpc = carried.vpc();
      ownChanges.note(carried, time.now());
      holders.note(carried);
      refused.putAll(carried.refused());
      tally.add(decision, carried, refused);
      if (last || !(carried.viewWasWrong() || madeRoomForMore(decision, carried))) {
        return new Looked(decision, leftOf(decision), carried.unfinished().isEmpty());
      }
    }
  }

  /** ◆ Decides, without what is known to be refused: it would only take room from others. */
  private AddressDecision decide(ClusterFacts facts, EarlierLooks earlier) {
    while (true) {
      AddressDecision decision =
          AddressDecision.decide(config, facts, vpc, earlier.withRefused(refused.keySet()));
      Map<Seat, Unplaced> more =
          holders.stillRefused(decision.plan(), vpc, config.cluster(), ec2());
      if (more.isEmpty()) {
        return decision;
      }
      refused.putAll(more);
    }
  }

  /** Whether an address that found no room may find some now. */
  private static boolean madeRoomForMore(AddressDecision decision, Carried carried) {
    return !(carried.released().isEmpty() && carried.refused().isEmpty())
        && decision.plan().unplaced().stream()
            .anyMatch(one -> one.reason() == UnplacedReason.INTERFACE_FULL);
  }

  /** How old the view of the cluster and its interfaces may be. */
  enum ViewAge {
    /** It was read in this pass. */
    OF_THIS_PASS,
    /** It was read by a pass up to a period ago, and brought up to date by events since. */
    AS_OLD_AS_THE_WATCH
  }

  /**
   * What a look came to.
   *
   * @param decision the decision
   * @param stale the seats that nobody needs and that are there still
   * @param done whether every call worked
   */
  record Looked(AddressDecision decision, Set<Seat> stale, boolean done) {}

  private Set<Seat> leftOf(AddressDecision decision) {
    Set<Seat> left = new TreeSet<>(decision.plan().stale().keySet());
    left.removeIf(seat -> {
      MultusInterface one = vpc.interfaces().get(seat.networkInterfaceId());
      return one == null || !one.secondary().contains(seat.address());
    });
    return left;
  }

  private KubeEdge kube() {
    return kubernetes.edge(kubernetesCalls, deadline);
  }

  private AddressEdge ec2() {
    return aws.addresses(awsCalls, deadline);
  }

  /** The report of this part. */
  ReconcileReport report(ReconcileReport.Kind kind, Set<Seat> overdue) {
    return tally.report(kind, config.cluster(), overdue, calls(), millis(), dryRun);
  }

  /** The report of a part that could not read everything. */
  ReconcileReport unread(CallFailure failure) {
    Tally.Calls calls = calls();
    return ReconcileReport.unread(
        config.cluster(),
        new ReconcileReport.Guard(ReleaseGuard.Kind.UNREADABLE.name(), failure.explained()),
        calls.aws(),
        calls.kubernetes(),
        millis(),
        dryRun);
  }

  private Tally.Calls calls() {
    return new Tally.Calls(
        awsCalls.byAction(), kubernetesCalls.byRequest(), awsCalls.throttledCalls());
  }

  private long millis() {
    return Duration.between(began, time.now()).toMillis();
  }

  private void stopWatching() {
    Optional.ofNullable(watching).ifPresent(Watching::close);
    watching = null;
  }

  @Override
  public void close() {
    stopWatching();
  }
}
