// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.multuseni.aws.AwsClients;
import io.multuseni.aws.CachedConfig;
import io.multuseni.aws.CannedAws;
import io.multuseni.aws.FunctionConfig;
import io.multuseni.base.Deadline;
import io.multuseni.base.PassingTime;
import io.multuseni.core.report.AttachReport;
import io.multuseni.core.report.SweepReport;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.joda.time.DateTime;
import org.joda.time.DateTimeZone;

/**
 * Runs a launch through once, in memory and with clients of its own, so that a snapshot of the
 * sandbox holds the classes of a launch that meets no refusal; the sweep function's a sweep with
 * such a launch. Nothing is sent or signed, and the function's own configuration isn't read.
 */
final class Priming {
  private static final Duration ENOUGH = Duration.ofMinutes(2);

  private Priming() {}

  /** Primes the attach function; gives the report of the launch. */
  static AttachReport launch() {
    PassingTime time = new PassingTime();
    CannedAws aws = CannedAws.withoutInterface();
    try (AwsClients clients = aws.clients(time)) {
      EniAttachHandler handler = new EniAttachHandler(sandbox(clients, time));
      return handler.handle(launchEvent(time), Deadline.in(time, ENOUGH));
    }
  }

  /** Primes the sweep function, whose work includes launches; gives the report of the sweep. */
  static SweepReport sweep() {
    PassingTime time = new PassingTime();
    CannedAws aws = CannedAws.withoutInterface();
    try (AwsClients clients = aws.clients(time)) {
      EniSweepHandler handler = new EniSweepHandler(sandbox(clients, time));
      // A launch belongs to the sweep only once its event must have got lost.
      handler.handle(Deadline.in(time, ENOUGH));
      time.pause(Duration.ofMinutes(20));
      return handler.handle(Deadline.in(time, ENOUGH));
    }
  }

  private static Sandbox sandbox(AwsClients clients, PassingTime time) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    CachedConfig config =
        new CachedConfig(new FunctionConfig(CannedAws::environment, clients), time, nowhere);
    return new Sandbox(
        config, clients, time, new CloudWatchTelemetry(config::cluster, nowhere), false);
  }

  private static ScheduledEvent launchEvent(PassingTime time) {
    ScheduledEvent event = new ScheduledEvent();
    event.setSource("aws.autoscaling");
    event.setDetailType("EC2 Instance-launch Lifecycle Action");
    event.setTime(new DateTime(time.now().toEpochMilli(), DateTimeZone.UTC));
    event.setDetail(
        Map.of(
            "LifecycleActionToken",
            "00000000-0000-0000-0000-000000000001",
            "AutoScalingGroupName",
            CannedAws.GROUP,
            "LifecycleHookName",
            "multus-eni-launch",
            "EC2InstanceId",
            CannedAws.INSTANCE,
            "LifecycleTransition",
            "autoscaling:EC2_INSTANCE_LAUNCHING",
            "Origin",
            "EC2",
            "Destination",
            "AutoScalingGroup"));
    return event;
  }
}
