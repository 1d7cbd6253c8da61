// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.event.Incoming.NotForUs;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Whatever comes in, the parser answers and never throws: Lambda would only repeat the event. */
class IncomingParserPropertiesTest {
  private static final String LAUNCH =
      """
      {"version":"0","detail-type":"EC2 Instance-launch Lifecycle Action",
       "source":"aws.autoscaling","time":"2026-11-25T08:00:00Z","detail":{
       "LifecycleActionToken":"6f1c0a52-3c1d-4f7e-9a57-0d5b8f2f4e11",
       "AutoScalingGroupName":"upf-a","LifecycleHookName":"multus-eni-launch",
       "EC2InstanceId":"i-0abc0def012345678",
       "LifecycleTransition":"autoscaling:EC2_INSTANCE_LAUNCHING"}}
      """;

  private final ProvisionerConfig config;

  IncomingParserPropertiesTest() throws ConfigException {
    config =
        ConfigReader.readJson(
            """
            {"cluster":{"name":"core5g"},"nodeGroups":[{"name":"upf",
             "autoScalingGroups":["upf-a"],"networks":[{"name":"n3",
             "subnets":["subnet-0a300001"],"securityGroups":["sg-0a300001"]}]}]}
            """);
  }

  @Property(tries = 500)
  void anyTextIsAnswered(@ForAll String text) {
    answers(IncomingParser.parse(text, config, Instant.EPOCH));
  }

  @Property(tries = 1000)
  void aDamagedEventIsAnswered(
      @ForAll @IntRange(max = 400) int from,
      @ForAll("snippets") String put,
      @ForAll @IntRange(max = 40) int cut) {
    int start = Math.min(from, LAUNCH.length());
    int end = Math.min(start + cut, LAUNCH.length());
    answers(
        IncomingParser.parse(
            LAUNCH.substring(0, start) + put + LAUNCH.substring(end), config, Instant.EPOCH));
  }

  @Property(tries = 500)
  void anyEnvelopeIsAnswered(
      @ForAll("sources") @Nullable String source,
      @ForAll("types") @Nullable String type,
      @ForAll("details") Map<String, Object> drawn) {
    Map<String, @Nullable Object> detail = new HashMap<>();
    drawn.forEach((name, value) -> detail.put(name, value.equals("null") ? null : value));
    answers(
        IncomingParser.parse(new EventEnvelope(source, type, null, detail), config, Instant.EPOCH));
  }

  private static void answers(Incoming incoming) {
    if (incoming instanceof NotForUs ignored) {
      assertThat(ignored.message()).isNotBlank();
    }
  }

  @Provide
  Arbitrary<String> snippets() {
    return Arbitraries.oneOf(
        Arbitraries.of("", "\"", "{", "}", "[", "]", ",", ":", "null", "1e999", "\\u0000", "\\"),
        Arbitraries.strings().ofMaxLength(3));
  }

  @Provide
  Arbitrary<@Nullable String> sources() {
    return Arbitraries.of("aws.autoscaling", "aws.events", "aws.scheduler", "", "x")
        .injectNull(0.1);
  }

  @Provide
  Arbitrary<@Nullable String> types() {
    return Arbitraries.of(IncomingParser.LAUNCH, IncomingParser.TERMINATE, "Scheduled Event", "")
        .injectNull(0.1);
  }

  @Provide
  Arbitrary<Map<String, Object>> details() {
    Arbitrary<Object> values =
        Arbitraries.of(
            "upf-a",
            "multus-eni-launch",
            "multus-eni-terminate",
            "i-0abc0def012345678",
            "autoscaling:TEST_NOTIFICATION",
            "autoscaling:EC2_INSTANCE_LAUNCHING",
            "WarmPool",
            "null",
            "",
            7,
            true,
            List.of("a"),
            Map.of("b", 1));
    return Arbitraries.maps(
        Arbitraries.of(
            "AutoScalingGroupName",
            "LifecycleHookName",
            "EC2InstanceId",
            "LifecycleActionToken",
            "LifecycleTransition",
            "Origin",
            "Destination",
            "Event"),
        values);
  }
}
