// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.multuseni.core.config.NodeGroup;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.event.Incoming.Action;
import io.multuseni.core.event.Incoming.LaunchAction;
import io.multuseni.core.event.Incoming.NotForUs;
import io.multuseni.core.event.Incoming.Place;
import io.multuseni.core.event.Incoming.SweepTick;
import io.multuseni.core.event.Incoming.TerminateAction;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sorts an event into {@link Incoming}. Nothing that comes in makes it throw: an event that is
 * broken or somebody else's becomes {@link NotForUs}, because a failed invocation would only be
 * retried to no avail.
 *
 * <p>The fields are those of the Auto Scaling user guide, "EventBridge event reference" and "warm
 * pool events"; {@code NotificationMetadata} isn't read.
 */
public final class IncomingParser {
  /** Detail type of a launch. */
  public static final String LAUNCH = "EC2 Instance-launch Lifecycle Action";

  /** Detail type of a termination. */
  public static final String TERMINATE = "EC2 Instance-terminate Lifecycle Action";

  private static final String AUTO_SCALING = "aws.autoscaling";
  private static final String TEST_NOTIFICATION = "autoscaling:TEST_NOTIFICATION";
  private static final Pattern INSTANCE_ID = Pattern.compile("i-([0-9a-f]{8}|[0-9a-f]{17})");

  /** An event may have 256 KB, and what is wrong with it is told by its beginning. */
  private static final int LONGEST_MESSAGE = 500;

  private static final String GROUP = "AutoScalingGroupName";
  private static final String HOOK = "LifecycleHookName";
  private static final String INSTANCE = "EC2InstanceId";
  private static final String TOKEN = "LifecycleActionToken";
  private static final String TRANSITION = "LifecycleTransition";
  private static final List<String> NEEDED = List.of(GROUP, HOOK, INSTANCE, TOKEN);

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final TypeReference<Map<String, @Nullable Object>> FIELDS =
      new TypeReference<>() {};

  private IncomingParser() {}

  /**
   * Sorts the text of an event.
   *
   * @param json the event as it arrived
   * @param config decides what is ours
   * @param receivedAt stands in for the time of an event that has none
   */
  public static Incoming parse(String json, ProvisionerConfig config, Instant receivedAt) {
    JsonNode tree;
    try {
      tree = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return malformed("the event is not JSON: " + firstLine(e.getOriginalMessage()));
    }
    if (!tree.isObject()) {
      return malformed("the event is not a JSON object");
    }
    if (TEST_NOTIFICATION.equals(tree.path("Event").textValue())) {
      return testNotification(Optional.ofNullable(tree.path(GROUP).textValue()));
    }
    JsonNode detail = tree.path("detail");
    Map<String, @Nullable Object> fields = new HashMap<>();
    if (detail.isObject()) {
      fields = JSON.convertValue(detail, FIELDS);
    } else if (!detail.isMissingNode()
        && !detail.isNull()
        && !isTick(tree.path("source").textValue(), tree.path("detail-type").textValue())) {
      // EventBridge Scheduler writes the detail of a tick as text, so a tick may pass.
      return malformed("the event's detail is not a JSON object");
    }
    return parse(
        new EventEnvelope(
            tree.path("source").textValue(),
            tree.path("detail-type").textValue(),
            time(tree.path("time").textValue()),
            fields),
        config,
        receivedAt);
  }

  /**
   * Sorts an event.
   *
   * @param event the event as it arrived
   * @param config decides what is ours
   * @param receivedAt stands in for the time of an event that has none
   */
  public static Incoming parse(EventEnvelope event, ProvisionerConfig config, Instant receivedAt) {
    Map<String, @Nullable Object> detail = event.detail();
    String source = event.source();
    String detailType = event.detailType();
    if (TEST_NOTIFICATION.equals(detail.get("Event"))
        || TEST_NOTIFICATION.equals(detail.get(TRANSITION))) {
      return testNotification(text(detail, GROUP));
    }
    if (isTick(source, detailType)) {
      return new SweepTick();
    }
    if (source == null || source.isBlank() || detailType == null || detailType.isBlank()) {
      return malformed("the event has no source or no detail-type");
    }
    boolean launch = detailType.equals(LAUNCH);
    if (!source.equals(AUTO_SCALING) || (!launch && !detailType.equals(TERMINATE))) {
      return ignored(
          IgnoredReason.OTHER_EVENT,
          "'" + detailType + "' of " + source + " is no lifecycle action of Auto Scaling",
          detail);
    }
    Optional<NotForUs> incomplete = incomplete(detail);
    if (incomplete.isPresent()) {
      return incomplete.get();
    }
    return action(detail, config, launch, event.time() == null ? receivedAt : event.time());
  }

  /** Goes on where every field that we need is there, as text. */
  private static Incoming action(
      Map<String, @Nullable Object> detail,
      ProvisionerConfig config,
      boolean launch,
      Instant since) {
    String group = text(detail, GROUP).orElseThrow();
    String hook = text(detail, HOOK).orElseThrow();
    String instance = text(detail, INSTANCE).orElseThrow();
    Optional<NodeGroup> claimant = config.claimantOf(group);
    if (claimant.isEmpty()) {
      return ignored(
          IgnoredReason.FOREIGN_GROUP,
          "no node group claims the Auto Scaling group '" + group + "'",
          detail);
    }
    NodeGroup nodeGroup = claimant.get();
    // One launch sends one event per hook of the group; only one of them is ours to answer.
    if (launch ? !nodeGroup.admitsLaunchHook(hook) : !hook.equals(NodeGroup.TERMINATE_HOOK)) {
      return ignored(
          IgnoredReason.FOREIGN_HOOK,
          "the lifecycle hook '"
              + hook
              + "' of '"
              + group
              + "' is not ours; "
              + (launch
                  ? expected(nodeGroup)
                  : "ours for terminations is " + NodeGroup.TERMINATE_HOOK),
          detail);
    }
    if (!INSTANCE_ID.matcher(instance).matches()) {
      return ignored(
          IgnoredReason.BAD_FIELD,
          INSTANCE + " '" + instance + "' is no instance id (i- and 8 or 17 hexadecimal digits)",
          detail);
    }
    String transition =
        launch ? "autoscaling:EC2_INSTANCE_LAUNCHING" : "autoscaling:EC2_INSTANCE_TERMINATING";
    Object said = detail.get(TRANSITION);
    if (said != null && !said.equals(transition)) {
      return ignored(
          IgnoredReason.BAD_FIELD,
          TRANSITION + " '" + said + "' contradicts the detail-type, which says " + transition,
          detail);
    }
    Action action =
        new Action(
            nodeGroup,
            group,
            hook,
            instance,
            text(detail, TOKEN),
            !launch || nodeGroup.completesLaunchHook(),
            since);
    Place origin = place(text(detail, "Origin"));
    Place destination = place(text(detail, "Destination"));
    return launch
        ? new LaunchAction(action, origin, destination)
        : new TerminateAction(action, origin, destination);
  }

  private static Optional<NotForUs> incomplete(Map<String, @Nullable Object> detail) {
    List<String> missing =
        NEEDED.stream()
            .filter(name ->
                detail.get(name) == null
                    || (detail.get(name) instanceof String text && text.isBlank()))
            .toList();
    if (!missing.isEmpty()) {
      return Optional.of(
          ignored(
              IgnoredReason.MISSING_FIELD,
              "the event's detail lacks " + String.join(", ", missing),
              detail));
    }
    return NEEDED.stream()
        .filter(name -> !(detail.get(name) instanceof String))
        .findFirst()
        .map(name -> ignored(IgnoredReason.BAD_FIELD, name + " is not text", detail));
  }

  /** A rule on a schedule, or a schedule of EventBridge Scheduler. */
  private static boolean isTick(@Nullable String source, @Nullable String detailType) {
    return ("aws.events".equals(source) && "Scheduled Event".equals(detailType))
        || "aws.scheduler".equals(source);
  }

  private static Place place(Optional<String> value) {
    return switch (value.orElse("")) {
      case "EC2" -> Place.EC2;
      case "AutoScalingGroup" -> Place.AUTO_SCALING_GROUP;
      case "WarmPool" -> Place.WARM_POOL;
      // A place that AWS may add some day is no reason to let a node wait.
      default -> Place.UNKNOWN;
    };
  }

  private static String expected(NodeGroup nodeGroup) {
    return "node group '"
        + nodeGroup.name()
        + "' goes by "
        + (nodeGroup.lifecycleHook() instanceof NodeGroup.ExistingHook existing
            ? existing.name()
            : NodeGroup.LAUNCH_HOOK);
  }

  private static NotForUs malformed(String message) {
    return new NotForUs(
        IgnoredReason.MALFORMED_EVENT,
        message,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static NotForUs testNotification(Optional<String> group) {
    return new NotForUs(
        IgnoredReason.TEST_NOTIFICATION,
        "a test notification of Auto Scaling",
        Optional.empty(),
        group,
        Optional.empty());
  }

  private static NotForUs ignored(
      IgnoredReason reason, String message, Map<String, @Nullable Object> detail) {
    return new NotForUs(
        reason,
        message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "…" : message,
        text(detail, INSTANCE),
        text(detail, GROUP),
        text(detail, HOOK));
  }

  private static Optional<String> text(Map<String, @Nullable Object> detail, String name) {
    return detail.get(name) instanceof String text && !text.isBlank()
        ? Optional.of(text)
        : Optional.empty();
  }

  private static @Nullable Instant time(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
