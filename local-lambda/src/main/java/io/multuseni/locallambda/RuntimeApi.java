// SPDX-License-Identifier: Apache-2.0
package io.multuseni.locallambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Lambda's runtime API, on a free port of the loopback address: the function's process asks here
 * for invocations and answers them. Source: AWS Lambda developer guide, "Using the Lambda runtime
 * API"; the paths of restoring: aws-lambda-java-runtime-interface-client 2.10.
 */
final class RuntimeApi implements AutoCloseable {
  private static final String ROOT = "/2018-06-01/runtime/";
  private static final byte[] ACCEPTED = "{\"status\":\"OK\"}\n".getBytes(StandardCharsets.UTF_8);

  /**
   * An invocation to be handed out.
   *
   * @param requestId its id
   * @param payload the event, as JSON
   * @param deadlineMillis when it has to be over, in milliseconds since 1970
   * @param functionArn the function's name for itself
   */
  record Task(String requestId, String payload, long deadlineMillis, String functionArn) {}

  /** What came of an invocation: a payload or an error. */
  record Answer(Optional<String> payload, Optional<FunctionError> error) {}

  private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
  private final ConcurrentMap<String, CompletableFuture<Answer>> answers =
      new ConcurrentHashMap<>();
  private final CompletableFuture<Optional<FunctionError>> started = new CompletableFuture<>();
  private final Runnable beforeRestore;
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  RuntimeApi(Runnable beforeRestore) throws IOException {
    this.beforeRestore = beforeRestore;
    // Without it each answer waits for an ACK. The JDK reads it once, with its first server.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(executor);
    server.createContext(ROOT, this::handle);
    server.start();
  }

  /** Host and port, as {@code AWS_LAMBDA_RUNTIME_API} wants them. */
  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Ends when the function asks for its first invocation; with an error where it can't start. */
  CompletableFuture<Optional<FunctionError>> started() {
    return started;
  }

  /** Hands out an invocation as soon as the function asks for one. */
  CompletableFuture<Answer> submit(Task task) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    answers.put(task.requestId(), answer);
    tasks.add(task);
    return answer;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath().substring(ROOT.length());
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      switch (path) {
        case "invocation/next" -> handOut(exchange);
        case "restore/next" -> {
          beforeRestore.run();
          answer(exchange, 200, new byte[0]);
        }
        case "init/error", "restore/error" -> {
          started.complete(Optional.of(FunctionError.reported(body)));
          answer(exchange, 202, ACCEPTED);
        }
        default -> takeAnswer(exchange, path, body);
      }
    }
  }

  private void handOut(HttpExchange exchange) throws IOException {
    started.complete(Optional.empty());
    Task task;
    try {
      task = tasks.take();
    } catch (InterruptedException e) {
      // Closing; nobody waits for what would be said.
      Thread.currentThread().interrupt();
      return;
    }
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "application/json");
    headers.set("Lambda-Runtime-Aws-Request-Id", task.requestId());
    headers.set("Lambda-Runtime-Deadline-Ms", String.valueOf(task.deadlineMillis()));
    headers.set("Lambda-Runtime-Invoked-Function-Arn", task.functionArn());
    answer(exchange, 200, task.payload().getBytes(StandardCharsets.UTF_8));
  }

  private void takeAnswer(HttpExchange exchange, String path, String body) throws IOException {
    String[] parts = path.split("/", -1);
    boolean known = parts.length == 3 && parts[0].equals("invocation");
    CompletableFuture<Answer> waiting = known ? answers.remove(parts[1]) : null;
    if (waiting == null) {
      answer(exchange, 404, "no such invocation".getBytes(StandardCharsets.UTF_8));
      return;
    }
    waiting.complete(
        parts[2].equals("response")
            ? new Answer(Optional.of(body), Optional.empty())
            : new Answer(Optional.empty(), Optional.of(FunctionError.reported(body))));
    answer(exchange, 202, ACCEPTED);
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
