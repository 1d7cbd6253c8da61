// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An API server that answers exactly what a test tells it to: lists in pages, watches by WebSocket,
 * and scripted answers before them.
 */
final class CannedApi extends Dispatcher implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  static final String VERSION = "4711";

  private final Map<KubeResource, List<String>> objects = new EnumMap<>(KubeResource.class);
  private final Map<KubeResource, Deque<MockResponse>> scripted = new EnumMap<>(KubeResource.class);
  private final Map<KubeResource, MockResponse> always = new EnumMap<>(KubeResource.class);
  private final Map<KubeResource, BlockingQueue<Watch>> watches = new EnumMap<>(KubeResource.class);
  private final List<String> requests = new ArrayList<>();
  private final List<String> tokens = new ArrayList<>();
  private final MockWebServer server = new MockWebServer();

  /** A watch that is open, and the request that opened it. */
  record Watch(WebSocket socket, String path, CountDownLatch ended) {
    void emit(String type, String object) {
      socket.send("{\"type\":\"" + type + "\",\"object\":" + object + "}");
    }
  }

  private CannedApi(boolean tls) {
    forget();
    if (tls) {
      server.useHttps();
    }
    server.setDispatcher(this);
  }

  static CannedApi start() {
    return start(false, 0);
  }

  static CannedApi startWithTls() {
    return start(true, 0);
  }

  static CannedApi startAt(int port) {
    return start(false, port);
  }

  private static CannedApi start(boolean tls, int port) {
    try {
      CannedApi api = new CannedApi(tls);
      api.server.start(InetAddress.getByName("localhost"), port);
      return api;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("this machine has no loopback", e);
    }
  }

  /** As if it had just started: the certificate of a server with TLS takes a second to make. */
  synchronized void forget() {
    for (KubeResource resource : KubeResource.values()) {
      objects.put(resource, List.of());
      scripted.put(resource, new ArrayDeque<>());
      watches.put(resource, new LinkedBlockingQueue<>());
    }
    always.clear();
    requests.clear();
    tokens.clear();
  }

  URI endpoint() {
    return URI.create(server.url("/").toString());
  }

  int port() {
    return server.getPort();
  }

  String certificatePath() {
    return server.getSelfSignedCertificate().certificatePath();
  }

  synchronized void has(KubeResource resource, String... json) {
    objects.put(resource, List.of(json));
  }

  /** Answers the next requests for a resource, one after the other. */
  synchronized void next(KubeResource resource, MockResponse... answers) {
    Samples.of(scripted, resource).addAll(List.of(answers));
  }

  /** Answers each request for a resource. */
  synchronized void always(KubeResource resource, MockResponse answer) {
    always.put(resource, answer);
  }

  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  /** The Authorization header of each request. */
  synchronized List<String> tokens() {
    return List.copyOf(tokens);
  }

  /** The next watch that is opened on a resource. */
  Watch watch(KubeResource resource) throws InterruptedException {
    Watch watch = Samples.of(watches, resource).poll(20, TimeUnit.SECONDS);
    if (watch == null) {
      throw new AssertionError("nobody watches " + resource.plural());
    }
    return watch;
  }

  @Override
  public synchronized MockResponse dispatch(RecordedRequest request) {
    String path = request.getPath();
    requests.add(path);
    tokens.add(Optional.ofNullable(request.getHeader("Authorization")).orElse(""));
    Optional<KubeResource> asked =
        Stream.of(KubeResource.values())
            .filter(one ->
                path.matches("/" + one.path() + "([/?].*)?")
                    || path.matches(".*/namespaces/[^/]+/" + one.plural() + "/[^/]+"))
            .findFirst();
    if (asked.isEmpty()) {
      return noSuchApi();
    }
    KubeResource resource = asked.get();
    MockResponse answer = Samples.of(scripted, resource).poll();
    if (answer == null) {
      answer = always.get(resource);
    }
    if (answer != null) {
      return answer;
    }
    if (path.contains("watch=true")) {
      return new MockResponse().withWebSocketUpgrade(new Opening(resource, path));
    }
    if (path.contains("/namespaces/")) {
      return one(resource, path.substring(path.lastIndexOf('/') + 1));
    }
    return page(resource, path);
  }

  private MockResponse one(KubeResource resource, String name) {
    return Samples.of(objects, resource).stream()
        .filter(json -> json.contains("\"name\":\"" + name + "\""))
        .findFirst()
        .map(CannedApi::json)
        .orElseGet(() -> status(404, "NotFound", name + " not found"));
  }

  private MockResponse page(KubeResource resource, String path) {
    List<String> all = Samples.of(objects, resource);
    int limit = Integer.parseInt(parameter(path, "limit").orElseThrow());
    int from = parameter(path, "continue").map(Integer::parseInt).orElse(0);
    int to = Math.min(all.size(), from + limit);
    ObjectNode metadata = MAPPER.createObjectNode().put("resourceVersion", VERSION);
    if (to < all.size()) {
      metadata.put("continue", Integer.toString(to));
    }
    return json(
        "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":"
            + metadata
            + ",\"items\":["
            + String.join(",", all.subList(from, to))
            + "]}");
  }

  private static Optional<String> parameter(String path, String name) {
    return Stream.of(path.substring(path.indexOf('?') + 1).split("&"))
        .filter(one -> one.startsWith(name + "="))
        .map(one -> one.substring(name.length() + 1))
        .findFirst();
  }

  static MockResponse json(String body) {
    return new MockResponse()
        .setResponseCode(200)
        .setHeader("Content-Type", "application/json")
        .setBody(body.getBytes(StandardCharsets.UTF_8));
  }

  static MockResponse status(int code, String reason, String message) {
    return json(statusObject(code, reason, message)).setResponseCode(code);
  }

  static String statusObject(int code, String reason, String message) {
    return MAPPER
        .createObjectNode()
        .put("kind", "Status")
        .put("apiVersion", "v1")
        .put("status", "Failure")
        .put("reason", reason)
        .put("message", message)
        .put("code", code)
        .toString();
  }

  /** As a real API server answers for an API that it doesn't have. */
  static MockResponse noSuchApi() {
    return new MockResponse()
        .setResponseCode(404)
        .setHeader("Content-Type", "text/plain; charset=utf-8")
        .setBody("404 page not found\n");
  }

  static MockResponse html(int code) {
    return new MockResponse()
        .setResponseCode(code)
        .setHeader("Content-Type", "text/html")
        .setBody("<html><head><title>Sign in to the proxy</title></head></html>");
  }

  @Override
  public void close() throws IOException {
    server.shutdown();
  }

  private final class Opening extends WebSocketListener {
    private final KubeResource resource;
    private final String path;
    private final CountDownLatch ended = new CountDownLatch(1);

    Opening(KubeResource resource, String path) {
      this.resource = resource;
      this.path = path;
    }

    @Override
    public void onOpen(WebSocket socket, Response response) {
      Samples.of(watches, resource).add(new Watch(socket, path, ended));
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
      ended.countDown();
    }

    @Override
    public void onClosed(WebSocket socket, int code, String reason) {
      ended.countDown();
    }
  }
}
