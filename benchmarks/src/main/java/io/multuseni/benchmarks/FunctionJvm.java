// SPDX-License-Identifier: Apache-2.0
package io.multuseni.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A {@link FunctionProcess} that was started with the flags of Lambda's Java runtime. */
final class FunctionJvm implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Process process;
  private final BufferedReader lines;
  private final Path config;

  private FunctionJvm(Process process, Path config) {
    this.process = process;
    this.config = config;
    this.lines = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Starts the function on a fleet.
   *
   * @param servers the fleet
   * @param reconcile the {@code reconcile} part of its configuration, as YAML in one line
   * @param heap the most heap, as the JVM takes it, such as {@code 160m}
   * @param runs how many times it runs
   */
  static FunctionJvm start(FleetServers servers, String reconcile, String heap, int runs) {
    try {
      Path config = Files.createTempFile("multus-eni", ".yaml");
      Files.writeString(config, servers.yaml(reconcile));
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx" + heap,
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+ExitOnOutOfMemoryError",
                  "-cp",
                  System.getProperty("java.class.path"),
                  FunctionProcess.class.getName(),
                  servers.cloud().endpoint().toString(),
                  servers.cluster().endpoint().toString(),
                  config.toString(),
                  Integer.toString(runs)));
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      return new FunctionJvm(process, config);
    } catch (IOException e) {
      throw new UncheckedIOException("the function can't be started in a JVM of its own", e);
    }
  }

  /** The next report, as soon as it comes; empty where the process has ended without one. */
  @SuppressWarnings("SystemOut")
  Optional<JsonNode> next() {
    try {
      String line = lines.readLine();
      while (line != null && !line.startsWith("{")) {
        // The JVM's own word, such as why it ends.
        System.err.println(line);
        line = lines.readLine();
      }
      return line == null ? Optional.empty() : Optional.of(MAPPER.readTree(line));
    } catch (IOException e) {
      throw new UncheckedIOException("the function's process told something that is no JSON", e);
    }
  }

  /** Ends the process if it hasn't ended. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      lines.close();
      Files.deleteIfExists(config);
    } catch (IOException e) {
      throw new UncheckedIOException("the function's process could not be put away", e);
    }
  }
}
