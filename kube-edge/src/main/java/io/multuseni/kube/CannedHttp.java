// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/** An HTTP client that opens no connection: it answers by the path of a request. */
final class CannedHttp extends HttpClient {
  private static final HttpHeaders NO_HEADERS = HttpHeaders.of(Map.of(), (name, value) -> true);

  private final HttpClient likeThis;
  private final Map<String, String> answers;

  private CannedHttp(HttpClient likeThis, Map<String, String> answers) {
    this.likeThis = likeThis;
    this.answers = answers;
  }

  /** Makes a real client by all settings, closes it, and gives a canned one. */
  static final class Builder implements HttpClient.Builder {
    private final HttpClient.Builder settings;
    private final Map<String, String> answers;

    /**
     * Takes what it works with.
     *
     * @param settings get all settings
     * @param answers path to body
     */
    Builder(HttpClient.Builder settings, Map<String, String> answers) {
      this.settings = settings;
      this.answers = answers;
    }

    @Override
    public HttpClient build() {
      try (HttpClient real = settings.build()) {
        return new CannedHttp(real, answers);
      }
    }

    @Override
    public HttpClient.Builder cookieHandler(CookieHandler cookieHandler) {
      settings.cookieHandler(cookieHandler);
      return this;
    }

    @Override
    public HttpClient.Builder connectTimeout(Duration duration) {
      settings.connectTimeout(duration);
      return this;
    }

    @Override
    public HttpClient.Builder sslContext(SSLContext sslContext) {
      settings.sslContext(sslContext);
      return this;
    }

    @Override
    public HttpClient.Builder sslParameters(SSLParameters sslParameters) {
      settings.sslParameters(sslParameters);
      return this;
    }

    @Override
    public HttpClient.Builder executor(Executor executor) {
      settings.executor(executor);
      return this;
    }

    @Override
    public HttpClient.Builder followRedirects(Redirect policy) {
      settings.followRedirects(policy);
      return this;
    }

    @Override
    public HttpClient.Builder version(Version version) {
      settings.version(version);
      return this;
    }

    @Override
    public HttpClient.Builder priority(int priority) {
      settings.priority(priority);
      return this;
    }

    @Override
    public HttpClient.Builder proxy(ProxySelector proxySelector) {
      settings.proxy(proxySelector);
      return this;
    }

    @Override
    public HttpClient.Builder authenticator(Authenticator authenticator) {
      settings.authenticator(authenticator);
      return this;
    }
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    Optional<String> body = Optional.ofNullable(answers.get(request.uri().getPath()));
    int status = body.isPresent() ? 200 : 404;
    HttpResponse.BodySubscriber<T> subscriber =
        handler.apply(
            new HttpResponse.ResponseInfo() {
              @Override
              public int statusCode() {
                return status;
              }

              @Override
              public HttpHeaders headers() {
                return NO_HEADERS;
              }

              @Override
              public Version version() {
                return Version.HTTP_1_1;
              }
            });
    subscriber.onSubscribe(new Once(subscriber, body.orElse("").getBytes(StandardCharsets.UTF_8)));
    return subscriber
        .getBody()
        .toCompletableFuture()
        .thenApply(it -> new Answer<>(request, status, it));
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request,
      HttpResponse.BodyHandler<T> handler,
      HttpResponse.PushPromiseHandler<T> pushPromises) {
    return sendAsync(request, handler);
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    return sendAsync(request, handler).join();
  }

  /** Hands the whole body over at the first request for some of it. */
  private static final class Once implements Flow.Subscription {
    private final HttpResponse.BodySubscriber<?> subscriber;
    private final byte[] body;
    private final AtomicBoolean over = new AtomicBoolean();

    Once(HttpResponse.BodySubscriber<?> subscriber, byte[] body) {
      this.subscriber = subscriber;
      this.body = body;
    }

    @Override
    public void request(long items) {
      if (!over.getAndSet(true)) {
        subscriber.onNext(List.of(ByteBuffer.wrap(body)));
        subscriber.onComplete();
      }
    }

    @Override
    public void cancel() {
      over.set(true);
    }
  }

  private record Answer<T>(HttpRequest request, int statusCode, T body) implements HttpResponse<T> {
    @Override
    public Optional<HttpResponse<T>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public HttpHeaders headers() {
      return NO_HEADERS;
    }

    @Override
    public Optional<SSLSession> sslSession() {
      return Optional.empty();
    }

    @Override
    public URI uri() {
      return request.uri();
    }

    @Override
    public Version version() {
      return Version.HTTP_1_1;
    }
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return likeThis.cookieHandler();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return likeThis.connectTimeout();
  }

  @Override
  public Redirect followRedirects() {
    return likeThis.followRedirects();
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return likeThis.proxy();
  }

  @Override
  public SSLContext sslContext() {
    return likeThis.sslContext();
  }

  @Override
  public SSLParameters sslParameters() {
    return likeThis.sslParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return likeThis.authenticator();
  }

  @Override
  public Version version() {
    return likeThis.version();
  }

  @Override
  public Optional<Executor> executor() {
    return likeThis.executor();
  }

  @Override
  public void close() {}
}
