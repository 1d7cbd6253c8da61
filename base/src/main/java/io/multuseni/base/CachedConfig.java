// SPDX-License-Identifier: Apache-2.0
package io.multuseni.base;

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
 * the copy that is there serves on, since nodes go on launching.
 */
public final class CachedConfig implements ConfigSource {
  /** From this age on a copy is read again; a failed reading is repeated as much later. */
  public static final Duration MAX_AGE = Duration.ofMinutes(1);

  /** So long a first reading may take. */
  private static final Duration FIRST_READING = Duration.ofSeconds(20);

  /** So long a reading may take while an older copy is there. */
  private static final Duration LATER_READING = Duration.ofSeconds(5);

  /** Reads the configuration from where it is. */
  public interface Reader {
    /**
     * Reads it.
     *
     * @param deadline when reading must be over
     * @throws ConfigException it has problems
     * @throws CallFailure it can't be read
     */
    ProvisionerConfig read(Deadline deadline) throws ConfigException;
  }

  private final Reader reader;
  private final Time time;
  private final PrintStream log;
  private Optional<ProvisionerConfig> copy = Optional.empty();
  private Instant readAgainAt = Instant.MIN;

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
  public synchronized ProvisionerConfig current(Deadline deadline) {
    if (copy.isPresent() && time.now().isBefore(readAgainAt)) {
      return copy.get();
    }
    try {
      copy = Optional.of(reader.read(within(deadline)));
    } catch (CallFailure failure) {
      if (copy.isEmpty()) {
        throw failure;
      }
      log.println(
          Json.logLine(
              "WARN", "an older configuration is used: " + failure.explained(), List.of()));
    } catch (ConfigException e) {
      String used = copy.isPresent() ? "an older one is used" : "nothing is done";
      log.println(Json.logLine("ERROR", "the configuration can't be used, " + used, e.problems()));
      if (copy.isEmpty()) {
        throw new IllegalStateException(e.getMessage(), e);
      }
    }
    readAgainAt = time.now().plus(MAX_AGE);
    return copy.get();
  }

  @Override
  public synchronized Optional<String> cluster() {
    return copy.map(ProvisionerConfig::cluster);
  }

  /** Drops the copy; the next use reads. */
  public synchronized void forget() {
    copy = Optional.empty();
  }

  private Deadline within(Deadline deadline) {
    Duration most = copy.isPresent() ? LATER_READING : FIRST_READING;
    return deadline.left().compareTo(most) < 0 ? deadline : Deadline.in(time, most);
  }
}
