// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

import io.multuseni.localcloud.events.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * The EventBridge events of Auto Scaling as JSON text (Auto Scaling user guide, event reference and
 * warm pool events).
 */
final class ScalingEvents {
  private final Random random;

  ScalingEvents(Random random) {
    this.random = random;
  }

  /** A hook holds an instance. */
  String lifecycleAction(ScalingOptions options, Group group, LifecycleAction action) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("LifecycleActionToken", action.token);
    detail.put("AutoScalingGroupName", group.name);
    detail.put("LifecycleHookName", action.hook.name());
    detail.put("EC2InstanceId", action.instanceId);
    detail.put("LifecycleTransition", action.journey.transition.text());
    action.hook.notificationMetadata().ifPresent(m -> detail.put("NotificationMetadata", m));
    detail.put("Origin", action.journey.origin);
    detail.put("Destination", action.journey.destination);
    String kind = action.journey.transition == Transition.LAUNCHING ? "launch" : "terminate";
    return envelope(
        options,
        "EC2 Instance-" + kind + " Lifecycle Action",
        List.of(group.arn),
        action.startedAt,
        detail);
  }

  /** A launch or a termination is over, well or not. */
  String result(ScalingOptions options, Member member, boolean successful, Instant now) {
    Activity activity = member.activity;
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("Availability Zone", member.zone);
    details.put("Subnet ID", member.subnetId);
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("StatusCode", successful ? "InProgress" : "Failed");
    if (successful) {
      detail.put("Description", activity.description);
    }
    detail.put("AutoScalingGroupName", member.group.name);
    detail.put("ActivityId", activity.id);
    detail.put("Details", details);
    detail.put("RequestId", activity.id);
    detail.put("StatusMessage", activity.statusMessage);
    detail.put("StartTime", seconds(activity.startTime));
    detail.put("EndTime", seconds(now));
    detail.put("EC2InstanceId", member.instanceId);
    detail.put("Cause", activity.cause);
    detail.put("Origin", member.journey.origin);
    detail.put("Destination", member.journey.destination);
    String kind = member.journey.transition == Transition.LAUNCHING ? "Launch" : "Terminate";
    List<String> resources = new ArrayList<>();
    resources.add(member.group.arn);
    resources.add(
        "arn:aws:ec2:"
            + options.region()
            + ":"
            + options.account()
            + ":instance/"
            + member.instanceId);
    return envelope(
        options,
        "EC2 Instance " + kind + (successful ? " Successful" : " Unsuccessful"),
        resources,
        now,
        detail);
  }

  private String envelope(
      ScalingOptions options,
      String detailType,
      List<String> resources,
      Instant time,
      Map<String, Object> detail) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("version", "0");
    event.put("id", new UUID(random.nextLong(), random.nextLong()).toString());
    event.put("detail-type", detailType);
    event.put("source", "aws.autoscaling");
    event.put("account", options.account());
    event.put("time", seconds(time));
    event.put("region", options.region());
    event.put("resources", resources);
    event.put("detail", detail);
    return Json.write(event);
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
