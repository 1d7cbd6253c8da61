// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.report.AttachReport;
import io.multuseni.localcloud.LocalCloud;
import io.multuseni.localcloud.Settings;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.autoscaling.LifecycleActionView;
import io.multuseni.localcloud.ec2.InstanceView;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The story of a demonstration: a cloud is built, the functions are warmed, the group scales out,
 * and what has become of it is read from the cloud; then the addresses of pods are reconciled.
 */
final class DemoFlow {
  /** Lambda keeps about so many sandboxes of a function that is called in bursts. */
  private static final int MOST_WARM_SANDBOXES = 50;

  /** So many launches, and the JVM has compiled what a launch needs. */
  private static final int FEWEST_WARM_UPS = 12;

  /** The configuration gives a node up after that time. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private final DemoRequest request;
  private final Progress progress;

  DemoFlow(DemoRequest request, Progress progress) {
    this.request = request;
    this.progress = progress;
  }

  DemoResult run() throws InterruptedException {
    Settings quick = Settings.defaults().withReplaceAbandoned(false).withThrottling(false);
    try (LocalCloud cloud = LocalCloud.start(quick)) {
      ProvisionerConfig config = DemoScene.build(cloud.world(), request);
      DemoResult launched = launch(cloud, config);
      return launched.problems().isEmpty() ? reconcile(cloud, config, launched) : launched;
    }
  }

  private DemoResult launch(LocalCloud cloud, ProvisionerConfig config)
      throws InterruptedException {
    try (FunctionHost host = new FunctionHost(cloud.endpoint(), config)) {
      warmUp(cloud, host);
      cloud.reconfigure(
          cloud
              .settings()
              .withThrottling(true)
              .withLatency(request.latency())
              .withAttachTime(request.attachTime())
              .withBootTime(request.bootTime()));
      cloud.calls().clear();
      cloud.events().subscribe(host::deliver);
      host.startSweeping();

      Instant began = cloud.clock().now();
      List<String> nodes = cloud.world().scaleOut(DemoScene.GROUP, request.nodes());
      awaitEnd(cloud, host, began);
      return result(cloud, host, began, nodes);
    }
  }

  private DemoResult reconcile(LocalCloud cloud, ProvisionerConfig config, DemoResult launched) {
    List<String> nodes =
        launched.launches().stream().map(one -> one.report().instanceId()).toList();
    return launched.followedBy(
        new DemoReconcileFlow(cloud, config, progress)
            .run(nodes, launched.launches().getFirst().report().interfaces()));
  }

  /**
   * The figures are those of warm sandboxes, which most launches of a running cluster meet. The
   * token buckets are off meanwhile, so they are full when the scene begins.
   */
  private void warmUp(LocalCloud cloud, FunctionHost host) throws InterruptedException {
    int sandboxes = Math.min(request.nodes(), MOST_WARM_SANDBOXES);
    for (int done = 0; done < FEWEST_WARM_UPS; done += sandboxes) {
      progress.at(Instant.now(), "warming the functions up");
      int before = cloud.events().history().size();
      List<String> nodes = cloud.world().scaleOut(DemoScene.WARM_UP_GROUP, sandboxes);
      List<String> events = cloud.events().history();
      host.warmUp(events.subList(before, events.size()));
      Set<String> left = cloud.world().group(DemoScene.WARM_UP_GROUP).lifecycleStates().keySet();
      nodes.stream().filter(left::contains).forEach(cloud.world()::scaleIn);
    }
  }

  private void awaitEnd(LocalCloud cloud, FunctionHost host, Instant began)
      throws InterruptedException {
    Instant end = began.plus(LONGEST);
    while (Instant.now().isBefore(end)) {
      long waiting =
          actions(cloud).values().stream()
              .filter(action -> action.state() == ActionState.WAITING)
              .count();
      if (waiting == 0 && host.isIdle()) {
        break;
      }
      progress.at(
          Instant.now(),
          "%d of %d nodes are done, %d wait for another try, %d calls were throttled"
              .formatted(
                  request.nodes() - waiting,
                  request.nodes(),
                  host.waitingForRepetition(),
                  cloud.calls().throttled()));
      host.awaitChange(LOOK_EVERY);
    }
    progress.done();
  }

  private DemoResult result(
      LocalCloud cloud, FunctionHost host, Instant began, List<String> nodes) {
    Map<String, LifecycleActionView> actions = actions(cloud);
    Map<String, InstanceView> instances =
        cloud.world().instances().stream()
            .collect(Collectors.toMap(InstanceView::id, Function.identity()));
    Map<String, AttachReport> reports = host.reports();

    List<DemoResult.Launch> launches = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    Instant last = began;
    for (String node : nodes) {
      InstanceView instance = instances.get(node);
      LifecycleActionView action = actions.get(node);
      AttachReport report = reports.get(node);
      if (instance == null || action == null || report == null) {
        problems.add("instance " + node + " has no report");
        continue;
      }
      problems.addAll(DemoVerdict.problems(request.networks(), report, instance, action));
      launches.add(new DemoResult.Launch(report, seconds(action), tags(instance)));
      if (action.completedAt().filter(last::isBefore).isPresent()) {
        last = action.completedAt().get();
      }
    }
    problems.addAll(host.failures());
    return new DemoResult(
        launches,
        List.of(),
        new DemoResult.Totals(
            cloud.calls().counts(),
            cloud.calls().throttled(),
            seconds(Duration.between(began, last)),
            seconds(cloud.criticalPath(request.networks()))),
        problems);
  }

  private static Map<String, LifecycleActionView> actions(LocalCloud cloud) {
    Map<String, LifecycleActionView> byInstance = new HashMap<>();
    cloud.world().lifecycleActions().stream()
        .filter(action -> action.groupName().equals(DemoScene.GROUP))
        .forEach(action -> byInstance.put(action.instanceId(), action));
    return byInstance;
  }

  private static OptionalDouble seconds(LifecycleActionView action) {
    return action
        .completedAt()
        .map(at -> OptionalDouble.of(seconds(Duration.between(action.startedAt(), at))))
        .orElse(OptionalDouble.empty());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private static Map<String, Map<String, String>> tags(InstanceView instance) {
    Map<String, Map<String, String>> tags = new HashMap<>();
    for (InterfaceView one : instance.interfaces()) {
      tags.put(one.id(), one.tags());
    }
    return tags;
  }
}
