// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.report;

import java.util.List;
import java.util.SortedMap;

/**
 * What a sweep did: the function's result, its log line and {@code --json} in one.
 *
 * @param heartbeats instances whose hook's timeout was restarted
 * @param launches reports of the instances that were provisioned or tried
 * @param terminations reports of the terminating instances that were seen through
 * @param marked interfaces seen without use for the first time
 * @param deleted interfaces deleted after the grace
 * @param findings what people should know
 * @param unfinished what could not be done this time, with the cause; the next sweep tries again
 * @param apiCalls calls that were sent, repetitions included, by action
 * @param millis duration of the run in milliseconds
 * @param throttled how many of the calls AWS throttled
 * @param dryRun whether nothing was changed
 */
public record SweepReport(
    List<String> heartbeats,
    List<AttachReport> launches,
    List<AttachReport> terminations,
    List<String> marked,
    List<String> deleted,
    List<Finding> findings,
    List<String> unfinished,
    SortedMap<String, Integer> apiCalls,
    long millis,
    int throttled,
    boolean dryRun) {
  /** Copies the lists. */
  public SweepReport {
    heartbeats = List.copyOf(heartbeats);
    launches = List.copyOf(launches);
    terminations = List.copyOf(terminations);
    marked = List.copyOf(marked);
    deleted = List.copyOf(deleted);
    findings = List.copyOf(findings);
    unfinished = List.copyOf(unfinished);
  }

  /**
   * A sweep that changed nothing, since it could not read everything.
   *
   * @param cause what could not be read, and why
   * @param apiCalls calls that were sent, repetitions included, by action
   * @param throttled how many of the calls AWS throttled
   * @param millis duration of the run in milliseconds
   * @param dryRun whether nothing was to be changed anyway
   */
  public static SweepReport unread(
      String cause,
      SortedMap<String, Integer> apiCalls,
      int throttled,
      long millis,
      boolean dryRun) {
    return new SweepReport(
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of("nothing was changed, since not everything could be read: " + cause),
        apiCalls,
        millis,
        throttled,
        dryRun);
  }

  /**
   * What people should know.
   *
   * @param kind as a constant
   * @param resource what it is about
   * @param message for people, with the remedy
   */
  public record Finding(String kind, String resource, String message) {}
}
