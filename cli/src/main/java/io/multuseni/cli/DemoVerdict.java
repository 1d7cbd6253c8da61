// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import io.multuseni.core.config.Tags;
import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.AttachReport.AttachedInterface;
import io.multuseni.core.report.ReconcileReport;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.autoscaling.LifecycleActionView;
import io.multuseni.localcloud.ec2.AttachmentView;
import io.multuseni.localcloud.ec2.InstanceView;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * ◆ Whether nodes and addresses are what they should be: by the cloud, not by what the functions
 * say of themselves.
 */
final class DemoVerdict {
  private DemoVerdict() {}

  /**
   * What is wrong with a node.
   *
   * @param networks how many networks it should have, at device indexes from 1
   * @param report what the function says
   * @param instance the instance in the cloud
   * @param action its lifecycle action in the cloud
   * @return nothing where the node is right
   */
  static List<String> problems(
      int networks, AttachReport report, InstanceView instance, LifecycleActionView action) {
    if (report.outcome() != AttachReport.Outcome.CONTINUE) {
      return List.of(
          "instance %s: %s %s".formatted(instance.id(), report.outcome(), report.reason()));
    }
    List<String> problems = new ArrayList<>();
    if (action.state() != ActionState.CONTINUED) {
      problems.add(
          "instance %s: its lifecycle action is %s".formatted(instance.id(), action.state()));
    }
    for (int index = 1; index <= networks; index++) {
      problem(index, report, instance)
          .ifPresent(text -> problems.add("instance %s: %s".formatted(instance.id(), text)));
    }
    int beyond = instance.interfaces().size() - 1 - networks;
    if (beyond > 0) {
      problems.add("instance %s: %d interface(s) too many".formatted(instance.id(), beyond));
    }
    return problems;
  }

  private static Optional<String> problem(int index, AttachReport report, InstanceView instance) {
    Optional<InterfaceView> at =
        instance.interfaces().stream()
            .filter(one -> one.attachment().map(AttachmentView::deviceIndex).orElse(0) == index)
            .findFirst();
    if (at.isEmpty()) {
      return Optional.of("nothing is attached at device index " + index);
    }
    InterfaceView found = at.get();
    if (!found.attachment().map(AttachmentView::status).orElse("").equals("attached")) {
      return Optional.of(found.id() + " at device index " + index + " is not attached yet");
    }
    if (!found.attachment().map(AttachmentView::deleteOnTermination).orElse(false)) {
      return Optional.of(found.id() + " would outlive its instance");
    }
    if (!"true".equals(found.tags().get(Tags.NO_MANAGE))
        || !"true".equals(found.tags().get(Tags.NO_MANAGE_PLAIN))) {
      return Optional.of(found.id() + " lacks a tag that keeps the VPC CNI off");
    }
    boolean reported =
        report.interfaces().stream()
            .filter(one -> one.deviceIndex() == index)
            .map(AttachedInterface::networkInterfaceId)
            .anyMatch(found.id()::equals);
    return reported
        ? Optional.empty()
        : Optional.of("the report doesn't have " + found.id() + " at device index " + index);
  }

  /**
   * What happened to pods before a run of the reconcile function.
   *
   * @param started pods that are new
   * @param moved a pod that is on another node now, as it was before
   * @param deleted a pod that is no more, with its reservation
   */
  record Changes(
      List<DemoPods.Pod> started, Optional<DemoPods.Pod> moved, Optional<DemoPods.Pod> deleted) {
    Changes {
      started = List.copyOf(started);
    }
  }

  /** The interfaces of a cloud at one time. */
  static final class Seen {
    private final List<InterfaceView> interfaces;
    private final Map<String, Boolean> sourceDestCheck;
    private final Map<String, InterfaceView> byPlace = new HashMap<>();
    private final Map<String, String> holders = new HashMap<>();

    /**
     * Takes what is there.
     *
     * @param interfaces all of them
     * @param sourceDestCheck what is configured, by network
     */
    Seen(List<InterfaceView> interfaces, Map<String, Boolean> sourceDestCheck) {
      this.interfaces = List.copyOf(interfaces);
      this.sourceDestCheck = Map.copyOf(sourceDestCheck);
      for (InterfaceView one : interfaces) {
        one.attachment()
            .ifPresent(at -> byPlace.put(place(at.instanceId(), at.deviceIndex()), one));
        one.secondaryAddresses().forEach(address -> holders.put(address, one.id()));
      }
    }

    /** The interface in the slot of a pod's network on its node. */
    Optional<InterfaceView> at(DemoPods.Pod pod) {
      return Optional.ofNullable(byPlace.get(place(pod.node().instance().id(), pod.deviceIndex())));
    }

    /** Why packets for a pod's address don't get to it; empty where they do. */
    Optional<String> whyNotRoutable(DemoPods.Pod pod) {
      String node = pod.node().name();
      Optional<InterfaceView> at = at(pod);
      if (at.isEmpty()) {
        return Optional.of(
            "nothing is attached at device index %d of %s".formatted(pod.deviceIndex(), node));
      }
      InterfaceView eni = at.get();
      String attachment = eni.attachment().map(AttachmentView::status).orElse("not attached");
      if (!eni.status().equals("in-use") || !attachment.equals("attached")) {
        return Optional.of("%s is %s and %s".formatted(eni.id(), eni.status(), attachment));
      }
      boolean configured = sourceDestCheck.getOrDefault(pod.network(), false);
      if (eni.sourceDestCheck() != configured) {
        return Optional.of(
            "sourceDestCheck of %s is %s and should be %s"
                .formatted(eni.id(), eni.sourceDestCheck(), configured));
      }
      if (!eni.secondaryAddresses().contains(pod.address())) {
        return Optional.of(
            "it is on %s and belongs on %s, at device index %d of %s"
                .formatted(
                    holders.getOrDefault(pod.address(), "no interface"),
                    eni.id(),
                    pod.deviceIndex(),
                    node));
      }
      return Optional.empty();
    }

    private static String place(String instanceId, int deviceIndex) {
      return instanceId + "/" + deviceIndex;
    }
  }

  /**
   * What is wrong after a run of the reconcile function.
   *
   * @param running the pods that run
   * @param changes what happened to pods before the run
   * @param report what the function says
   * @param before the cloud's interfaces before the run
   * @param after the cloud after it
   * @return nothing where each pod's address is on its interface, no other address is on any, the
   *     function changed what it had to and nothing else, and its report says so
   */
  static List<String> problems(
      List<DemoPods.Pod> running,
      Changes changes,
      ReconcileReport report,
      List<InterfaceView> before,
      Seen after) {
    List<String> problems = new ArrayList<>();
    Map<String, Set<String>> wanted = new HashMap<>();
    for (DemoPods.Pod pod : running) {
      after
          .whyNotRoutable(pod)
          .ifPresent(why ->
              problems.add(
                  "pod %s: its address %s is not routable: %s"
                      .formatted(pod.ref(), pod.address(), why)));
      after
          .at(pod)
          .ifPresent(
              eni -> wanted.computeIfAbsent(eni.id(), id -> new TreeSet<>()).add(pod.address()));
    }
    for (InterfaceView eni : after.interfaces) {
      Set<String> extra = new TreeSet<>(eni.secondaryAddresses());
      extra.removeAll(wanted.getOrDefault(eni.id(), Set.of()));
      if (!extra.isEmpty()) {
        problems.add("%s has addresses of nobody: %s".formatted(eni.id(), extra));
      }
    }
    if (!besidesSecondaryAddresses(before).equals(besidesSecondaryAddresses(after.interfaces))) {
      problems.add("the reconcile function changed more of the interfaces than their addresses");
    }
    problems.addAll(problems(changes, report));
    return problems;
  }

  private static Map<String, List<Object>> besidesSecondaryAddresses(List<InterfaceView> all) {
    Map<String, List<Object>> rest = new HashMap<>();
    for (InterfaceView one : all) {
      rest.put(
          one.id(),
          List.of(
              one.status(),
              one.sourceDestCheck(),
              one.groupIds(),
              one.tags(),
              one.primaryAddress(),
              one.ipv6Addresses(),
              one.attachment()));
    }
    return rest;
  }

  /** Whether the function says that it changed what it had to, and nothing else. */
  private static List<String> problems(Changes changes, ReconcileReport report) {
    List<String> problems = new ArrayList<>();
    List<Told> told =
        List.of(
            new Told(
                "assigned",
                report.assigned().stream().map(ReconcileReport.Assigned::address).toList(),
                changes.started()),
            new Told(
                "moved",
                report.moved().stream().map(ReconcileReport.Moved::address).toList(),
                changes.moved().stream().toList()),
            new Told(
                "released",
                report.released().stream().map(ReconcileReport.Released::address).toList(),
                changes.deleted().stream().toList()));
    for (Told one : told) {
      List<String> expected = one.pods().stream().map(DemoPods.Pod::address).sorted().toList();
      List<String> reported = one.addresses().stream().sorted().toList();
      if (!reported.equals(expected)) {
        problems.add(
            "the report has %s as %s; expected: %s".formatted(reported, one.what(), expected));
      }
    }
    ReconcileReport.Guard guard = report.guard();
    if (guard != null) {
      problems.add("reconciliation: %s: %s".formatted(guard.kind(), guard.message()));
    }
    report
        .unplaced()
        .forEach(one ->
            problems.add(
                "pod %s: %s is unplaced: %s: %s"
                    .formatted(one.podRef(), one.address(), one.reason(), one.message())));
    report
        .pendingRelease()
        .forEach(one ->
            problems.add("%s still has %s".formatted(one.networkInterfaceId(), one.address())));
    report.unfinished().forEach(text -> problems.add("unfinished: " + text));
    problems.addAll(report.problems());
    Integer drift = report.drift();
    if (drift == null || drift != 0) {
      problems.add("the report's drift is %s".formatted(drift == null ? "unknown" : drift));
    }
    return problems;
  }

  private record Told(String what, List<String> addresses, List<DemoPods.Pod> pods) {}
}
