// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import io.multuseni.aws.AwsClients;
import io.multuseni.aws.pacing.RetrySettings;
import io.multuseni.base.Time;
import io.multuseni.core.config.Network;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.report.AttachReport.AttachedInterface;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.ipreconcile.IpReconcileHandler;
import io.multuseni.ipreconcile.Sandbox;
import io.multuseni.ipreconcile.Telemetry;
import io.multuseni.kube.KubeClients;
import io.multuseni.localcloud.LocalCloud;
import io.multuseni.localcloud.ec2.InstanceView;
import io.multuseni.localcloud.ec2.InterfaceView;
import io.multuseni.localcluster.LocalCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The story of a demonstration after its launches: pods start on the nodes and the reconcile
 * function runs; then one pod moves, one is deleted, and the function runs again. What has become
 * of it is read from the cloud.
 */
final class DemoReconcileFlow {
  /** EC2 admits five calls a second, so that thousands of interfaces take many minutes. */
  private static final Duration TIMEOUT = Duration.ofHours(1);

  private final LocalCloud cloud;
  private final ProvisionerConfig config;
  private final Progress progress;

  DemoReconcileFlow(LocalCloud cloud, ProvisionerConfig config, Progress progress) {
    this.cloud = cloud;
    this.config = config;
    this.progress = progress;
  }

  /**
   * Tells it.
   *
   * @param instanceIds the nodes' instances, all with their interfaces
   * @param slots a node's slots as the attach function reports them
   */
  List<DemoResult.Reconciled> run(List<String> instanceIds, List<AttachedInterface> slots) {
    List<InstanceView> instances =
        cloud.world().instances().stream().filter(one -> instanceIds.contains(one.id())).toList();
    Time time = Time.system();
    try (LocalCluster cluster = LocalCluster.start();
        AwsClients aws = AwsClients.emulator(cloud.endpoint(), RetrySettings.standard(), time);
        KubeClients kubernetes = KubeClients.at(cluster.endpoint(), time)) {
      IpReconcileHandler function =
          new IpReconcileHandler(
              new Sandbox(config, aws, kubernetes, time, Telemetry.none(), false));
      DemoPods pods = new DemoPods(cluster.world(), instances, slots);
      return List.of(started(pods, function), changed(pods, function));
    }
  }

  private DemoResult.Reconciled started(DemoPods pods, IpReconcileHandler function) {
    pods.start();
    DemoVerdict.Changes changes =
        new DemoVerdict.Changes(pods.running(), Optional.empty(), Optional.empty());
    return reconciled(
        "%d pod(s) have started".formatted(pods.running().size()),
        pods,
        changes,
        pods.running(),
        function);
  }

  private DemoResult.Reconciled changed(DemoPods pods, IpReconcileHandler function) {
    Optional<DemoPods.Pod> moved = pods.moveOne();
    Optional<DemoPods.Pod> deleted = pods.deleteOne(moved.map(DemoPods.Pod::name));
    DemoVerdict.Changes changes = new DemoVerdict.Changes(List.of(), moved, deleted);
    List<DemoPods.Pod> shown =
        pods.running().stream()
            .filter(pod -> moved.filter(one -> one.name().equals(pod.name())).isPresent())
            .collect(Collectors.toCollection(ArrayList::new));
    List<String> story = new ArrayList<>();
    story.add(
        moved
            .map(pod ->
                "pod %s went from %s to %s"
                    .formatted(pod.ref(), pod.node().name(), shown.getFirst().node().name()))
            .orElse("no zone has two nodes, so no pod can move"));
    deleted.ifPresent(pod -> {
      shown.add(pod);
      story.add("pod %s was deleted with its reservation".formatted(pod.ref()));
    });
    return reconciled(String.join("; ", story), pods, changes, shown, function);
  }

  /** ● Lets the function run, and ◆ judges what the cloud has become. */
  private DemoResult.Reconciled reconciled(
      String story,
      DemoPods pods,
      DemoVerdict.Changes changes,
      List<DemoPods.Pod> shown,
      IpReconcileHandler function) {
    List<InterfaceView> before = cloud.world().interfaces();
    ReconcileReport report =
        Waiting.during(
            progress,
            "the reconcile function is at work on %d pod(s)".formatted(pods.running().size()),
            () ->
                function.handleRequest(null, new FunctionContext("multus-eni-reconcile", TIMEOUT)));
    List<InterfaceView> after = cloud.world().interfaces();
    Map<String, Boolean> sourceDestCheck =
        config.nodeGroups().getFirst().networks().stream()
            .collect(Collectors.toMap(Network::name, Network::sourceDestCheck));
    DemoVerdict.Seen seen = new DemoVerdict.Seen(after, sourceDestCheck);
    List<DemoResult.Seat> seats =
        shown.stream()
            .map(pod ->
                new DemoResult.Seat(
                    pod.ref(),
                    pod.address(),
                    pods.running().contains(pod) ? pod.node().name() : "(deleted)",
                    seen.at(pod).map(InterfaceView::id).orElse("-"),
                    pod.deviceIndex(),
                    seen.whyNotRoutable(pod).isEmpty()))
            .toList();
    return new DemoResult.Reconciled(
        story, report, seats, DemoVerdict.problems(pods.running(), changes, report, before, seen));
  }
}
