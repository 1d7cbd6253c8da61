// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.event;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.event.Incoming.Action;
import io.multuseni.core.event.Incoming.LaunchAction;
import io.multuseni.core.event.Incoming.NotForUs;
import io.multuseni.core.event.Incoming.Place;
import io.multuseni.core.event.Incoming.SweepTick;
import io.multuseni.core.event.Incoming.TerminateAction;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IncomingParserTest {
  private static final Instant SENT = Instant.parse("2026-11-25T08:00:00Z");
  private static final Instant RECEIVED = Instant.parse("2026-11-25T08:00:07Z");
  private static final String TOKEN = "6f1c0a52-3c1d-4f7e-9a57-0d5b8f2f4e11";
  private static final String INSTANCE = "i-0abc0def012345678";
  private static final String UUID = "b2c1d7de-93a4-4a0b-8a3c-5d0e6f718293";

  private static final ProvisionerConfig CONFIG =
      config(
          """
          cluster: {name: core5g}
          nodeGroups:
            - name: upf
              autoScalingGroups: [upf-a, upf-b]
              networks: [{name: n3, subnets: [subnet-0a300001], securityGroups: [sg-0a300001]}]
            - name: amf
              autoScalingGroups: [amf]
              lifecycleHook: existing:team-hook
              networks: [{name: n3, subnets: [subnet-0a300001], securityGroups: [sg-0a300001]}]
            - name: watch
              eksManagedNodegroup: watch
              lifecycleHook: observe
              bootGate: true
              networks: [{name: n3, subnets: [subnet-0a300001], securityGroups: [sg-0a300001]}]
            - name: a
              eksManagedNodegroup: a
              networks: [{name: n3, subnets: [subnet-0a300001], securityGroups: [sg-0a300001]}]
            - name: a-b
              eksManagedNodegroup: a-b
              networks: [{name: n3, subnets: [subnet-0a300001], securityGroups: [sg-0a300001]}]
          """);

  @Test
  void aLaunchIsReadWithEveryField() {
    assertThat(parse(launch()))
        .isEqualTo(
            new LaunchAction(
                new Action(
                    CONFIG.nodeGroups().getFirst(),
                    "upf-a",
                    "multus-eni-launch",
                    INSTANCE,
                    Optional.of(TOKEN),
                    true,
                    SENT),
                Place.EC2,
                Place.AUTO_SCALING_GROUP));
  }

  @Test
  void aTerminationOfOursIsReadWithEveryField() {
    assertThat(parse(IncomingParser.TERMINATE, terminate()))
        .isEqualTo(
            new TerminateAction(
                new Action(
                    CONFIG.nodeGroups().getFirst(),
                    "upf-a",
                    "multus-eni-terminate",
                    INSTANCE,
                    Optional.of(TOKEN),
                    true,
                    SENT),
                Place.AUTO_SCALING_GROUP,
                Place.EC2));
  }

  @Test
  void anEventWithoutTimeBeganWhenItWasReceived() {
    EventEnvelope event =
        new EventEnvelope("aws.autoscaling", IncomingParser.LAUNCH, null, launch());

    assertThat(((LaunchAction) IncomingParser.parse(event, CONFIG, RECEIVED)).action().since())
        .isEqualTo(RECEIVED);
  }

  @ParameterizedTest
  @CsvSource({
    "EC2, EC2",
    "AutoScalingGroup, AUTO_SCALING_GROUP",
    "WarmPool, WARM_POOL",
    ", UNKNOWN",
    "Moon, UNKNOWN"
  })
  void originAndDestinationMayBeMissingOrNew(@Nullable String said, Place place) {
    Map<String, @Nullable Object> detail = launch();
    detail.put("Origin", said);
    detail.put("Destination", said);

    assertThat(parse(detail))
        .isInstanceOfSatisfying(
            LaunchAction.class,
            launch -> {
              assertThat(launch.origin()).isEqualTo(place);
              assertThat(launch.destination()).isEqualTo(place);
            });
  }

  @Test
  void aWarmPoolInstanceComesTwiceWithTwoTokens() {
    Map<String, @Nullable Object> in = launch();
    in.put("Destination", "WarmPool");
    Map<String, @Nullable Object> out = launch();
    out.put("Origin", "WarmPool");
    out.put("LifecycleActionToken", "c3a90d6e-18b5-4e6c-8f24-5e1d2b7f9a03");

    assertThat(parse(in))
        .isInstanceOfSatisfying(
            LaunchAction.class,
            launch -> {
              assertThat(launch.destination()).isEqualTo(Place.WARM_POOL);
              assertThat(launch.action().token()).contains(TOKEN);
            });
    assertThat(parse(out))
        .isInstanceOfSatisfying(
            LaunchAction.class,
            launch -> {
              assertThat(launch.origin()).isEqualTo(Place.WARM_POOL);
              assertThat(launch.action().token()).contains("c3a90d6e-18b5-4e6c-8f24-5e1d2b7f9a03");
            });
  }

  static Stream<Arguments> groups() {
    return Stream.of(
        arguments("upf-a", "multus-eni-launch", "upf"),
        arguments("upf-b", "multus-eni-launch", "upf"),
        arguments("amf", "team-hook", "amf"),
        arguments("eks-watch-" + UUID, "Launch-LC-Hook", "watch"),
        arguments("eks-watch-" + UUID, "whatever", "watch"),
        arguments("eks-a-" + UUID, "multus-eni-launch", "a"),
        arguments("eks-a-b-" + UUID, "multus-eni-launch", "a-b"));
  }

  @ParameterizedTest
  @MethodSource("groups")
  void aLaunchGoesToTheNodeGroupThatClaimsIt(String group, String hook, String nodeGroup) {
    assertThat(
            parse(with(with(launch(), "AutoScalingGroupName", group), "LifecycleHookName", hook)))
        .isInstanceOfSatisfying(
            LaunchAction.class,
            launch -> {
              assertThat(launch.action().nodeGroup().name()).isEqualTo(nodeGroup);
              assertThat(launch.action().ours()).isEqualTo(!nodeGroup.equals("watch"));
            });
  }

  static Stream<Arguments> foreign() {
    return Stream.of(
        arguments(with(launch(), "AutoScalingGroupName", "other-asg"), IgnoredReason.FOREIGN_GROUP),
        arguments(with(launch(), "AutoScalingGroupName", "UPF-A"), IgnoredReason.FOREIGN_GROUP),
        arguments(with(launch(), "AutoScalingGroupName", "upf"), IgnoredReason.FOREIGN_GROUP),
        arguments(
            with(launch(), "AutoScalingGroupName", "eks-a-c-" + UUID), IgnoredReason.FOREIGN_GROUP),
        arguments(with(launch(), "AutoScalingGroupName", "eks-a-"), IgnoredReason.FOREIGN_GROUP),
        arguments(
            with(launch(), "AutoScalingGroupName", "eks-a-" + UUID + "-1"),
            IgnoredReason.FOREIGN_GROUP),
        arguments(
            with(launch(), "AutoScalingGroupName", "x-eks-a-" + UUID), IgnoredReason.FOREIGN_GROUP),
        arguments(
            with(launch(), "LifecycleHookName", "Launch-LC-Hook"), IgnoredReason.FOREIGN_HOOK),
        arguments(
            with(launch(), "LifecycleHookName", "multus-eni-terminate"),
            IgnoredReason.FOREIGN_HOOK),
        arguments(with(launch(), "AutoScalingGroupName", "amf"), IgnoredReason.FOREIGN_HOOK));
  }

  @ParameterizedTest
  @MethodSource("foreign")
  void whatIsNotOursIsLeftAlone(Map<String, @Nullable Object> detail, IgnoredReason reason) {
    assertThat(parse(detail))
        .isInstanceOfSatisfying(
            NotForUs.class,
            ignored -> {
              assertThat(ignored.reason()).isEqualTo(reason);
              assertThat(ignored.instanceId()).contains(INSTANCE);
              assertThat(ignored.autoScalingGroup()).isPresent();
              assertThat(ignored.lifecycleHook()).isPresent();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"upf-a", "amf", "eks-watch-" + UUID})
  void aTerminationIsOursOnlyByOurOwnHook(String group) {
    Map<String, @Nullable Object> ours = with(terminate(), "AutoScalingGroupName", group);

    assertThat(parse(IncomingParser.TERMINATE, ours)).isInstanceOf(TerminateAction.class);
    for (String hook : new String[] {"Terminate-LC-Hook", "team-hook", "multus-eni-launch"}) {
      assertThat(reason(parse(IncomingParser.TERMINATE, with(ours, "LifecycleHookName", hook))))
          .contains(IgnoredReason.FOREIGN_HOOK);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AutoScalingGroupName",
        "LifecycleHookName",
        "EC2InstanceId",
        "LifecycleActionToken"
      })
  void aFieldThatIsMissingOrEmptyOrNoTextIsNamed(String field) {
    Map<String, @Nullable Object> missing = launch();
    missing.remove(field);

    assertIgnored(missing, IgnoredReason.MISSING_FIELD, field);
    assertIgnored(with(launch(), field, null), IgnoredReason.MISSING_FIELD, field);
    assertIgnored(with(launch(), field, " "), IgnoredReason.MISSING_FIELD, field);
    assertIgnored(with(launch(), field, 42), IgnoredReason.BAD_FIELD, field);
    assertIgnored(with(launch(), field, Map.of("a", "b")), IgnoredReason.BAD_FIELD, field);
  }

  @Test
  void allMissingFieldsAreNamedTogether() {
    assertIgnored(
        new HashMap<>(),
        IgnoredReason.MISSING_FIELD,
        "AutoScalingGroupName, LifecycleHookName, EC2InstanceId, LifecycleActionToken");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"i-1234567", "i-0ABC0DEF012345678", "0abc0def012345678", "i-0abc0def0123456789"})
  void anInstanceIdMustBeOne(String id) {
    assertIgnored(with(launch(), "EC2InstanceId", id), IgnoredReason.BAD_FIELD, id);
  }

  @Test
  void textThatIsMadeToBreakReadersIsAnswered() {
    assertThat(reason(text("[".repeat(100_000)))).contains(IgnoredReason.MALFORMED_EVENT);
    assertThat(reason(text("{\"detail\":" + "9".repeat(5_000) + "}")))
        .contains(IgnoredReason.MALFORMED_EVENT);
    assertThat(reason(text("{\"detail\":{\"a\":1e999999999,\"b\":" + "9".repeat(900) + "}}")))
        .contains(IgnoredReason.MALFORMED_EVENT);
    assertThat(reason(text("{\"detail\":{\"a\":" + "[".repeat(400) + "]".repeat(400) + "}}")))
        .contains(IgnoredReason.MALFORMED_EVENT);
  }

  @Test
  void aHugeFieldMakesNoHugeMessage() {
    assertThat(parse(with(launch(), "EC2InstanceId", "i".repeat(200_000))))
        .isInstanceOfSatisfying(
            NotForUs.class, ignored -> assertThat(ignored.message()).hasSizeLessThan(600));
  }

  @Test
  void anInstanceIdOfEightDigitsIsOne() {
    assertThat(parse(with(launch(), "EC2InstanceId", "i-0abc0def")))
        .isInstanceOf(LaunchAction.class);
  }

  @Test
  void aTransitionThatContradictsTheDetailTypeIsRefused() {
    assertIgnored(
        with(launch(), "LifecycleTransition", "autoscaling:EC2_INSTANCE_TERMINATING"),
        IgnoredReason.BAD_FIELD,
        "contradicts the detail-type");
    assertIgnored(with(launch(), "LifecycleTransition", 1), IgnoredReason.BAD_FIELD, "contradicts");
  }

  @Test
  void aMissingTransitionIsNoLoss() {
    assertThat(parse(with(launch(), "LifecycleTransition", null))).isInstanceOf(LaunchAction.class);
  }

  @ParameterizedTest
  @CsvSource({
    "aws.events, Scheduled Event, true",
    "aws.scheduler, Scheduled Event, true",
    "aws.scheduler, , true",
    "aws.events, Something Else, false",
    "com.example, Scheduled Event, false"
  })
  void aScheduleOfEitherKindIsATick(String source, @Nullable String type, boolean tick) {
    Incoming incoming =
        IncomingParser.parse(
            new EventEnvelope(source, type, SENT, new HashMap<>()), CONFIG, RECEIVED);

    assertThat(incoming instanceof SweepTick).isEqualTo(tick);
  }

  @Test
  void theSchedulersDetailMayBeText() {
    assertThat(
            IncomingParser.parse(
                "{\"source\":\"aws.scheduler\",\"detail-type\":\"Scheduled Event\",\"detail\":\"{}\"}",
                CONFIG,
                RECEIVED))
        .isEqualTo(new SweepTick());
  }

  @ParameterizedTest
  @CsvSource({
    "aws.autoscaling, EC2 Instance Launch Successful, OTHER_EVENT",
    "aws.autoscaling, ec2 instance-launch lifecycle action, OTHER_EVENT",
    "aws.ec2, EC2 Instance-launch Lifecycle Action, OTHER_EVENT",
    ", EC2 Instance-launch Lifecycle Action, MALFORMED_EVENT",
    "aws.autoscaling, , MALFORMED_EVENT",
    ", , MALFORMED_EVENT"
  })
  void onlyLifecycleActionsOfAutoScalingAreHandled(
      @Nullable String source, @Nullable String type, IgnoredReason reason) {
    assertThat(
            reason(
                IncomingParser.parse(
                    new EventEnvelope(source, type, SENT, launch()), CONFIG, RECEIVED)))
        .contains(reason);
  }

  @Test
  void aTestNotificationIsKnownWhereverItSaysSo() {
    assertThat(
            reason(
                text(
                    "{\"Event\":\"autoscaling:TEST_NOTIFICATION\",\"AutoScalingGroupName\":\"ng\"}")))
        .contains(IgnoredReason.TEST_NOTIFICATION);
    assertThat(reason(parse(with(launch(), "Event", "autoscaling:TEST_NOTIFICATION"))))
        .contains(IgnoredReason.TEST_NOTIFICATION);
    assertThat(
            reason(parse(with(launch(), "LifecycleTransition", "autoscaling:TEST_NOTIFICATION"))))
        .contains(IgnoredReason.TEST_NOTIFICATION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "42",
        "\"text\"",
        "[]",
        "{",
        "{} {}",
        "{}",
        "nonsense",
        "{\"source\":\"aws.autoscaling\",\"detail-type\":\"x\",\"detail\":[]}",
        "{\"source\":1,\"detail-type\":{},\"detail\":null}"
      })
  void textThatIsNoEventIsMalformed(String text) {
    assertThat(reason(text(text))).contains(IgnoredReason.MALFORMED_EVENT);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-25T08:00:00Z, 2026-11-25T08:00:00Z",
    "yesterday, 2026-11-25T08:00:07Z",
    "'', 2026-11-25T08:00:07Z"
  })
  void aTimeThatCannotBeReadIsTheTimeOfReceipt(String time, Instant since) {
    String event =
        """
        {"source":"aws.autoscaling","detail-type":"%s","time":"%s","detail":
         {"AutoScalingGroupName":"upf-a","LifecycleHookName":"multus-eni-launch",
          "EC2InstanceId":"%s","LifecycleActionToken":"%s"}}
        """
            .formatted(IncomingParser.LAUNCH, time, INSTANCE, TOKEN);

    assertThat(text(event))
        .isInstanceOfSatisfying(
            LaunchAction.class, launch -> assertThat(launch.action().since()).isEqualTo(since));
  }

  private static void assertIgnored(
      Map<String, @Nullable Object> detail, IgnoredReason reason, String message) {
    assertThat(parse(detail))
        .isInstanceOfSatisfying(
            NotForUs.class,
            ignored -> {
              assertThat(ignored.reason()).isEqualTo(reason);
              assertThat(ignored.message()).contains(message);
            });
  }

  private static Optional<IgnoredReason> reason(Incoming incoming) {
    return incoming instanceof NotForUs ignored ? Optional.of(ignored.reason()) : Optional.empty();
  }

  private static Incoming text(String json) {
    return IncomingParser.parse(json, CONFIG, RECEIVED);
  }

  private static Incoming parse(Map<String, @Nullable Object> detail) {
    return parse(IncomingParser.LAUNCH, detail);
  }

  private static Incoming parse(String detailType, Map<String, @Nullable Object> detail) {
    return IncomingParser.parse(
        new EventEnvelope("aws.autoscaling", detailType, SENT, detail), CONFIG, RECEIVED);
  }

  private static Map<String, @Nullable Object> launch() {
    return new HashMap<>(
        Map.ofEntries(
            entry("AutoScalingGroupName", "upf-a"),
            entry("LifecycleHookName", "multus-eni-launch"),
            entry("EC2InstanceId", INSTANCE),
            entry("LifecycleActionToken", TOKEN),
            entry("LifecycleTransition", "autoscaling:EC2_INSTANCE_LAUNCHING"),
            entry("NotificationMetadata", "{\"any\":\"thing\"}"),
            entry("Origin", "EC2"),
            entry("Destination", "AutoScalingGroup")));
  }

  private static Map<String, @Nullable Object> terminate() {
    Map<String, @Nullable Object> detail = launch();
    detail.put("LifecycleHookName", "multus-eni-terminate");
    detail.put("LifecycleTransition", "autoscaling:EC2_INSTANCE_TERMINATING");
    detail.put("Origin", "AutoScalingGroup");
    detail.put("Destination", "EC2");
    return detail;
  }

  private static Map<String, @Nullable Object> with(
      Map<String, @Nullable Object> detail, String field, @Nullable Object value) {
    Map<String, @Nullable Object> changed = new HashMap<>(detail);
    changed.put(field, value);
    return changed;
  }

  private static ProvisionerConfig config(String yaml) {
    try {
      return ConfigReader.readYaml(yaml);
    } catch (ConfigException e) {
      throw new IllegalStateException(e);
    }
  }
}
