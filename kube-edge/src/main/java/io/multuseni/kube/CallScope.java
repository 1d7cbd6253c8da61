// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.multuseni.base.Deadline;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * What the requests of one invocation share: the way to the server, who counts them, and when they
 * have to be over.
 */
record CallScope(Supplier<KubeConnection> connections, KubeCallCounter counter, Deadline deadline) {
  /** A page that takes longer than this won't come. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** Timeouts are in whole milliseconds, and none of them may be zero. */
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final int TRIES = 3;

  /**
   * An answer that is left to the caller: what was asked for, or that it isn't there.
   *
   * @param status 200, 404 or 410
   * @param body as it came
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and a copy would double a page
  record Answer(int status, byte[] body) {
    boolean isMissing() {
      return status == HttpURLConnection.HTTP_NOT_FOUND;
    }

    boolean isGone() {
      return status == HttpURLConnection.HTTP_GONE;
    }
  }

  /** The server in words. */
  KubeServer server() {
    return connections.get().server();
  }

  /**
   * Reads, three times at most where a failure may pass, and only within the deadline.
   *
   * @param call the request in words
   * @param path the path behind the endpoint, and the query
   * @throws CallFailure whatever goes wrong
   */
  Answer get(KubeCall call, String path) {
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      try {
        return once(call, path);
      } catch (CallFailure failure) {
        boolean mayPass =
            switch (failure.meaning()) {
              case THROTTLED, TRANSIENT, UNKNOWN_EFFECT -> true;
              default -> false;
            };
        if (!mayPass || attempt == TRIES || deadline.left().compareTo(pause) <= 0) {
          throw failure;
        }
      }
      deadline.time().pause(pause);
      pause = pause.multipliedBy(4);
    }
  }

  private Answer once(KubeCall call, String path) {
    Duration left = timeFor(call);
    KubeConnection connection = connections.get();
    HttpClient http = connection.counted(counter);
    HttpRequest request =
        http.newHttpRequestBuilder()
            .uri(URI.create(connection.config().getMasterUrl()).resolve(path))
            .header("Accept", "application/json")
            .timeout(left.toMillis(), TimeUnit.MILLISECONDS)
            .build();
    HttpResponse<byte[]> response =
        await(call, connection, send(call, connection, http, request), left);
    Answer answer = new Answer(response.code(), response.body());
    boolean forTheCaller =
        answer.status() == HttpURLConnection.HTTP_OK
            || answer.isGone()
            || (answer.isMissing() && !KubeErrors.isMarkup(answer.body()));
    if (!forTheCaller) {
      throw KubeErrors.refused(call, connection.server(), answer.status(), answer.body());
    }
    return answer;
  }

  /** The time that a request may take. */
  private Duration timeFor(KubeCall call) {
    Duration left = deadline.left();
    if (left.isZero()) {
      throw new CallFailure(
          ErrorMeaning.TRANSIENT,
          call.action(),
          call.subject(),
          "NoTimeLeft",
          "it was not sent",
          null);
    }
    Duration bounded = left.compareTo(LONGEST) < 0 ? left : LONGEST;
    return bounded.compareTo(SHORTEST) < 0 ? SHORTEST : bounded;
  }

  private static CompletableFuture<HttpResponse<byte[]>> send(
      KubeCall call, KubeConnection connection, HttpClient http, HttpRequest request) {
    try {
      return http.sendAsync(request, byte[].class);
    } catch (RuntimeException e) {
      // The token is made on this thread.
      throw KubeErrors.unanswered(call, connection.server(), e);
    }
  }

  private static HttpResponse<byte[]> await(
      KubeCall call,
      KubeConnection connection,
      CompletableFuture<HttpResponse<byte[]>> answer,
      Duration longest) {
    try {
      return answer.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw KubeErrors.unanswered(
          call, connection.server(), e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new CallFailure(
          ErrorMeaning.UNKNOWN_EFFECT,
          call.action(),
          call.subject(),
          "NoAnswer",
          "no answer from %s within %d ms"
              .formatted(connection.server().name(), longest.toMillis()),
          e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + call.action(), e);
    }
  }
}
