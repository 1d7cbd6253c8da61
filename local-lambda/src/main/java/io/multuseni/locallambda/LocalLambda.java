// SPDX-License-Identifier: Apache-2.0
package io.multuseni.locallambda;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * One execution environment of a function, in a process of its own: Lambda's runtime client and,
 * unpacked, the function's jar; nothing else of this process is on its class path or in its
 * environment.
 *
 * <pre>{@code
 * try (LocalLambda function =
 *     LocalLambda.start(Settings.of(jar, "com.example.Handler", Map.of("NAME", "value")))) {
 *   Invocation invocation = function.invoke("{}");
 * }
 * }</pre>
 *
 * Safe for use by many threads; invocations go one after the other, as in Lambda.
 */
public final class LocalLambda implements AutoCloseable {
  private static final String NAME = "local-lambda";
  private static final String RUNTIME_CLIENT =
      "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
  private static final Duration ENDING = Duration.ofSeconds(10);

  /** Of the memory size; the rest is for metaspace, code and stacks. AWS tells no figure. */
  private static final int HEAP_PERCENT = 85;

  private final Settings settings;
  private final TaskRoot root;
  private final RuntimeApi api;
  private final Process process;
  private final Duration startTime;

  private LocalLambda(
      Settings settings, TaskRoot root, RuntimeApi api, Process process, Duration startTime) {
    this.settings = settings;
    this.root = root;
    this.api = api;
    this.process = process;
    this.startTime = startTime;
  }

  /**
   * Starts a function and waits until it asks for its first invocation.
   *
   * @throws FunctionInitException it did not start
   * @throws UncheckedIOException the jar can't be unpacked, or no process be had
   */
  public static LocalLambda start(Settings settings) {
    List<AutoCloseable> opened = new ArrayList<>();
    try {
      TaskRoot root = TaskRoot.unpack(settings.jar().toAbsolutePath());
      opened.add(root);
      RuntimeApi api = new RuntimeApi(settings.beforeRestore());
      opened.add(api);
      long began = System.nanoTime();
      Process process = process(settings, root, api);
      opened.add(() -> end(process));
      awaitStart(settings, root, api, process);
      return new LocalLambda(
          settings, root, api, process, Duration.ofNanos(System.nanoTime() - began));
    } catch (IOException e) {
      closeAll(opened, e);
      throw new UncheckedIOException(settings.handler() + " can't be run", e);
    } catch (RuntimeException e) {
      closeAll(opened, e);
      throw e;
    }
  }

  /** From the start of the process to its asking for the first invocation. */
  public Duration startTime() {
    return startTime;
  }

  /** The process' id. */
  public long pid() {
    return process.pid();
  }

  /** Memory of the process that is in RAM, in bytes, where Linux tells it. */
  public OptionalLong residentBytes() {
    Path status = Path.of("/proc", String.valueOf(pid()), "status");
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      // No Linux, or the process is gone.
      return OptionalLong.empty();
    }
  }

  /** Everything the function has written since its start, line by line. */
  public List<String> log() {
    return logSince(0);
  }

  /**
   * Hands an event to the function and waits for its answer. After a timeout or an exit the process
   * is gone, and another one has to be started.
   *
   * @param event the event, as JSON
   */
  public synchronized Invocation invoke(String event) {
    if (!process.isAlive()) {
      throw new IllegalStateException("the function's process has ended; start another");
    }
    long logged = logSize();
    long began = System.nanoTime();
    String requestId = UUID.randomUUID().toString();
    CompletableFuture<RuntimeApi.Answer> answer =
        api.submit(
            new RuntimeApi.Task(
                requestId,
                event,
                System.currentTimeMillis() + settings.timeout().toMillis(),
                "arn:aws:lambda:us-east-1:123456789012:function:" + NAME));
    RuntimeApi.Answer came = await(answer, requestId);
    return new Invocation(
        requestId,
        came.payload(),
        came.error(),
        logSince(logged),
        Duration.ofNanos(System.nanoTime() - began));
  }

  /** Ends the process and removes its folder. */
  @Override
  public void close() {
    end(process);
    api.close();
    try {
      root.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the function's folder can't be removed", e);
    }
  }

  private RuntimeApi.Answer await(CompletableFuture<RuntimeApi.Answer> answer, String requestId) {
    CompletableFuture<RuntimeApi.Answer> exited =
        process
            .onExit()
            .thenApply(ended ->
                failed(
                    "Runtime.ExitError",
                    "RequestId: %s Error: Runtime exited with exit status: %d"
                        .formatted(requestId, ended.exitValue())));
    try {
      return answer
          .applyToEither(exited, came -> came)
          .get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      end(process);
      return failed(
          "Sandbox.Timedout",
          "RequestId: %s Error: Task timed out after %.2f seconds"
              .formatted(requestId, settings.timeout().toMillis() / 1000.0));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the function ran", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the function's answer can't be had", e);
    }
  }

  private static RuntimeApi.Answer failed(String type, String message) {
    return new RuntimeApi.Answer(Optional.empty(), Optional.of(FunctionError.of(type, message)));
  }

  private static void awaitStart(Settings settings, TaskRoot root, RuntimeApi api, Process process)
      throws IOException {
    CompletableFuture<Optional<FunctionError>> exited =
        process
            .onExit()
            .thenApply(ended ->
                Optional.of(
                    FunctionError.of(
                        "Runtime.ExitError",
                        "Runtime exited with exit status: " + ended.exitValue())));
    try {
      Optional<FunctionError> error =
          api.started()
              .applyToEither(exited, came -> came)
              .get(settings.initTimeout().toMillis(), TimeUnit.MILLISECONDS);
      if (error.isPresent()) {
        end(process);
        throw new FunctionInitException(error.get(), root.logSince(0));
      }
    } catch (TimeoutException e) {
      throw new FunctionInitException(
          FunctionError.of("Sandbox.Timedout", "Init timed out after " + settings.initTimeout()),
          root.logSince(0));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the function started", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the function's start can't be watched", e);
    }
  }

  private static Process process(Settings settings, TaskRoot root, RuntimeApi api)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + settings.memoryMegabytes() * HEAP_PERCENT / 100 + "m");
    // As the managed runtime for Java 25 has them; SnapStart compiles as the JVM likes.
    command.add("-XX:+UseSerialGC");
    if (!settings.snapStart()) {
      command.add("-XX:TieredStopAtLevel=1");
    }
    // The runtime client loads its native library, and reaches into the JDK.
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-Djava.io.tmpdir=" + root.temporary());
    command.add("-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");
    command.addAll(settings.jvmFlags());
    command.add("-cp");
    command.add(root.runtime() + File.separator + "*");
    command.add(RUNTIME_CLIENT);
    command.add(settings.handler());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(root.task().toFile())
            .redirectErrorStream(true)
            // A file and no pipe: what was written before an answer is there when the answer is.
            .redirectOutput(root.log().toFile());
    builder.environment().clear();
    builder.environment().putAll(environment(settings, root, api));
    return builder.start();
  }

  private static Map<String, String> environment(Settings settings, TaskRoot root, RuntimeApi api) {
    Map<String, String> variables = new HashMap<>();
    variables.put("AWS_LAMBDA_RUNTIME_API", api.address());
    variables.put("_HANDLER", settings.handler());
    variables.put("LAMBDA_TASK_ROOT", root.task().toString());
    variables.put("LAMBDA_RUNTIME_DIR", root.runtime().toString());
    variables.put("AWS_REGION", "us-east-1");
    variables.put("AWS_DEFAULT_REGION", "us-east-1");
    variables.put("AWS_ACCESS_KEY_ID", "local");
    variables.put("AWS_SECRET_ACCESS_KEY", "local");
    variables.put("AWS_SESSION_TOKEN", "local");
    variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
    variables.put("AWS_LAMBDA_FUNCTION_NAME", NAME);
    variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
    variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(settings.memoryMegabytes()));
    variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + NAME);
    variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "local");
    variables.put("AWS_LAMBDA_LOG_FORMAT", "JSON");
    variables.put(
        "AWS_LAMBDA_INITIALIZATION_TYPE", settings.snapStart() ? "snap-start" : "on-demand");
    variables.put("TZ", ":UTC");
    variables.put("LANG", "en_US.UTF-8");
    variables.putAll(settings.environment());
    return variables;
  }

  private long logSize() {
    try {
      return root.logSize();
    } catch (IOException e) {
      throw new UncheckedIOException("the function's log can't be read", e);
    }
  }

  private List<String> logSince(long size) {
    try {
      return root.logSince(size);
    } catch (IOException e) {
      throw new UncheckedIOException("the function's log can't be read", e);
    }
  }

  private static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(ENDING.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        // Until it is gone it may write to the folder that is removed next.
        if (!process.waitFor(ENDING.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException(
              "process %d of the function doesn't end; end it by hand".formatted(process.pid()));
        }
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static void closeAll(List<AutoCloseable> opened, Exception reason) {
    for (AutoCloseable one : opened.reversed()) {
      try {
        one.close();
      } catch (Exception e) {
        reason.addSuppressed(e);
      }
    }
  }
}
