// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws;

import io.multuseni.aws.pacing.CallCounter;
import io.multuseni.aws.pacing.CountingInterceptor;
import io.multuseni.aws.pacing.RetrySettings;
import io.multuseni.base.AgedCache;
import io.multuseni.base.Deadline;
import io.multuseni.base.Time;
import io.multuseni.core.node.InstanceLimits;
import io.multuseni.core.node.SubnetFacts;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * What a sandbox keeps from one invocation to the next: the SDK's clients and the facts that rarely
 * change.
 */
public final class AwsClients implements AutoCloseable {
  /**
   * Free addresses are only a hint for the choice of a subnet; a refusal is decided on fresh facts.
   */
  private static final Duration SUBNETS_MAX_AGE = Duration.ofMinutes(5);

  private static final Duration LIMITS_MAX_AGE = Duration.ofHours(6);

  /** DescribeLifecycleHooks takes one group a call, and the sweep runs each minute. */
  private static final Duration HOOKS_MAX_AGE = Duration.ofMinutes(10);

  private final SdkHttpClient http;
  private final Ec2Client ec2;
  private final AutoScalingClient autoScaling;
  private final AgedCache<String, SubnetFacts> subnets;
  private final AgedCache<String, InstanceLimits> limits;
  private final AgedCache<String, AutoScalingEdge.Hooks> hooks;

  private AwsClients(Optional<URI> endpoint, RetrySettings retries, Time time) {
    http =
        UrlConnectionHttpClient.builder()
            .connectionTimeout(Duration.ofSeconds(3))
            .socketTimeout(Duration.ofSeconds(20))
            .build();
    ec2 = configured(Ec2Client.builder().httpClient(http), endpoint, retries).build();
    autoScaling =
        configured(AutoScalingClient.builder().httpClient(http), endpoint, retries).build();
    subnets = new AgedCache<>(time, SUBNETS_MAX_AGE);
    limits = new AgedCache<>(time, LIMITS_MAX_AGE);
    hooks = new AgedCache<>(time, HOOKS_MAX_AGE);
  }

  /**
   * Clients by the SDK's standard settings: {@code AWS_REGION}, {@code AWS_ENDPOINT_URL}, {@code
   * AWS_ENDPOINT_URL_EC2}, {@code AWS_ENDPOINT_URL_AUTO_SCALING} and so on.
   *
   * @param time the clock
   */
  public static AwsClients standard(Time time) {
    return new AwsClients(Optional.empty(), RetrySettings.standard(), time);
  }

  /**
   * Clients for an emulator, with credentials that mean nothing.
   *
   * @param endpoint where it listens, for both services
   * @param retries how calls are repeated
   * @param time the clock
   */
  public static AwsClients emulator(URI endpoint, RetrySettings retries, Time time) {
    return new AwsClients(Optional.of(endpoint), retries, time);
  }

  private static <B extends AwsClientBuilder<B, C>, C> B configured(
      B builder, Optional<URI> endpoint, RetrySettings retries) {
    builder.overrideConfiguration(override ->
        override
            .retryStrategy(retries.toStrategy())
            .addExecutionInterceptor(new CountingInterceptor()));
    endpoint.ifPresent(uri ->
        builder
            .endpointOverride(uri)
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create("emulator", "emulator"))));
    return builder;
  }

  /**
   * EC2 for one invocation.
   *
   * @param counter counts the calls
   * @param deadline when they have to be over
   */
  public Ec2Edge ec2(CallCounter counter, Deadline deadline) {
    return new Ec2Edge(calls(counter, deadline));
  }

  /**
   * Addresses of network interfaces, for one invocation.
   *
   * @param counter counts the calls
   * @param deadline when they have to be over
   */
  public AddressEdge addresses(CallCounter counter, Deadline deadline) {
    return new AddressEdge(calls(counter, deadline));
  }

  private Ec2Calls calls(CallCounter counter, Deadline deadline) {
    return new Ec2Calls(ec2, new CallScope(counter, deadline), subnets, limits);
  }

  /**
   * Auto Scaling for one invocation.
   *
   * @param counter counts the calls
   * @param deadline when they have to be over
   */
  public AutoScalingEdge autoScaling(CallCounter counter, Deadline deadline) {
    return new AutoScalingEdge(autoScaling, new CallScope(counter, deadline), hooks);
  }

  @Override
  public void close() {
    ec2.close();
    autoScaling.close();
    http.close();
  }
}
