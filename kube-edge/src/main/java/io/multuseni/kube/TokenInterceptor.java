// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.HttpURLConnection;
import java.util.concurrent.CompletableFuture;

/**
 * Puts the EKS token on each request, and where the server refuses it, a new one on its one
 * repetition: the sandbox may have slept, or the role's credentials have changed.
 */
final class TokenInterceptor implements Interceptor {
  private static final String HEADER = "Authorization";
  private static final String SCHEME = "Bearer ";

  private final EksToken token;

  TokenInterceptor(EksToken token) {
    this.token = token;
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    builder.setHeader(HEADER, SCHEME + token.current());
  }

  @Override
  public CompletableFuture<Boolean> afterFailure(
      BasicBuilder builder, HttpResponse<?> response, RequestTags tags) {
    if (response.code() != HttpURLConnection.HTTP_UNAUTHORIZED) {
      return CompletableFuture.completedFuture(false);
    }
    HttpRequest refused = response.request();
    String sent = refused.header(HEADER) == null ? "" : refused.header(HEADER);
    builder.setHeader(
        HEADER,
        SCHEME + token.insteadOf(sent.startsWith(SCHEME) ? sent.substring(SCHEME.length()) : ""));
    KubeCallCounter counter = tags.getTag(KubeCallCounter.class);
    if (counter != null) {
      counter.sent(refused.uri());
    }
    return CompletableFuture.completedFuture(true);
  }
}
