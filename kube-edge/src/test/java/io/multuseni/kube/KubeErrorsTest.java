// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What errors mean, and that they say what to do. */
class KubeErrorsTest {
  private static final KubeServer SERVER =
      new KubeServer("https://api.example", "HOW TO BE KNOWN", "CHECK THE AUTHORITY");
  private static final KubeCall LIST_PODS = KubeCall.list(KubeResource.PODS);

  private static CallFailure refused(int status, String body) {
    return KubeErrors.refused(LIST_PODS, SERVER, status, body.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "400,INVALID",
    "401,DENIED",
    "403,DENIED",
    "404,INVALID",
    "409,INVALID",
    "410,TRANSIENT",
    "429,THROTTLED",
    "500,TRANSIENT",
    "503,TRANSIENT",
    "504,TRANSIENT"
  })
  void knowsEachStatus(int status, ErrorMeaning meaning) {
    CallFailure failure =
        refused(status, "{\"kind\":\"Status\",\"reason\":\"Because\",\"message\":\"of it\"}");

    assertThat(failure.meaning()).isEqualTo(meaning);
    assertThat(failure.action()).isEqualTo("list pods");
    assertThat(failure.resource()).isEqualTo("pods");
    assertThat(failure.code()).isEqualTo("Because");
    assertThat(failure).hasMessageContaining("of it");
  }

  @Test
  void namesTheStatusWhereNoReasonIsGiven() {
    assertThat(refused(500, "").explained())
        .isEqualTo("list pods on pods failed: HTTP 500: no further words");
    assertThat(refused(500, "{}").code()).isEqualTo("HTTP 500");
    assertThat(refused(500, "[1]").explained()).contains("[1]");
  }

  @Test
  void saysHowToBeKnown() {
    assertThat(refused(401, "").explained()).contains("HOW TO BE KNOWN");
  }

  @Test
  void saysWhichRuleIsMissing() {
    assertThat(refused(403, "").explained())
        .contains("the verb list on pods in the core API group is missing")
        .contains("rbac.yaml");
    assertThat(
            KubeErrors.refused(KubeCall.watch(KubeResource.POOLS), SERVER, 403, new byte[0])
                .explained())
        .contains("the verb watch on ippools in API group whereabouts.cni.cncf.io is missing");
  }

  @Test
  void keepsTheFirstWordsOfAPageOnly() {
    CallFailure failure = refused(403, "<html>\n  <body>" + "x".repeat(5000));

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.INVALID);
    assertThat(failure.explained())
        .contains("<html> <body>xxx")
        .contains("this is not a Kubernetes API server")
        .hasSizeLessThan(500);
  }

  static Stream<Arguments> whatKeepsAnswersAway() {
    return Stream.of(
        Arguments.of(new ConnectException("Connection refused"), "TRANSIENT", "NoConnection"),
        Arguments.of(new UnknownHostException("api.example"), "TRANSIENT", "NoConnection"),
        Arguments.of(
            new ConnectException().initCause(new UnresolvedAddressException()),
            "TRANSIENT",
            "NoConnection"),
        Arguments.of(new HttpConnectTimeoutException("timed out"), "TRANSIENT", "NoConnection"),
        Arguments.of(new HttpTimeoutException("timed out"), "UNKNOWN_EFFECT", "NoAnswer"),
        Arguments.of(new IOException("Connection reset"), "UNKNOWN_EFFECT", "NoAnswer"),
        Arguments.of(
            new SSLHandshakeException("Remote host terminated the handshake"),
            "UNKNOWN_EFFECT",
            "NoAnswer"),
        Arguments.of(
            new SSLHandshakeException("handshake").initCause(new CertificateException("PKIX")),
            "DENIED",
            "TlsFailure"));
  }

  @ParameterizedTest
  @MethodSource("whatKeepsAnswersAway")
  void knowsWhatKeepsAnswersAway(Throwable thrown, ErrorMeaning meaning, String code) {
    CallFailure failure = KubeErrors.unanswered(LIST_PODS, SERVER, new CompletionException(thrown));

    assertThat(failure.meaning()).isEqualTo(meaning);
    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure)
        .hasMessageContaining("https://api.example")
        .hasCauseInstanceOf(CompletionException.class);
  }

  @Test
  void namesTheAuthorityThatIsNotTheServers() {
    assertThat(
            KubeErrors.unanswered(LIST_PODS, SERVER, new CertificateException("PKIX failed"))
                .explained())
        .contains("PKIX failed")
        .contains("CHECK THE AUTHORITY");
  }

  @Test
  void handsOnAFailureOfOurOwn() {
    CallFailure ours = refused(403, "");

    assertThat(KubeErrors.unanswered(LIST_PODS, SERVER, new CompletionException(ours)))
        .isSameAs(ours);
    assertThat(KubeErrors.translate(LIST_PODS, SERVER, new CompletionException(ours)))
        .isSameAs(ours);
  }

  @Test
  void readsTheStatusInTheClientsException() {
    KubernetesClientException gone = new KubernetesClientException("too old", 410, null);

    CallFailure failure = KubeErrors.translate(LIST_PODS, SERVER, new CompletionException(gone));

    assertThat(failure.code()).isEqualTo("HTTP 410");
    assertThat(failure).hasMessageContaining("too old");
  }
}
