// SPDX-License-Identifier: Apache-2.0
package io.multuseni.locallambda;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a function runs. Immutable; each wither returns a changed copy.
 *
 * @param jar the deployment package
 * @param handler class of the handler, as in the function's configuration
 * @param environment environment variables of the function; nothing of this process' own is passed
 *     on
 * @param timeout how long one invocation may take; then the process is ended
 * @param initTimeout how long the start may take
 * @param memoryMegabytes memory size, in MiB; the heap follows from it
 * @param jvmFlags further flags of the JVM, as {@code JAVA_TOOL_OPTIONS} could have them
 * @param snapStart whether it starts as with SnapStart: initialized, frozen, restored
 * @param beforeRestore run between freezing and restoring, with SnapStart only
 */
public record Settings(
    Path jar,
    String handler,
    Map<String, String> environment,
    Duration timeout,
    Duration initTimeout,
    int memoryMegabytes,
    List<String> jvmFlags,
    boolean snapStart,
    Runnable beforeRestore) {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Duration INIT_TIMEOUT = Duration.ofMinutes(2);
  private static final int MEMORY = 512;

  /** Copies the collections and checks the sizes. */
  public Settings {
    environment = Map.copyOf(environment);
    jvmFlags = List.copyOf(jvmFlags);
    if (!timeout.isPositive() || !initTimeout.isPositive()) {
      throw new IllegalArgumentException("a timeout is not positive");
    }
    if (memoryMegabytes < 128 || memoryMegabytes > 10_240) {
      throw new IllegalArgumentException("memory is 128 to 10240 MiB: " + memoryMegabytes);
    }
  }

  /** One minute per invocation, two for the start, 512 MiB, no SnapStart. */
  public static Settings of(Path jar, String handler, Map<String, String> environment) {
    return new Settings(
        jar, handler, environment, TIMEOUT, INIT_TIMEOUT, MEMORY, List.of(), false, () -> {});
  }

  /** These settings with another timeout. */
  public Settings withTimeout(Duration changed) {
    return new Settings(
        jar,
        handler,
        environment,
        changed,
        initTimeout,
        memoryMegabytes,
        jvmFlags,
        snapStart,
        beforeRestore);
  }

  /** These settings with another time for the start. */
  public Settings withInitTimeout(Duration changed) {
    return new Settings(
        jar,
        handler,
        environment,
        timeout,
        changed,
        memoryMegabytes,
        jvmFlags,
        snapStart,
        beforeRestore);
  }

  /** These settings with another memory size, in MiB. */
  public Settings withMemory(int megabytes) {
    return new Settings(
        jar,
        handler,
        environment,
        timeout,
        initTimeout,
        megabytes,
        jvmFlags,
        snapStart,
        beforeRestore);
  }

  /** These settings with these further flags of the JVM. */
  public Settings withJvmFlags(String... flags) {
    return new Settings(
        jar,
        handler,
        environment,
        timeout,
        initTimeout,
        memoryMegabytes,
        List.of(flags),
        snapStart,
        beforeRestore);
  }

  /** These settings with SnapStart; what is given runs while the function is frozen. */
  public Settings withSnapStart(Runnable whileFrozen) {
    return new Settings(
        jar,
        handler,
        environment,
        timeout,
        initTimeout,
        memoryMegabytes,
        jvmFlags,
        true,
        whileFrozen);
  }
}
