// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.observability;

import io.multuseni.core.report.MetricNames;
import io.multuseni.infra.observability.AlarmSpec.Comparison;
import io.multuseni.infra.observability.AlarmSpec.Missing;
import io.multuseni.infra.observability.AlarmSpec.Statistic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The alarms of a cluster; {@code docs/operations.md} says of each what to do. */
public final class AlarmList {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Longer than Lambda's own two further tries of an event, which come within three minutes. */
  private static final Duration RETRIES_OVER = Duration.ofMinutes(5);

  private static final int MISSED_RUNS = 3;

  /** Minutes without a call of the sweep. One or two are a deployment. */
  private static final int MISSED_SWEEPS = 5;

  /** Longer than a bad minute of SSM's. */
  private static final int STALE_MINUTES = 3;

  private final Watched watched;
  private final List<AlarmSpec> alarms = new ArrayList<>();

  private AlarmList(Watched watched) {
    this.watched = watched;
  }

  /** All alarms, each with another {@link AlarmSpec#about()}. */
  public static List<AlarmSpec> of(Watched watched) {
    AlarmList list = new AlarmList(watched);
    list.launches();
    list.deadLetters();
    list.errors();
    list.sweeps();
    list.configuration();
    list.addresses();
    return list.alarms;
  }

  private void launches() {
    any(
        "abandons",
        "A launch was ABANDONed: the node can't be right and is replaced. The log line of level"
            + " ERROR of the attach or the sweep function names the resource and what to do.",
        MetricNames.ABANDONS,
        Statistic.SUM);
    any(
        "launches-held",
        "Launches of a node group failed three times for one permanent reason, and further ones wait"
            + " (onRepeatedFailure: hold). The sweep function's log names the group and the reason"
            + " in a finding GROUP_HELD. Once the cause is gone they go on by themselves.",
        MetricNames.LAUNCHES_HELD,
        Statistic.MAXIMUM);
  }

  private void deadLetters() {
    for (int i = 0; i < watched.deadLetters().size(); i++) {
      alarms.add(
          new AlarmSpec(
              "dead-letters" + (i == 0 ? "" : "-" + (i + 1)),
              "A launch event could not be delivered or worked off, and lies in the dead-letter"
                  + " queue. The sweep sees to its node within minutes; the message says why it"
                  + " ended there. Purge the queue afterwards.",
              Metric.waitingIn(watched.deadLetters().get(i)),
              Statistic.MAXIMUM,
              MINUTE,
              1,
              Comparison.ABOVE,
              0,
              // Six hours after the last call a queue tells nothing more, whatever lies in it.
              Missing.AS_BEFORE));
    }
  }

  private void errors() {
    // It fails on purpose where a launch has to be tried once more.
    errors("attach", watched.names().attachFunction(), RETRIES_OVER, 3);
    errors("sweep", watched.names().sweepFunction(), MINUTE, 1);
    errors("reconcile", watched.names().reconcileFunction(), MINUTE, 1);
  }

  private void errors(String which, String function, Duration period, int periods) {
    alarms.add(
        new AlarmSpec(
            which + "-errors",
            "Runs of the function "
                + function
                + " fail: an exception, a timeout or too little memory. Its log tells which; nothing"
                + " is lost, since the next run does the work again.",
            Metric.ofFunction("Errors", function),
            Statistic.SUM,
            period,
            periods,
            Comparison.ABOVE,
            0,
            Missing.WELL));
  }

  private void sweeps() {
    alarms.add(
        new AlarmSpec(
            "sweep-not-run",
            "The sweep has not been called for five minutes: its schedule is off, or Lambda throttles"
                + " it. Nobody finishes launches whose events were lost.",
            Metric.ofFunction("Invocations", watched.names().sweepFunction()),
            Statistic.SUM,
            MINUTE,
            MISSED_SWEEPS,
            Comparison.BELOW,
            1,
            Missing.WRONG));
  }

  private void configuration() {
    alarms.add(
        new AlarmSpec(
            "configuration-stale",
            "A function can't read its configuration any more, or its new text has problems, and goes"
                + " on with an older copy: for an hour, then it fails. Its log says why: a parameter"
                + " was changed or removed, or the role may not read it.",
            ours(MetricNames.CONFIGURATION_STALE),
            Statistic.SUM,
            MINUTE,
            STALE_MINUTES,
            Comparison.ABOVE,
            0,
            Missing.WELL));
  }

  private void addresses() {
    Duration period = watched.config().reconciliation().period();
    alarms.add(
        new AlarmSpec(
            "reconcile-not-run",
            "No reconciliation has come through for three periods: the schedule is off, every run"
                + " fails, or the Kubernetes API can't be read. Pods that start now get no address"
                + " in the VPC. The reconcile function's log, in its field 'guard', tells why.",
            ours(MetricNames.RECONCILE_PASSES),
            Statistic.SUM,
            period,
            MISSED_RUNS,
            Comparison.BELOW,
            1,
            Missing.WRONG));
    alarms.add(
        new AlarmSpec(
            "drift",
            "Addresses are not where pods need them, and runs don't put that right. The reconcile"
                + " function's log names them in 'unplaced' and 'unfinished', each with its reason.",
            ours(MetricNames.DRIFT),
            Statistic.MINIMUM,
            period,
            periodsWithin(watched.config().deployment().driftAlarm(), period),
            Comparison.ABOVE,
            0,
            // That no run comes through is the alarm above.
            Missing.AS_BEFORE));
    any(
        "release-guard",
        "A run released nothing, since what it read looked wrong: more than maxReleaseFraction would"
            + " have gone, or Kubernetes answered with nothing or not at all. 'guard' in the log"
            + " says which.",
        MetricNames.RELEASE_GUARD_TRIPPED,
        Statistic.SUM);
  }

  /** Any at all within a minute. */
  private void any(String about, String description, String metric, Statistic statistic) {
    alarms.add(
        new AlarmSpec(
            about,
            description,
            ours(metric),
            statistic,
            MINUTE,
            1,
            Comparison.ABOVE,
            0,
            Missing.WELL));
  }

  private Metric ours(String name) {
    return Metric.ours(name, watched.cluster());
  }

  /** As many as cover a time, at least one. */
  private static int periodsWithin(Duration time, Duration period) {
    return Math.max(1, Math.toIntExact(Math.ceilDiv(time.toSeconds(), period.toSeconds())));
  }
}
