// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.ssm;

import io.multuseni.localcloud.events.Json;
import io.multuseni.localcloud.time.CloudClock;
import io.multuseni.localcloud.time.TokenBucket;
import io.multuseni.localcloud.wire.ApiError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Text parameters and their versions. The cloud's lock guards it. */
public final class ParameterStore {
  /** Transactions per second of GetParameters by default (Systems Manager quotas). */
  private static final int PER_SECOND = 40;

  /** Names per call (GetParameters, API reference). */
  private static final int MAX_NAMES = 10;

  /** Bytes of an advanced parameter. */
  private static final int MAX_BYTES = 8_192;

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.\\-/]{1,1011}");

  private record Version(String value, Instant at) {}

  private final CloudClock clock;
  private final Supplier<Duration> visibilityDelay;
  private final String arnPrefix;
  private final Map<String, List<Version>> parameters = new HashMap<>();
  private final TokenBucket bucket;

  /**
   * Empty.
   *
   * @param clock the cloud's
   * @param visibilityDelay so long a change is not seen
   * @param region for the names in answers
   * @param account for the names in answers
   */
  public ParameterStore(
      CloudClock clock, Supplier<Duration> visibilityDelay, String region, String account) {
    this.clock = clock;
    this.visibilityDelay = visibilityDelay;
    this.arnPrefix = "arn:aws:ssm:" + region + ":" + account + ":parameter";
    this.bucket = new TokenBucket(PER_SECOND, PER_SECOND, clock.now());
  }

  /**
   * Makes a parameter or gives it another value.
   *
   * @throws IllegalArgumentException not a parameter's name, or not a value of 1 to 8,192 bytes
   */
  public void put(String name, String value) {
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (!NAME.matcher(name).matches() || bytes == 0 || bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "not a parameter: " + name + " with a value of " + bytes + " bytes");
    }
    parameters.computeIfAbsent(name, n -> new ArrayList<>()).add(new Version(value, clock.now()));
  }

  /**
   * Deletes a parameter at once.
   *
   * @throws IllegalArgumentException there is none
   */
  public void drop(String name) {
    if (parameters.remove(name) == null) {
      throw new IllegalArgumentException("no parameter " + name);
    }
  }

  /**
   * Takes a token for one call.
   *
   * @throws ApiError {@code ThrottlingException}
   */
  public void throttle() {
    if (!bucket.take(1, clock.now())) {
      throw ApiError.of("ThrottlingException", "Rate exceeded");
    }
  }

  /**
   * Answers GetParameters: what is there, and the names of what isn't.
   *
   * @param names in any order
   * @return the answer's JSON
   * @throws ApiError {@code ValidationException}: too many names, none, or one twice
   */
  public String get(List<String> names) {
    if (names.isEmpty()
        || names.size() > MAX_NAMES
        || new LinkedHashSet<>(names).size() != names.size()) {
      throw ApiError.of(
          "ValidationException",
          "1 validation error detected: Value '"
              + names
              + "' at 'names' failed to satisfy constraint: 1 to "
              + MAX_NAMES
              + " different names");
    }
    List<Map<String, Object>> found = new ArrayList<>();
    List<String> invalid = new ArrayList<>();
    for (String name : names) {
      visible(name).ifPresentOrElse(found::add, () -> invalid.add(name));
    }
    return Json.write(Map.of("Parameters", found, "InvalidParameters", invalid));
  }

  private Optional<Map<String, Object>> visible(String name) {
    List<Version> versions = parameters.getOrDefault(name, List.of());
    Instant seen = clock.now().minus(visibilityDelay.get());
    for (int number = versions.size(); number > 0; number--) {
      Version version = versions.get(number - 1);
      if (!version.at().isAfter(seen)) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("Name", name);
        parameter.put("Type", "String");
        parameter.put("Value", version.value());
        parameter.put("Version", number);
        parameter.put("LastModifiedDate", version.at().getEpochSecond());
        parameter.put("ARN", arnPrefix + (name.startsWith("/") ? "" : "/") + name);
        parameter.put("DataType", "text");
        return Optional.of(parameter);
      }
    }
    return Optional.empty();
  }
}
