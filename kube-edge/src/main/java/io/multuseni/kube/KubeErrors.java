// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What the Kubernetes API, or what stands between it and us, means by an error. */
final class KubeErrors {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int WORDS = 160;

  private KubeErrors() {}

  /**
   * Tells an answer that isn't the one asked for. Source: Kubernetes API conventions, "HTTP status
   * codes".
   *
   * @param call the request
   * @param server the server and how it knows us
   * @param status HTTP status
   * @param body the answer
   */
  static CallFailure refused(KubeCall call, KubeServer server, int status, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    if (status < 500 && status != 429 && isMarkup(text)) {
      return notKubernetes(call, server, "HTTP " + status, text, null);
    }
    Optional<JsonNode> answer = status(text);
    String message =
        answer
            .map(json -> json.path("message").asText(""))
            .filter(one -> !one.isEmpty())
            .orElse(text.isEmpty() ? "no further words" : firstWords(text));
    String code =
        answer
            .map(json -> json.path("reason").asText(""))
            .filter(one -> !one.isEmpty())
            .orElse("HTTP " + status);
    return switch (status) {
      case 401 ->
          failure(ErrorMeaning.DENIED, call, code, message + "; " + server.howToBeKnown(), null);
      case 403 ->
          failure(
              ErrorMeaning.DENIED,
              call,
              code,
              "%s; the verb %s on %s in %s is missing: grant it with the RBAC manifest that the"
                      .formatted(
                          message,
                          call.verb(),
                          call.resource().plural(),
                          call.resource().groupInWords())
                  + " deployment writes (rbac.yaml)",
              null);
      case 404 ->
          failure(
              ErrorMeaning.INVALID,
              call,
              code,
              message + "; check that " + server.name() + " is the cluster's API server",
              null);
      case 410 ->
          failure(
              ErrorMeaning.TRANSIENT,
              call,
              code,
              message + "; the list changed faster than its pages could be read",
              null);
      case 429 -> failure(ErrorMeaning.THROTTLED, call, code, message, null);
      default ->
          failure(
              status >= 500 ? ErrorMeaning.TRANSIENT : ErrorMeaning.INVALID,
              call,
              code,
              message,
              null);
    };
  }

  /** An answer that was meant to be JSON of the Kubernetes API and is something else. */
  static CallFailure unreadable(KubeCall call, KubeServer server, byte[] body, IOException cause) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    return notKubernetes(call, server, "NotJson", text, cause);
  }

  /**
   * Tells what kept an answer from coming.
   *
   * @param call the request
   * @param server the server
   * @param thrown what the client threw
   */
  static CallFailure unanswered(KubeCall call, KubeServer server, Throwable thrown) {
    Optional<CallFailure> ours = inChain(thrown, CallFailure.class);
    if (ours.isPresent()) {
      return ours.get();
    }
    String words = words(thrown);
    if (isAboutCertificates(thrown)) {
      return failure(
          ErrorMeaning.DENIED,
          call,
          "TlsFailure",
          words
              + "; the certificate of "
              + server.name()
              + " is not trusted: "
              + server.authority(),
          thrown);
    }
    boolean neverSent =
        Stream.of(
                ConnectException.class,
                UnknownHostException.class,
                UnresolvedAddressException.class,
                HttpConnectTimeoutException.class)
            .anyMatch(type -> inChain(thrown, type).isPresent());
    if (neverSent) {
      return failure(
          ErrorMeaning.TRANSIENT,
          call,
          "NoConnection",
          "%s can't be reached (%s); if that stays, check the endpoint and that security groups"
                  .formatted(server.name(), words)
              + " and routes let this function reach it",
          thrown);
    }
    return failure(
        ErrorMeaning.UNKNOWN_EFFECT,
        call,
        "NoAnswer",
        "no answer from " + server.name() + " (" + words + ")",
        thrown);
  }

  /** Tells a failure of fabric8's own calls, which carry the status where there was an answer. */
  static CallFailure translate(KubeCall call, KubeServer server, Throwable thrown) {
    Optional<KubernetesClientException> answered =
        inChain(thrown, KubernetesClientException.class).filter(one -> one.getCode() > 0);
    if (answered.isPresent() && inChain(thrown, CallFailure.class).isEmpty()) {
      int code = answered.get().getCode();
      String message = String.valueOf(answered.get().getMessage());
      return refused(call, server, code, message.getBytes(StandardCharsets.UTF_8));
    }
    return unanswered(call, server, thrown);
  }

  private static CallFailure notKubernetes(
      KubeCall call, KubeServer server, String code, String text, @Nullable Throwable cause) {
    // What a JSON reader says of a page of HTML helps nobody.
    String why = cause == null || isMarkup(text) ? "" : " (" + words(cause) + ")";
    return failure(
        ErrorMeaning.INVALID,
        call,
        code,
        "%s answered \"%s\"%s: this is not a Kubernetes API server; check the endpoint, and what"
                .formatted(server.name(), firstWords(text), why)
            + " proxy stands in front of it",
        cause);
  }

  private static CallFailure failure(
      ErrorMeaning meaning, KubeCall call, String code, String message, @Nullable Throwable cause) {
    return new CallFailure(meaning, call.action(), call.subject(), code, message, cause);
  }

  private static Optional<JsonNode> status(String text) {
    try {
      return Optional.ofNullable(MAPPER.readTree(text)).filter(JsonNode::isObject);
    } catch (JsonProcessingException e) {
      // Not every error is a Status: a missing API answers in plain text.
      return Optional.empty();
    }
  }

  /** Whether an answer is HTML or XML, which no Kubernetes API gives. */
  static boolean isMarkup(byte[] body) {
    return isMarkup(new String(body, StandardCharsets.UTF_8).strip());
  }

  private static boolean isMarkup(String text) {
    return text.startsWith("<");
  }

  /** Whether an answer is a Status, as the API gives it for an object that doesn't exist. */
  static boolean isStatus(byte[] body) {
    return status(new String(body, StandardCharsets.UTF_8))
        .filter(json -> json.path("kind").asText("").equals("Status"))
        .isPresent();
  }

  private static String firstWords(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= WORDS ? line : line.substring(0, WORDS) + "…";
  }

  private static boolean isAboutCertificates(Throwable thrown) {
    return inChain(thrown, CertificateException.class).isPresent()
        || inChain(thrown, CertPathBuilderException.class).isPresent()
        || inChain(thrown, SSLPeerUnverifiedException.class).isPresent();
  }

  /** The innermost cause says what happened; the ones around it only that something did. */
  static String words(Throwable thrown) {
    Throwable innermost = thrown;
    String words = "";
    for (int depth = 0; innermost != null && depth < 20; depth++) {
      if (innermost.getMessage() != null && !innermost.getMessage().isBlank()) {
        words = innermost.getMessage();
      } else if (innermost.getCause() == null) {
        words = innermost.getClass().getSimpleName();
      }
      innermost = innermost.getCause();
    }
    return firstWords(words);
  }

  private static <T extends Throwable> Optional<T> inChain(Throwable thrown, Class<T> type) {
    Throwable one = thrown;
    for (int depth = 0; one != null && depth < 20; depth++) {
      if (type.isInstance(one)) {
        return Optional.of(type.cast(one));
      }
      one = one.getCause();
    }
    return Optional.empty();
  }
}
