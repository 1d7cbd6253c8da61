// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import io.multuseni.core.config.Tags;
import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.AttachReport.AttachedInterface;
import io.multuseni.localcloud.autoscaling.ActionState;
import io.multuseni.localcloud.autoscaling.LifecycleActionView;
import io.multuseni.localcloud.ec2.AttachmentView;
import io.multuseni.localcloud.ec2.InstanceView;
import io.multuseni.localcloud.ec2.InterfaceView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** ◆ Whether a node is what it should be: by the cloud, not by what the function says of itself. */
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
}
