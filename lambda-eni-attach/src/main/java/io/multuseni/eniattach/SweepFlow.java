// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.aws.AutoScalingEdge;
import io.multuseni.aws.AwsClients;
import io.multuseni.aws.Ec2Edge;
import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.base.Deadline;
import io.multuseni.base.Parallel;
import io.multuseni.base.Time;
import io.multuseni.core.attach.SweepFacts;
import io.multuseni.core.attach.SweepPlan;
import io.multuseni.core.attach.SweepPlanner;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.config.Tags;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.event.Incoming;
import io.multuseni.core.node.GroupFacts;
import io.multuseni.core.node.InstanceSummary;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.SweepReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The story of one sweep: everything read, one plan, carried out part by part, reported. */
public final class SweepFlow {
  /** So many launches are seen through at a time: their calls share the account's token buckets. */
  private static final int LAUNCHES_AT_ONCE = 8;

  /** Left for a launch that is begun last; less than this, and it waits for the next sweep. */
  private static final Duration LAUNCH_NEEDS = Duration.ofSeconds(30);

  /** A launch in a sweep gives way to the next after this; it is tried again each minute. */
  private static final Duration LAUNCH_TAKES = Duration.ofSeconds(50);

  private final ProvisionerConfig config;
  private final AwsClients clients;
  private final Time time;
  private final boolean dryRun;
  private final AttachFlow attachFlow;

  /** When this sandbox recorded heartbeats; forgetting it costs a call and nothing else. */
  private final Map<String, Instant> heartbeats = new ConcurrentHashMap<>();

  /** Since when this sandbox has seen an instance wait; forgetting it costs patience only. */
  private final Map<String, Instant> waitingSince = new ConcurrentHashMap<>();

  /**
   * Takes what all sweeps share.
   *
   * @param config the configuration
   * @param clients the clients and caches of this sandbox
   * @param time the clock
   * @param dryRun whether to decide and report only
   */
  public SweepFlow(ProvisionerConfig config, AwsClients clients, Time time, boolean dryRun) {
    this.config = config;
    this.clients = clients;
    this.time = time;
    this.dryRun = dryRun;
    this.attachFlow = new AttachFlow(config, clients, time, dryRun);
  }

  /**
   * Sweeps once.
   *
   * @param deadline when the invocation ends
   * @return what was done
   * @throws CallFailure where something could not be read; then nothing was changed
   */
  public SweepReport run(Deadline deadline) {
    return run(deadline, new CallCounter());
  }

  /** As above, with the counter of what the invocation has called already. */
  SweepReport run(Deadline deadline, CallCounter counter) {
    Instant began = time.now();
    Deadline ownDeadline = deadline.earlierBy(AttachFlow.RESERVE);
    Ec2Edge ec2 = clients.ec2(counter, ownDeadline);
    AutoScalingEdge autoScaling = clients.autoScaling(counter, ownDeadline);

    SweepFacts facts = read(ec2, autoScaling);
    SweepPlan plan = SweepPlanner.plan(config, facts);

    // What is quick goes first, so that launches which hang can't keep it from being done.
    List<String> unfinished = new ArrayList<>();
    List<String> beaten = beat(plan, autoScaling, unfinished);
    List<AttachReport> terminations = seeThrough(plan.terminations(), deadline, unfinished);
    List<String> marked =
        change(plan.orphansToMark(), one -> mark(one, facts.now(), ec2), unfinished);
    List<String> deleted =
        change(
            plan.orphansToDelete(),
            one -> ec2.deleteUnlessGone(one.networkInterfaceId()),
            unfinished);
    List<AttachReport> launches =
        seeThrough(inTurn(plan.launches(), facts.now()), deadline, unfinished);

    return new SweepReport(
        beaten,
        launches,
        terminations,
        marked,
        deleted,
        plan.findings().stream()
            .map(one -> new SweepReport.Finding(one.kind().name(), one.resource(), one.message()))
            .toList(),
        unfinished,
        allCalls(counter, launches, terminations),
        Duration.between(began, time.now()).toMillis(),
        counter.throttledCalls()
            + launches.stream().mapToInt(AttachReport::throttled).sum()
            + terminations.stream().mapToInt(AttachReport::throttled).sum(),
        dryRun);
  }

  private SweepFacts read(Ec2Edge ec2, AutoScalingEdge autoScaling) {
    Parallel.Pair<List<SweepFacts.Claim>, List<InterfaceFacts>> read =
        Parallel.both(() -> autoScaling.claims(config), () -> ec2.ofCluster(config.cluster()));
    Set<String> named = new HashSet<>();
    read.first()
        .forEach(claim ->
            claim
                .found()
                .forEach(
                    group -> group.members().forEach(member -> named.add(member.instanceId()))));
    read.second().stream()
        .filter(one -> one.attachment().isEmpty())
        .flatMap(one -> Optional.ofNullable(one.tags().get(Tags.INSTANCE)).stream())
        .forEach(named::add);
    Map<String, InstanceSummary> instances = ec2.instances(named);
    heartbeats.keySet().retainAll(instances.keySet());
    Instant now = time.now();
    rememberWaiting(read.first(), now);
    return new SweepFacts(now, read.first(), read.second(), instances, heartbeats, waitingSince);
  }

  private void rememberWaiting(List<SweepFacts.Claim> claims, Instant now) {
    Set<String> waiting = new HashSet<>();
    claims.forEach(claim ->
        claim
            .found()
            .forEach(group ->
                group.members().stream()
                    .filter(GroupFacts.Member::waitsToLaunch)
                    .forEach(member -> waiting.add(member.instanceId()))));
    waitingSince.keySet().retainAll(waiting);
    waiting.forEach(instance -> waitingSince.putIfAbsent(instance, now));
  }

  private List<String> beat(SweepPlan plan, AutoScalingEdge autoScaling, List<String> unfinished) {
    return change(
        plan.heartbeats(),
        action -> {
          autoScaling.heartbeat(action);
          heartbeats.put(action.instanceId(), time.now());
          return action.instanceId();
        },
        unfinished);
  }

  /** Begins at another place each minute: the same few that hang must not starve the others. */
  private static <T> List<T> inTurn(List<T> items, Instant now) {
    List<T> turned = new ArrayList<>(items);
    long minute = now.getEpochSecond() / 60;
    Collections.rotate(turned, -(int) (minute * LAUNCHES_AT_ONCE % Math.max(1, items.size())));
    return turned;
  }

  private List<AttachReport> seeThrough(
      List<? extends Incoming> actions, Deadline deadline, List<String> unfinished) {
    List<AttachReport> reports = new ArrayList<>();
    for (int from = 0; from < actions.size(); from += LAUNCHES_AT_ONCE) {
      Duration left = deadline.left();
      if (left.compareTo(LAUNCH_NEEDS) < 0) {
        unfinished.add(
            "%d instance(s) wait for the next sweep, the time is up"
                .formatted(actions.size() - from));
        break;
      }
      Deadline own = left.compareTo(LAUNCH_TAKES) > 0 ? Deadline.in(time, LAUNCH_TAKES) : deadline;
      List<Incoming> part =
          List.copyOf(actions.subList(from, Math.min(actions.size(), from + LAUNCHES_AT_ONCE)));
      for (Parallel.Result<Incoming, AttachReport> result :
          Parallel.forEach(part, one -> attachFlow.run(one, own))) {
        switch (result) {
          case Parallel.Worked<Incoming, AttachReport>(var incoming, var report) ->
              reports.add(report);
          case Parallel.Failed<Incoming, AttachReport>(var incoming, var failure) ->
              unfinished.add(failure.explained());
        }
      }
    }
    return reports;
  }

  private static String mark(InterfaceFacts one, Instant now, Ec2Edge ec2) {
    SortedMap<String, String> tag = new TreeMap<>();
    tag.put(Tags.AVAILABLE_SINCE, now.toString());
    ec2.tag(one.networkInterfaceId(), tag);
    return one.networkInterfaceId();
  }

  private <T> List<String> change(
      List<T> items, Function<T, String> call, List<String> unfinished) {
    if (dryRun) {
      return List.of();
    }
    List<String> changed = new ArrayList<>();
    for (Parallel.Result<T, String> result : Parallel.forEach(items, call)) {
      switch (result) {
        case Parallel.Worked<T, String>(var item, String id) -> changed.add(id);
        case Parallel.Failed<T, String>(var item, var failure) ->
            unfinished.add(failure.explained());
      }
    }
    return changed;
  }

  private static SortedMap<String, Integer> allCalls(
      CallCounter own, List<AttachReport> launches, List<AttachReport> terminations) {
    SortedMap<String, Integer> all = new TreeMap<>((Map<String, Integer>) own.byAction());
    launches.forEach(report -> report.apiCalls().forEach((k, n) -> all.merge(k, n, Integer::sum)));
    terminations.forEach(
        report -> report.apiCalls().forEach((k, n) -> all.merge(k, n, Integer::sum)));
    return all;
  }
}
