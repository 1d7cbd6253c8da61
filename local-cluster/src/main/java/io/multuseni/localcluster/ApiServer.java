// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * HTTP and WebSocket on the loopback address. One request in, one answer or watch out: faults
 * first, then the token, then the state, then the record.
 */
final class ApiServer implements AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger(ApiServer.class.getName());
  private static final int MAX_LINE = 16 * 1024;
  private static final int BACKLOG = 4096;

  private final Store store;
  private final Api api;
  private final KubeFaults faults;
  private final KubeCallLog calls;
  private final Vertx vertx;
  private final HttpServer server;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

  ApiServer(Store store, KubeFaults faults, KubeCallLog calls) {
    this.store = store;
    this.api = new Api(store, faults::isMissing);
    this.faults = faults;
    this.calls = calls;
    quietNetty();
    vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(2)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    // Clients of the JDK offer h2c with their first request; plain HTTP/1.1 is what both speak
    // well.
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHttp2ClearTextEnabled(false)
                    .setMaxInitialLineLength(MAX_LINE)
                    .setMaxHeaderSize(MAX_LINE)
                    .setAcceptBacklog(BACKLOG))
            .requestHandler(this::take);
    await(server.listen(0, "127.0.0.1"), "listen on the loopback address");
  }

  /**
   * Without this the JDK prints warnings about sun.misc.Unsafe into the output of whoever starts a
   * cluster. Netty reads it once, with the first of its classes; a value that is set stays.
   */
  private static void quietNetty() {
    if (System.getProperty("io.netty.noUnsafe") == null) {
      System.setProperty("io.netty.noUnsafe", "true");
    }
  }

  int port() {
    return server.actualPort();
  }

  /** Ends all watches and connections, and the threads behind them. */
  @Override
  public void close() {
    workers.shutdownNow();
    await(vertx.close(), "stop");
  }

  private static <T> void await(Future<T> future, String what) {
    try {
      future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the server was to " + what, e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the server could not " + what, e);
    }
  }

  /** On the event loop: reads the body, then leaves it, since faults and events may take time. */
  private void take(HttpServerRequest request) {
    Context context = vertx.getOrCreateContext();
    if (isUpgrade(request)) {
      request.pause(); // It can be upgraded only as long as its end hasn't been read.
      workers.execute(() -> enter(request, context, new byte[0], true));
    } else {
      request
          .body()
          .onSuccess(body -> {
            byte[] bytes = body.getBytes();
            workers.execute(() -> enter(request, context, bytes, false));
          })
          .onFailure(gone -> LOGGER.log(System.Logger.Level.DEBUG, "a request broke off", gone));
    }
  }

  private static boolean isUpgrade(HttpServerRequest request) {
    String upgrade = request.getHeader("Upgrade");
    return upgrade != null && upgrade.toLowerCase(Locale.ROOT).contains("websocket");
  }

  private void enter(HttpServerRequest http, Context context, byte[] body, boolean upgrade) {
    String method = http.method().name();
    try {
      handle(new Exchange(http, context, body, upgrade, ApiRequest.parse(method, http.uri())));
    } catch (ApiException unreadable) {
      ApiRequest call = ApiRequest.unreadable(method, http.uri());
      send(
          new Exchange(http, context, body, upgrade, call),
          Optional.of(Answer.refusal(unreadable)),
          false);
    }
  }

  private void handle(Exchange exchange) {
    ApiRequest request = exchange.call;
    try {
      List<KubeEffect> effects = faults.next(request);
      for (KubeEffect effect : effects) {
        switch (effect) {
          case KubeEffect.Delayed(var delay) -> Thread.sleep(delay);
          case KubeEffect.Before(var event) -> event.run();
          default -> {}
        }
      }
      List<Runnable> after =
          effects.stream()
              .filter(KubeEffect.After.class::isInstance)
              .map(e -> ((KubeEffect.After) e).event())
              .toList();
      Optional<KubeEffect> decided = effects.stream().filter(KubeEffect::decides).findFirst();
      if (decided.isEmpty() && request.verb().equals("watch")) {
        watch(exchange, after);
        return;
      }
      Optional<Answer> answer = answer(exchange, decided);
      after.forEach(Runnable::run);
      send(exchange, answer, decided.filter(KubeEffect.Cut.class::isInstance).isPresent());
    } catch (InterruptedException e) {
      // The cluster is closing: the caller sees its connection go.
      Thread.currentThread().interrupt();
    } catch (RuntimeException bug) {
      // A mistake of this server or of a planted event: the caller must see it as what it is.
      LOGGER.log(System.Logger.Level.ERROR, "failed to answer " + request.uri(), bug);
      ApiException error = new ApiException(500, "local-cluster failed: " + bug);
      send(exchange, Optional.of(Answer.refusal(error)), false);
    }
  }

  /** The answer, or nothing if the connection is to be closed without one. */
  private Optional<Answer> answer(Exchange exchange, Optional<KubeEffect> decided) {
    if (decided.isPresent()) {
      if (decided.get() instanceof KubeEffect.Answered(var planted)) {
        return Optional.of(planted);
      }
      if (decided.get() instanceof KubeEffect.Dropped || exchange.call.verb().equals("watch")) {
        return Optional.empty();
      }
    }
    if (!admits(exchange)) {
      return Optional.of(unauthorized());
    }
    String contentType = exchange.http.getHeader("Content-Type");
    return Optional.of(
        api.answer(exchange.call, contentType == null ? "" : contentType, exchange.body));
  }

  private boolean admits(Exchange exchange) {
    return faults.admits(Optional.ofNullable(exchange.http.getHeader("Authorization")));
  }

  private static Answer unauthorized() {
    return Answer.refusal(new ApiException(401, "Unauthorized"));
  }

  // ---- answers -------------------------------------------------------------------------------

  private void send(Exchange exchange, Optional<Answer> answer, boolean cut) {
    record(
        exchange,
        answer.map(Answer::status).orElse(0),
        answer.map(a -> (long) a.body().length).orElse(0L));
    exchange.context.runOnContext(_ -> {
      HttpServerRequest http = exchange.http;
      http.resume();
      if (answer.isEmpty()) {
        http.connection().close();
        return;
      }
      HttpServerResponse response = http.response().setStatusCode(answer.get().status());
      response.putHeader("Content-Type", answer.get().contentType());
      if (answer.get().status() == 429) {
        response.putHeader("Retry-After", "1");
      }
      Buffer body = Buffer.buffer(answer.get().body());
      if (cut) {
        response.putHeader("Content-Length", Integer.toString(body.length()));
        response.write(body.slice(0, body.length() / 2)).onComplete(_ -> http.connection().close());
      } else {
        response.end(body).onFailure(ApiServer::callerGone);
      }
    });
  }

  private void record(Exchange exchange, int status, long bytes) {
    ApiRequest r = exchange.call;
    calls.add(
        new KubeCall(
            r.verb(), r.resource(), r.namespace(), r.name(), r.page(), status, bytes, r.uri()));
  }

  private static void callerGone(Throwable why) {
    LOGGER.log(System.Logger.Level.DEBUG, "a caller went before its answer", why);
  }

  // ---- watches -------------------------------------------------------------------------------

  private void watch(Exchange exchange, List<Runnable> after) {
    ApiRequest request = exchange.call;
    if (!admits(exchange)) {
      send(exchange, Optional.of(unauthorized()), false);
      return;
    }
    Optional<ResourceType> type = api.type(request);
    if (type.isEmpty()) {
      send(exchange, Optional.of(Answer.unknownPath()), false);
      return;
    }
    OptionalLong from;
    Selection selection;
    OptionalLong seconds;
    try {
      from = api.watchFrom(request);
      selection = Selection.of(request, type.get());
      seconds = seconds(request);
    } catch (ApiException refused) {
      send(exchange, Optional.of(Answer.refusal(refused)), false);
      return;
    }
    boolean bookmarks = request.param("allowWatchBookmarks").filter("true"::equals).isPresent();
    Order order = new Order(type.get(), selection, bookmarks, from, seconds);
    after.forEach(Runnable::run);
    record(exchange, exchange.upgrade ? 101 : 200, 0);
    exchange.context.runOnContext(_ -> {
      if (exchange.upgrade) {
        exchange
            .http
            .toWebSocket()
            .onSuccess(socket -> watchOver(socket, exchange.context, order))
            .onFailure(ApiServer::callerGone);
      } else {
        watchAsLines(exchange, order);
      }
    });
  }

  private void watchOver(ServerWebSocket socket, Context context, Order order) {
    Watch watch = order.watch(new SocketSink(context, socket));
    socket.exceptionHandler(ApiServer::callerGone);
    socket.closeHandler(_ -> store.end(watch));
    begin(watch, order);
  }

  private void watchAsLines(Exchange exchange, Order order) {
    HttpServerResponse response = exchange.http.response();
    if (response.closed()) {
      return; // Its caller went meanwhile, and nothing would tell the store.
    }
    Watch watch = order.watch(new StreamSink(exchange.context, exchange.http));
    response.exceptionHandler(ApiServer::callerGone);
    response.closeHandler(_ -> store.end(watch));
    response.setChunked(true).putHeader("Content-Type", "application/json");
    // Nothing may happen for long: the caller must see now that it is watching.
    response.write(Buffer.buffer()).onFailure(ApiServer::callerGone);
    begin(watch, order);
  }

  private void begin(Watch watch, Order order) {
    if (store.start(watch, order.from) && order.seconds.isPresent()) {
      vertx.setTimer(
          TimeUnit.SECONDS.toMillis(order.seconds.getAsLong()),
          _ -> {
            store.end(watch);
            watch.sink().end();
          });
    }
  }

  private static OptionalLong seconds(ApiRequest request) {
    Optional<String> text = request.param("timeoutSeconds");
    try {
      return text.isEmpty()
          ? OptionalLong.empty()
          : OptionalLong.of(Math.max(1, Long.parseLong(text.get())));
    } catch (NumberFormatException e) {
      throw ApiException.badRequest("timeoutSeconds \"" + text.get() + "\" is no number");
    }
  }

  /**
   * What a caller wants to watch.
   *
   * @param from see {@link Store#start}
   * @param seconds how long, if it said so
   */
  private record Order(
      ResourceType type,
      Selection selection,
      boolean bookmarks,
      OptionalLong from,
      OptionalLong seconds) {
    Watch watch(WatchSink sink) {
      return new Watch(type, selection, bookmarks, sink);
    }
  }

  /** One request on its way through. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Exchange(
      HttpServerRequest http, Context context, byte[] body, boolean upgrade, ApiRequest call) {}

  /**
   * Each event a text frame. Everything goes through the context's queue, which keeps the order.
   */
  private record SocketSink(Context context, ServerWebSocket socket) implements WatchSink {
    @Override
    public void send(byte[] event) {
      String text = new String(event, StandardCharsets.UTF_8);
      context.runOnContext(_ -> {
        if (!socket.isClosed()) {
          socket.writeTextMessage(text).onFailure(ApiServer::callerGone);
        }
      });
    }

    @Override
    public void end() {
      context.runOnContext(_ -> socket.close().onFailure(ApiServer::callerGone));
    }

    @Override
    public void cut() {
      context.runOnContext(_ -> socket.close((short) 1001, "cut").onFailure(ApiServer::callerGone));
    }
  }

  /** Each event a line. */
  private record StreamSink(Context context, HttpServerRequest request) implements WatchSink {
    @Override
    public void send(byte[] event) {
      Buffer line = Buffer.buffer(event.length + 1).appendBytes(event).appendByte((byte) '\n');
      context.runOnContext(_ -> {
        HttpServerResponse response = request.response();
        if (!response.closed() && !response.ended()) {
          response.write(line).onFailure(ApiServer::callerGone);
        }
      });
    }

    @Override
    public void end() {
      context.runOnContext(_ -> {
        HttpServerResponse response = request.response();
        if (!response.closed() && !response.ended()) {
          response.end().onFailure(ApiServer::callerGone);
        }
      });
    }

    @Override
    public void cut() {
      context.runOnContext(_ -> request.connection().close());
    }
  }
}
