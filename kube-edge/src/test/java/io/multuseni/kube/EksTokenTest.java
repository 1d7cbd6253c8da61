// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;

/** The token that an EKS cluster checks, part by part. */
class EksTokenTest {
  private static final String SECRET = "secretsecretsecretsecretsecretsecret";

  private final TestTime time = new TestTime();
  private final AtomicInteger asked = new AtomicInteger();
  private final EksToken token = token(Region.EU_CENTRAL_1);

  private EksToken token(Region region) {
    return new EksToken(
        "core5g",
        () -> {
          asked.incrementAndGet();
          return StaticCredentialsProvider.create(
              AwsSessionCredentials.create("ASIAEXAMPLE", SECRET, "session/token+="));
        },
        () -> region,
        time);
  }

  private static URI url(String token) {
    assertThat(token).startsWith("k8s-aws-v1.").hasSizeLessThan(4096);
    String encoded = token.substring("k8s-aws-v1.".length());
    assertThat(encoded).matches("[A-Za-z0-9_-]+");
    return URI.create(new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8));
  }

  private static SortedMap<String, String> query(URI url) {
    SortedMap<String, String> parameters = new TreeMap<>();
    for (String one : url.getRawQuery().split("&", -1)) {
      int equals = one.indexOf('=');
      parameters.put(
          one.substring(0, equals),
          URLDecoder.decode(one.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return parameters;
  }

  @Test
  void signsNothingBeforeItsFirstUse() {
    assertThat(asked).hasValue(0);
    assertThat(token.current()).isNotEmpty();
    assertThat(asked).hasValue(1);
  }

  @Test
  void isAPresignedCallThatSaysWhoCalls() {
    URI url = url(token.current());

    assertThat(url.getScheme()).isEqualTo("https");
    assertThat(url.getHost()).isEqualTo("sts.eu-central-1.amazonaws.com");
    assertThat(url.getPath()).isEqualTo("/");
    assertThat(query(url))
        .as("the authenticator refuses any other parameter")
        .containsOnlyKeys(
            "Action",
            "Version",
            "X-Amz-Algorithm",
            "X-Amz-Credential",
            "X-Amz-Date",
            "X-Amz-Expires",
            "X-Amz-Security-Token",
            "X-Amz-Signature",
            "X-Amz-SignedHeaders")
        .containsEntry("Action", "GetCallerIdentity")
        .containsEntry("Version", "2011-06-15")
        .containsEntry("X-Amz-Algorithm", "AWS4-HMAC-SHA256")
        .containsEntry("X-Amz-Credential", "ASIAEXAMPLE/20261125/eu-central-1/sts/aws4_request")
        .containsEntry("X-Amz-Date", "20261125T080000Z")
        .containsEntry("X-Amz-Expires", "60")
        .containsEntry("X-Amz-SignedHeaders", "host;x-k8s-aws-id");
  }

  /** The signature by the rules of Signature Version 4, computed here by hand. */
  @Test
  void isSignedOverTheClustersName() throws GeneralSecurityException {
    URI url = url(token.current());
    String unsigned =
        Arrays.stream(url.getRawQuery().split("&", -1))
            .filter(one -> !one.startsWith("X-Amz-Signature="))
            .sorted()
            .collect(Collectors.joining("&"));
    String emptyBody = hex(sha256(""));
    String canonical =
        "GET\n/\n"
            + unsigned
            + "\nhost:"
            + url.getHost()
            + "\nx-k8s-aws-id:core5g\n\nhost;x-k8s-aws-id\n"
            + emptyBody;
    String scope = "20261125/eu-central-1/sts/aws4_request";
    String toSign = "AWS4-HMAC-SHA256\n20261125T080000Z\n" + scope + "\n" + hex(sha256(canonical));
    byte[] key = ("AWS4" + SECRET).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }

    assertThat(query(url)).containsEntry("X-Amz-Signature", hex(hmac(key, toSign)));
  }

  private static byte[] sha256(String text) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "us-east-1,sts.us-east-1.amazonaws.com",
    "cn-north-1,sts.cn-north-1.amazonaws.com.cn",
    "us-gov-west-1,sts.us-gov-west-1.amazonaws.com",
    "eu-central-9,sts.eu-central-9.amazonaws.com"
  })
  void asksTheRegionsOwnSts(String region, String host) {
    assertThat(url(token(Region.of(region)).current()).getHost()).isEqualTo(host);
  }

  @Test
  void carriesNoSessionWhereTheCredentialsHaveNone() {
    EksToken longLived =
        new EksToken(
            "core5g",
            () -> StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIA", SECRET)),
            () -> Region.US_EAST_1,
            time);

    assertThat(query(url(longLived.current()))).doesNotContainKey("X-Amz-Security-Token");
  }

  @Test
  void staysTheSameForFourteenMinutes() {
    String first = token.current();
    time.pause(Duration.ofMinutes(14).minusMillis(1));

    assertThat(token.current()).isEqualTo(first);
    time.pause(Duration.ofMillis(1));
    assertThat(token.current()).isNotEqualTo(first);
  }

  @Test
  void isAnotherTwentyMinutesLater() {
    String first = token.current();
    time.pause(Duration.ofMinutes(20));

    String second = token.current();

    assertThat(second).isNotEqualTo(first);
    assertThat(query(url(second))).containsEntry("X-Amz-Date", "20261125T082000Z");
  }

  @Test
  void isRenewedOnceForAllWhoseRequestsWereRefused() {
    String first = token.current();
    time.pause(Duration.ofSeconds(1));

    String second = token.insteadOf(first);
    time.pause(Duration.ofSeconds(1));

    assertThat(second).isNotEqualTo(first);
    assertThat(token.insteadOf(first)).isEqualTo(second);
    assertThat(asked).hasValue(2);
  }

  @Test
  void saysWhatIsMissingWhereNothingCanBeSigned() {
    EksToken poor =
        new EksToken(
            "core5g",
            () -> {
              throw SdkClientException.create("Unable to load credentials from any provider");
            },
            () -> Region.US_EAST_1,
            time);

    CallFailure failure = catchThrowableOfType(CallFailure.class, poor::current);

    assertThat(failure.meaning()).isEqualTo(ErrorMeaning.DENIED);
    assertThat(failure)
        .hasMessageContaining("sign the EKS token on core5g")
        .hasMessageContaining("Unable to load credentials")
        .hasMessageContaining("AWS_REGION");
  }
}
