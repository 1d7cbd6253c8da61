// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An open way to one API server.
 *
 * @param http the client; connections and threads are its own
 * @param config what it was set up by
 * @param server the server in words
 * @param watches what goes on over it, and would go on without it
 */
record KubeConnection(HttpClient http, Config config, KubeServer server, Set<Watches> watches)
    implements AutoCloseable {
  /** Reads are repeated by {@link CallScope}, which knows the deadline and counts. */
  private static final int NO_REPETITION = 0;

  private static final int CONNECT_MILLIS = 5_000;

  /**
   * Half a minute or so, since the pauses double from one second. fabric8 tries for ever if let,
   * also where the server refuses for good, and nobody would learn that changes are missed.
   */
  private static final int WATCH_TRIES = 5;

  /**
   * A cluster of EKS.
   *
   * @param authority its certificate authority, PEM in base64
   * @param token makes its tokens
   */
  record Eks(String authority, EksToken token) {}

  /**
   * Opens a way. Nothing is sent.
   *
   * @param config endpoint, certificate authority, credentials
   * @param eks what EKS wants beside, and in place of what fabric8 does
   * @param server the server in words
   */
  static KubeConnection open(Config config, Optional<Eks> eks, KubeServer server) {
    return open(config, eks, server, new JdkHttpClientFactory());
  }

  /** As above, with the factory of its client. */
  static KubeConnection open(
      Config config, Optional<Eks> eks, KubeServer server, JdkHttpClientFactory factory) {
    config.setRequestRetryBackoffLimit(NO_REPETITION);
    config.setConnectionTimeout(CONNECT_MILLIS);
    config.setWatchReconnectLimit(WATCH_TRIES);
    HttpClient.Builder builder = factory.newBuilder();
    HttpClientUtils.applyCommonConfiguration(config, builder, factory);
    eks.ifPresent(one -> {
      builder.sslContext(null, CertificateAuthority.trust(one.authority()));
      builder.addOrReplaceInterceptor(
          TokenRefreshInterceptor.NAME, new TokenInterceptor(one.token()));
    });
    builder.addOrReplaceInterceptor("multus-eni-count", new CountingInterceptor());
    return new KubeConnection(builder.build(), config, server, ConcurrentHashMap.newKeySet());
  }

  /** The same way, with all that goes over it counted. */
  HttpClient counted(KubeCallCounter counter) {
    return http.newBuilder().tag(counter).build();
  }

  @Override
  public void close() {
    List.copyOf(watches).forEach(Watches::close);
    http.close();
  }

  /** Counts what leaves. */
  private static final class CountingInterceptor implements Interceptor {
    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      KubeCallCounter counter = tags.getTag(KubeCallCounter.class);
      if (counter != null) {
        counter.sent(request.uri());
      }
    }
  }
}
