// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import io.multuseni.aws.AddressEdge;
import io.multuseni.aws.AwsClients;
import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.base.Deadline;
import io.multuseni.base.Time;
import io.multuseni.core.address.AddressDecision;
import io.multuseni.core.address.AddressPlan;
import io.multuseni.core.address.ClusterPart;
import io.multuseni.core.address.EarlierLooks;
import io.multuseni.core.address.MultusInterface;
import io.multuseni.core.address.ReleaseGuard;
import io.multuseni.core.address.ReservationReader;
import io.multuseni.core.address.Reservations;
import io.multuseni.core.address.Seat;
import io.multuseni.core.address.Unplaced;
import io.multuseni.core.address.UnplacedReason;
import io.multuseni.core.address.VpcFacts;
import io.multuseni.core.cluster.ClusterFacts;
import io.multuseni.core.cluster.PodRef;
import io.multuseni.core.cluster.WorkerNode;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.ip.IpAddress;
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
import java.util.HashSet;
import java.util.List;
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

  /** So long a watcher's calls may take, their repetitions included. */
  private static final Duration WATCHER_WAITS = Duration.ofSeconds(15);

  private final ProvisionerConfig config;
  private final AwsClients aws;
  private final KubeClients kubernetes;
  private final Time time;
  private final Deadline deadline;
  private final boolean dryRun;
  private final Set<String> backlog;
  private final HolderMemory holders;

  private Instant began;
  private CallCounter awsCalls;
  private KubeCallCounter kubernetesCalls = new KubeCallCounter();
  private Tally tally = new Tally();

  private @Nullable Watching watching;

  /** Watches that ended as soon as they began. */
  private List<String> lost = List.of();

  private ClusterView view = new ClusterView(ClusterFacts.EMPTY);

  private Set<String> instancesRead = Set.of();

  /** What can't be had until everything is read again, by seat. */
  private final Map<Seat, Unplaced> refused = new HashMap<>();

  private final OwnChanges ownChanges;
  private VpcFacts vpc = new VpcFacts(new TreeMap<>(), Map.of(), Map.of());

  Look(
      ProvisionerConfig config,
      AwsClients aws,
      KubeClients kubernetes,
      Time time,
      Deadline deadline,
      CallCounter awsCalls,
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
    this.awsCalls = awsCalls;
    this.dryRun = dryRun;
    this.ownChanges = dryRun ? OwnChanges.neverShown() : OwnChanges.shownLate();
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

  /** The watches that ended right after the last reading, with the cause; told once. */
  List<String> takeLost() {
    List<String> taken = lost;
    lost = List.of();
    return taken;
  }

  boolean isWatching() {
    return watching != null;
  }

  /** ● Reads everything, and begins to watch from there if that is wanted. */
  ClusterFacts readAll(boolean watch) {
    stopWatching();
    refused.clear();
    AddressEdge ec2 = ec2();
    SortedMap<String, MultusInterface> interfaces = ec2.interfaces(config.cluster());
    KubeEdge edge = kube();
    Reading read = edge.read(config.reconciliation().sources());
    view = new ClusterView(read.facts());
    if (watch) {
      watching = edge.watch(read, view::tell);
      instancesRead = instancesOf(read.facts());
    }
    tally.problems(read.problems());
    vpc = complete(ec2, interfaces, read.facts());
    if (watch) {
      // What came since the lists were read counts before anything is sent.
      lost = view.apply().lost();
    }
    return view.facts();
  }

  private static Set<String> instancesOf(ClusterFacts cluster) {
    Set<String> instances = new HashSet<>();
    cluster.nodes().values().forEach(node -> node.instanceId().ifPresent(instances::add));
    return instances;
  }

  /** Whether the instance was a node when everything was read, so that its interfaces are known. */
  boolean hasRead(String instanceId) {
    return instancesRead.contains(instanceId);
  }

  /** ● Reads everything anew for a release. The watched view goes on by its own events. */
  private ClusterFacts readAgain() {
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
      AddressDecision decision = decide(facts, vpc, earlier);
      Carried carried = carryOut(decision.plan(), viewAge);
      tally.add(decision, carried, allRefused(carried));
      if (last || !(carried.viewWasWrong() || madeRoomForMore(decision, carried))) {
        return new Looked(decision, leftOf(decision), carried.unfinished().isEmpty());
      }
    }
  }

  private Map<Seat, Unplaced> allRefused(Carried carried) {
    Map<Seat, Unplaced> all = new HashMap<>(refused);
    all.putAll(carried.refused());
    return all;
  }

  /**
   * ◆ ● Looks again at everything, read anew, and releases what both looks agree on. Reservations
   * are read a last time before a release leaves: reading pods takes seconds, in which whereabouts
   * may give an address to the next pod.
   *
   * @param staleBefore seats that were stale at the earlier look
   * @param graceOver seats among them whose grace is over
   */
  Looked lookAgain(Set<Seat> staleBefore, Set<Seat> graceOver) {
    ClusterFacts facts = readAgain();
    EarlierLooks earlier = new EarlierLooks(staleBefore, graceOver, Set.of());
    AddressPlan plan = decide(facts, vpc, earlier).plan();
    if (!plan.releases()) {
      return look(facts, earlier, ViewAge.OF_THIS_PASS);
    }
    Set<IpAddress> justReserved =
        addresses(kube().reservationsAgain(facts, config.reconciliation().sources()));
    justReserved.removeAll(addresses(facts));
    Set<Seat> both = new HashSet<>(plan.stale().keySet());
    both.retainAll(staleBefore);
    both.removeIf(seat -> justReserved.contains(seat.address()));
    return look(facts, new EarlierLooks(both, graceOver, Set.of()), ViewAge.OF_THIS_PASS);
  }

  private Set<IpAddress> addresses(ClusterFacts facts) {
    Set<IpAddress> addresses = new HashSet<>();
    Reservations read = ReservationReader.read(facts, config.reconciliation());
    read.reservations().forEach(one -> addresses.add(one.address()));
    addresses.addAll(read.undecided());
    return addresses;
  }

  /**
   * ◆ ● Gives some pods at once what nobody has: decides over what concerns them alone. It neither
   * moves nor releases; what it leaves open, the next look over everything finds.
   */
  void serve(Set<PodRef> pods) {
    ClusterPart part = ClusterPart.around(pods, view.facts(), vpc);
    AddressDecision decision = decide(part.cluster(), part.vpc(), EarlierLooks.NONE);
    AddressPlan plan = decision.plan().without(decision.plan().movedFrom().keySet());
    tally.addServed(decision, carryOut(plan, ViewAge.AS_OLD_AS_THE_WATCH));
  }

  /** ● Carries a plan out; what a watcher moves is read anew before. */
  private Carried carryOut(AddressPlan decided, ViewAge viewAge) {
    AddressPlan plan = decided;
    Optional<MoveCheck.Checked> checked = Optional.empty();
    if (viewAge == ViewAge.AS_OLD_AS_THE_WATCH && !plan.movedFrom().isEmpty()) {
      checked = Optional.of(new MoveCheck(config.cluster(), ec2(), kube()).check(plan, vpc));
      vpc = checked.get().vpc();
      plan = checked.get().plan();
    }
    Carried carried =
        dryRun ? AddressSteps.asPlanned(plan, vpc) : steps(viewAge).carryOut(plan, vpc);
    checked.ifPresent(carried::note);
    vpc = carried.vpc();
    ownChanges.note(carried, time.now());
    holders.note(carried);
    carried
        .refused()
        .forEach((seat, why) -> {
          // An interface that is full may have room at the next look.
          if (why.reason() != UnplacedReason.INTERFACE_FULL) {
            refused.put(seat, why);
          }
        });
    return carried;
  }

  /** A watcher must not hang on one interface while events come. */
  private AddressSteps steps(ViewAge viewAge) {
    Deadline soon = Deadline.in(time, WATCHER_WAITS);
    Deadline own =
        viewAge == ViewAge.AS_OLD_AS_THE_WATCH && soon.end().isBefore(deadline.end())
            ? soon
            : deadline;
    return new AddressSteps(config.cluster(), aws.addresses(awsCalls, own), own, backlog);
  }

  /** ◆ Decides, without what is known to be refused: it would only take room from others. */
  private AddressDecision decide(ClusterFacts facts, VpcFacts of, EarlierLooks earlier) {
    while (true) {
      AddressDecision decision =
          AddressDecision.decide(config, facts, of, earlier.withRefused(refused.keySet()));
      Map<Seat, Unplaced> more = holders.stillRefused(decision.plan(), of, config.cluster(), ec2());
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

  /** As if nothing had been looked at. */
  Looked nothing() {
    return new Looked(
        AddressDecision.decide(config, ClusterFacts.EMPTY, vpc, EarlierLooks.NONE), Set.of(), true);
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
    left.removeIf(seat -> !vpc.holds(seat));
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
    if (tally.changes() > 0) {
      tally.unfinished(failure.explained());
      return report(ReconcileReport.Kind.PASS, Set.of());
    }
    Tally.Calls calls = calls();
    return ReconcileReport.unread(
        config.cluster(),
        new ReconcileReport.Guard(ReleaseGuard.Kind.UNREADABLE.name(), failure.explained()),
        calls.aws(),
        calls.kubernetes(),
        millis(),
        calls.throttled(),
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
