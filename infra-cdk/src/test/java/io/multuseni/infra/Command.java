// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program with exactly the environment that it is given. */
final class Command {
  /** Longer than anything takes; only a program that hangs gets there. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private Command() {}

  /**
   * What came of a run.
   *
   * @param exitCode of the program
   * @param output standard output and standard error, as they came
   */
  record Result(int exitCode, String output) {}

  /** Runs it to its end; one that hangs is ended and is an error. */
  static Result run(Path folder, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    Thread guard = Thread.ofVirtual().start(() -> endWhenItHangs(process));
    try (InputStream stream = process.getInputStream()) {
      String output = new String(stream.readAllBytes(), UTF_8);
      int exitCode = process.waitFor();
      if (exitCode == 128 + 9) {
        throw new IOException("ended since it hung: " + command + "\n" + output);
      }
      return new Result(exitCode, output);
    } finally {
      guard.interrupt();
    }
  }

  private static void endWhenItHangs(Process process) {
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      // The program has ended.
      Thread.currentThread().interrupt();
    }
  }
}
