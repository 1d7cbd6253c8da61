// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import io.multuseni.base.Time;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * The token that an EKS cluster takes: a presigned GetCallerIdentity, which the cluster sends to
 * STS to learn who calls. Nothing is signed before the first use, so that no token is frozen into a
 * SnapStart snapshot. Source: aws-iam-authenticator, README and pkg/token.
 */
final class EksToken {
  /** How long the signature is said to hold; the authenticator grants 15 minutes from its date. */
  static final Duration EXPIRY = Duration.ofMinutes(1);

  /** A minute less than the authenticator's 15, for the way and for clocks that differ. */
  static final Duration MAX_AGE = Duration.ofMinutes(14);

  private static final String PREFIX = "k8s-aws-v1.";
  private static final String CLUSTER_HEADER = "x-k8s-aws-id";

  private final String cluster;
  private final Presigner presigner;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private Optional<Signed> last = Optional.empty();

  private record Signed(String token, Instant at) {}

  /** Makes the URL that a token stands for. */
  interface Presigner {
    /** A URL that is presigned as of now. */
    String urlAt(Instant now);
  }

  /**
   * Takes what to sign by, and asks for it only at the first use.
   *
   * @param cluster name of the cluster
   * @param credentials the role
   * @param region the cluster's region
   * @param time the clock
   */
  EksToken(
      String cluster,
      Supplier<AwsCredentialsProvider> credentials,
      Supplier<Region> region,
      Time time) {
    this(cluster, now -> presigned(cluster, credentials.get(), region.get(), now), time);
  }

  /** With another way to make a URL. */
  EksToken(String cluster, Presigner presigner, Time time) {
    this.cluster = cluster;
    this.presigner = presigner;
    this.time = time;
  }

  /**
   * A token that nobody signed and nobody takes. Making it loads what signing needs, so that a
   * snapshot has it.
   */
  static EksToken unsigned(String cluster, Time time) {
    return new EksToken(
        cluster,
        now -> {
          DefaultCredentialsProvider.builder().build();
          AwsV4HttpSigner.create();
          return request(cluster, Region.US_EAST_1).getUri().toString();
        },
        time);
  }

  /**
   * A token that is younger than 14 minutes.
   *
   * @throws CallFailure there are no credentials, or no region
   */
  String current() {
    lock.lock();
    try {
      Instant now = time.now();
      Optional<Signed> young =
          last.filter(signed -> Duration.between(signed.at(), now).compareTo(MAX_AGE) < 0);
      return young.map(Signed::token).orElseGet(() -> sign(now));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Another token than one that was refused; the current one, where it is another already.
   *
   * @throws CallFailure as in {@link #current}
   */
  String insteadOf(String refused) {
    lock.lock();
    try {
      if (last.filter(signed -> signed.token().equals(refused)).isPresent()) {
        last = Optional.empty();
      }
      return current();
    } finally {
      lock.unlock();
    }
  }

  private String sign(Instant now) {
    try {
      String url = presigner.urlAt(now);
      String token =
          PREFIX
              + Base64.getUrlEncoder()
                  .withoutPadding()
                  .encodeToString(url.getBytes(StandardCharsets.UTF_8));
      last = Optional.of(new Signed(token, now));
      return token;
    } catch (SdkException e) {
      throw new CallFailure(
          ErrorMeaning.DENIED,
          "sign the EKS token",
          cluster,
          "NoCredentials",
          e.getMessage() + "; give the function a role, or set AWS credentials and AWS_REGION",
          e);
    }
  }

  private static SdkHttpRequest request(String cluster, Region where) {
    return SdkHttpRequest.builder()
        .method(SdkHttpMethod.GET)
        .protocol("https")
        .host("sts." + where.id() + "." + PartitionMetadata.of(where).dnsSuffix())
        .encodedPath("/")
        .putRawQueryParameter("Action", "GetCallerIdentity")
        .putRawQueryParameter("Version", "2011-06-15")
        .putHeader(CLUSTER_HEADER, cluster)
        .build();
  }

  private static String presigned(
      String cluster, AwsCredentialsProvider credentials, Region where, Instant now) {
    AwsCredentialsIdentity identity = credentials.resolveCredentials();
    SignRequest<AwsCredentialsIdentity> toSign =
        SignRequest.builder(identity)
            .request(request(cluster, where))
            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "sts")
            .putProperty(AwsV4HttpSigner.REGION_NAME, where.id())
            .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
            .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, EXPIRY)
            .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC))
            .build();
    return AwsV4HttpSigner.create().sign(toSign).request().getUri().toString();
  }
}
