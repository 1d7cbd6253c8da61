// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.base.Deadline;
import io.multuseni.base.Json;
import io.multuseni.base.Time;
import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ProvisionerConfig;
import io.multuseni.core.error.CallFailure;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A configuration that is read at its first use and kept for a minute. Where it can't be read again
 * the copy that is there serves on for an hour, since nodes go on launching. Then it doesn't any
 * more, so that a bad change shows while somebody remembers it.
 */
public final class CachedConfig implements ConfigSource {
  /** From this age on a copy is read again; a failed reading is repeated as much later. */
  public static final Duration MAX_AGE = Duration.ofMinutes(1);

  /** So long a copy serves on after the first reading that failed. */
  public static final Duration MAX_FAILING = Duration.ofHours(1);

  /** So long a reading may take without a copy that serves. */
  private static final Duration FIRST_READING = Duration.ofSeconds(20);

  /** So long a reading may take while an older copy serves. */
  private static final Duration LATER_READING = Duration.ofSeconds(5);

  /** Reads the configuration from where it is. */
  public interface Reader {
    /**
     * Reads it.
     *
     * @param deadline when reading must be over
     * @param counter counts the calls
     * @throws ConfigException it has problems
     * @throws CallFailure it can't be read
     */
    ProvisionerConfig read(Deadline deadline, CallCounter counter) throws ConfigException;
  }

  private final Reader reader;
  private final Time time;
  private final PrintStream log;
  private Optional<ProvisionerConfig> copy = Optional.empty();
  private Instant readAgainAt = Instant.MIN;
  private Optional<Instant> failingSince = Optional.empty();

  /**
   * Reads nothing yet.
   *
   * @param reader reads the configuration
   * @param time the clock
   * @param log the function's log
   */
  public CachedConfig(Reader reader, Time time, PrintStream log) {
    this.reader = reader;
    this.time = time;
    this.log = log;
  }

  @Override
  public synchronized ProvisionerConfig current(Deadline deadline, CallCounter counter) {
    if (copy.isPresent() && time.now().isBefore(readAgainAt)) {
      return copy.get();
    }
    try {
      copy = Optional.of(reader.read(within(deadline), counter));
      failingSince = Optional.empty();
    } catch (CallFailure failure) {
      beginFailing();
      if (!isServing()) {
        throw withEnd(failure);
      }
      log.println(
          Json.logLine(
              "WARN",
              "an older configuration is used%s: %s".formatted(atMost(), failure.explained()),
              List.of()));
    } catch (ConfigException e) {
      beginFailing();
      String used = isServing() ? "an older one is used" + atMost() : "nothing is done" + end();
      log.println(Json.logLine("ERROR", "the configuration can't be used, " + used, e.problems()));
      if (!isServing()) {
        throw new IllegalStateException(e.getMessage() + end(), e);
      }
    }
    readAgainAt = time.now().plus(MAX_AGE);
    return copy.get();
  }

  @Override
  public synchronized boolean isStale() {
    return failingSince.isPresent();
  }

  /** Without a copy there is nothing that could serve on. */
  private void beginFailing() {
    if (copy.isPresent() && failingSince.isEmpty()) {
      failingSince = Optional.of(time.now());
    }
  }

  private boolean isServing() {
    return copy.isPresent()
        && failingSince.filter(since -> !time.now().isBefore(since.plus(MAX_FAILING))).isEmpty();
  }

  private String atMost() {
    return failingSince
        .map(since -> ", until %s at most".formatted(since.plus(MAX_FAILING)))
        .orElse("");
  }

  private String end() {
    return failingSince
        .map(since ->
            "; so it has been since %s, and the older copy is not used any more".formatted(since))
        .orElse("");
  }

  private CallFailure withEnd(CallFailure failure) {
    if (failingSince.isEmpty()) {
      return failure;
    }
    return new CallFailure(
        failure.meaning(),
        failure.action(),
        failure.resource(),
        failure.code(),
        failure.answer() + end(),
        failure);
  }

  @Override
  public synchronized Optional<String> cluster() {
    return copy.map(ProvisionerConfig::cluster);
  }

  /** Drops the copy; the next use reads. */
  public synchronized void forget() {
    copy = Optional.empty();
    failingSince = Optional.empty();
  }

  private Deadline within(Deadline deadline) {
    Duration most = isServing() ? LATER_READING : FIRST_READING;
    return deadline.left().compareTo(most) < 0 ? deadline : Deadline.in(time, most);
  }
}
