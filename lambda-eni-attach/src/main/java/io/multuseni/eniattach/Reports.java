// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import io.multuseni.core.attach.AttachDecision;
import io.multuseni.core.attach.AttachmentPlan;
import io.multuseni.core.attach.Outcome;
import io.multuseni.core.attach.PlannedInterface;
import io.multuseni.core.attach.Progress;
import io.multuseni.core.attach.Refusal;
import io.multuseni.core.event.Incoming;
import io.multuseni.core.node.InterfaceFacts;
import io.multuseni.core.node.NodeFacts;
import io.multuseni.core.node.SubnetFacts;
import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.AttachReport.AttachedInterface;
import io.multuseni.core.slot.InterfaceName;
import io.multuseni.core.slot.Prediction;
import io.multuseni.core.slot.SlotPredictor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes the report of a run.
 *
 * @param run the run
 */
record Reports(Invocation run) {
  AttachReport ignored(Incoming.NotForUs event) {
    return report(
        event.instanceId().orElse(null),
        null,
        event.autoScalingGroup().orElse(null),
        event.lifecycleHook().orElse(null),
        AttachReport.Outcome.IGNORED,
        event.reason().name(),
        event.message(),
        List.of(),
        false);
  }

  AttachReport of(
      Incoming.Action action,
      Optional<NodeFacts> known,
      Outcome outcome,
      List<Progress.ServedInterface> served,
      boolean completed) {
    List<AttachedInterface> interfaces =
        served.stream()
            .map(one ->
                attached(action, known, one.planned(), Optional.of(one.found()), one.created()))
            .toList();
    String observed = action.ours() ? "" : "; no lifecycle action of ours, none completed";
    String over =
        action.ours() && !completed && !run.dryRun()
            ? "; its lifecycle action was over already"
            : "";
    return switch (outcome) {
      case Outcome.Continue() ->
          report(
              action,
              known,
              AttachReport.Outcome.CONTINUE,
              null,
              (interfaces.isEmpty()
                      ? "nothing is left to do for instance " + action.instanceId()
                      : "all %d network interfaces of instance %s are at their place"
                          .formatted(interfaces.size(), action.instanceId()))
                  + observed
                  + over,
              interfaces,
              completed);
      case Outcome.Abandon(var reason, String message) ->
          report(
              action,
              known,
              AttachReport.Outcome.ABANDON,
              reason.name(),
              message + observed,
              interfaces,
              completed);
      case Outcome.Retry(String reason, String message) ->
          report(
              action,
              known,
              AttachReport.Outcome.RETRY,
              reason,
              message + observed,
              interfaces,
              false);
      case Outcome.Ignored(var reason, String message) ->
          report(
              action,
              known,
              AttachReport.Outcome.IGNORED,
              reason.name(),
              message,
              interfaces,
              false);
    };
  }

  AttachReport planned(Incoming.Action action, NodeFacts node, AttachDecision decision) {
    Optional<NodeFacts> known = Optional.of(node);
    return switch (decision) {
      case Refusal refusal ->
          report(
              action,
              known,
              AttachReport.Outcome.ABANDON,
              refusal.reason().name(),
              "dry run, nothing changed: " + refusal.explained(),
              List.of(),
              false);
      case AttachmentPlan plan ->
          report(
              action,
              known,
              AttachReport.Outcome.CONTINUE,
              null,
              "dry run, nothing changed: %d of %d network interfaces would be created for instance %s"
                  .formatted(
                      plan.interfaces().stream().filter(PlannedInterface::needsCreate).count(),
                      plan.interfaces().size(),
                      action.instanceId()),
              plan.interfaces().stream()
                  .map(one -> attached(action, known, one, one.existing(), false))
                  .toList(),
              false);
    };
  }

  private static AttachedInterface attached(
      Incoming.Action action,
      Optional<NodeFacts> known,
      PlannedInterface planned,
      Optional<InterfaceFacts> found,
      boolean created) {
    Optional<Prediction> prediction =
        known.flatMap(node ->
            SlotPredictor.predict(
                node.limits().instanceType(), action.nodeGroup(), planned.slot()));
    return new AttachedInterface(
        planned.network().name(),
        planned.slot().deviceIndex(),
        planned.slot().networkCardIndex(),
        found.map(InterfaceFacts::networkInterfaceId).orElse(null),
        found
            .map(InterfaceFacts::subnetId)
            .or(() -> planned.subnets().stream().map(SubnetFacts::subnetId).findFirst())
            .orElse(null),
        found.map(InterfaceFacts::macAddress).orElse(null),
        found.flatMap(InterfaceFacts::privateIpAddress).orElse(null),
        found.map(InterfaceFacts::ipv6Addresses).orElse(List.of()),
        prediction.map(one -> one.pciBusId().value()).orElse(null),
        prediction.flatMap(Prediction::interfaceName).map(InterfaceName::value).orElse(null),
        created);
  }

  private AttachReport report(
      Incoming.Action action,
      Optional<NodeFacts> known,
      AttachReport.Outcome outcome,
      @Nullable String reason,
      String message,
      List<AttachedInterface> interfaces,
      boolean completed) {
    return report(
        action.instanceId(),
        known.map(NodeFacts::availabilityZone).orElse(null),
        action.autoScalingGroup(),
        action.lifecycleHook(),
        outcome,
        reason,
        message,
        interfaces,
        completed);
  }

  private AttachReport report(
      @Nullable String instanceId,
      @Nullable String zone,
      @Nullable String autoScalingGroup,
      @Nullable String lifecycleHook,
      AttachReport.Outcome outcome,
      @Nullable String reason,
      String message,
      List<AttachedInterface> interfaces,
      boolean completed) {
    String notes = run.notes().isEmpty() ? "" : " (" + String.join("; ", run.notes()) + ")";
    return new AttachReport(
        instanceId,
        zone,
        autoScalingGroup,
        lifecycleHook,
        outcome,
        reason,
        message + notes,
        interfaces,
        run.counter().byAction(),
        run.elapsed().toMillis(),
        run.counter().throttledCalls(),
        run.dryRun(),
        completed);
  }
}
