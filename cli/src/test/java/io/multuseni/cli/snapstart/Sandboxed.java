// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli.snapstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The other end of a {@link FunctionProcess}. */
final class Sandboxed implements AutoCloseable {
  private static final int LONGEST_SECONDS = 120;
  private static final int ENDING_SECONDS = 10;

  private final Process process;
  private final PrintStream in;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final List<String> log = new ArrayList<>();

  private Sandboxed(Process process) {
    this.process = process;
    this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread.ofVirtual().start(this::listen);
  }

  /**
   * Starts a function.
   *
   * @param handler its class
   * @param variables its environment, and nothing else
   */
  static Sandboxed start(Class<?> handler, Map<String, String> variables) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Dorg.crac.Core.Compat=io.multuseni.cli.snapstart.crac",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            FunctionProcess.class.getName(),
            handler.getName());
    builder.environment().clear();
    builder.environment().putAll(variables);
    builder.redirectErrorStream(true);
    Sandboxed sandbox = new Sandboxed(builder.start());
    sandbox.answer();
    return sandbox;
  }

  /** Has it do something and gives what came of it. */
  JsonNode tell(String line) throws Exception {
    in.println(line.replace("\n", " "));
    return answer();
  }

  /** The function's log so far. */
  List<String> log() {
    synchronized (log) {
      return List.copyOf(log);
    }
  }

  private JsonNode answer() throws Exception {
    String line = answers.poll(LONGEST_SECONDS, TimeUnit.SECONDS);
    if (line == null || line.isEmpty()) {
      throw new AssertionError("the function's process said nothing; its log: " + log());
    }
    return new ObjectMapper().readTree(line);
  }

  private void listen() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(FunctionProcess.MARK)) {
          answers.add(line.substring(FunctionProcess.MARK.length()));
        } else {
          synchronized (log) {
            log.add(line);
          }
        }
      }
    } catch (IOException e) {
      synchronized (log) {
        log.add("broke off: " + e);
      }
    }
    answers.add("");
  }

  @Override
  public void close() {
    in.close();
    process.destroy();
    try {
      if (!process.waitFor(ENDING_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        if (!process.waitFor(ENDING_SECONDS, TimeUnit.SECONDS)) {
          throw new AssertionError("process " + process.pid() + " of the function doesn't end");
        }
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
