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
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ssm.SsmClient;

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
  private final SsmClient ssm;
  private final AgedCache<String, SubnetFacts> subnets;
  private final AgedCache<String, InstanceLimits> limits;
  private final AgedCache<String, AutoScalingEdge.Hooks> hooks;

  private AwsClients(SdkHttpClient http, Where where, RetrySettings retries, Time time) {
    this.http = http;
    ec2 = configured(Ec2Client.builder().httpClient(http), where, retries).build();
    autoScaling = configured(AutoScalingClient.builder().httpClient(http), where, retries).build();
    ssm = configured(SsmClient.builder().httpClient(http), where, retries).build();
    subnets = new AgedCache<>(time, SUBNETS_MAX_AGE);
    limits = new AgedCache<>(time, LIMITS_MAX_AGE);
    hooks = new AgedCache<>(time, HOOKS_MAX_AGE);
  }

  /**
   * Clients by the SDK's standard settings: {@code AWS_REGION}, {@code AWS_ENDPOINT_URL}, {@code
   * AWS_ENDPOINT_URL_EC2}, {@code AWS_ENDPOINT_URL_AUTO_SCALING} and so on. Credentials are asked
   * for at the first call and not before.
   *
   * @param time the clock
   */
  public static AwsClients standard(Time time) {
    return new AwsClients(overTheNetwork(), new Standard(), RetrySettings.standard(), time);
  }

  /**
   * Clients for an emulator, with credentials that mean nothing.
   *
   * @param endpoint where it listens, for all services
   * @param retries how calls are repeated
   * @param time the clock
   */
  public static AwsClients emulator(URI endpoint, RetrySettings retries, Time time) {
    AwsCredentialsProvider nobody =
        StaticCredentialsProvider.create(AwsBasicCredentials.create("emulator", "emulator"));
    return new AwsClients(overTheNetwork(), new At(endpoint, nobody), retries, time);
  }

  /**
   * Clients that reach nobody and sign nothing.
   *
   * @param http answers in place of AWS
   * @param time the clock
   */
  static AwsClients canned(SdkHttpClient http, Time time) {
    Where nowhere =
        new At(URI.create("https://aws.invalid"), AnonymousCredentialsProvider.create());
    return new AwsClients(http, nowhere, RetrySettings.standard(), time);
  }

  /** Where calls go and who signs them. */
  private sealed interface Where {}

  private record Standard() implements Where {}

  private record At(URI endpoint, AwsCredentialsProvider credentials) implements Where {}

  private static SdkHttpClient overTheNetwork() {
    return UrlConnectionHttpClient.builder()
        .connectionTimeout(Duration.ofSeconds(3))
        .socketTimeout(Duration.ofSeconds(20))
        .build();
  }

  private static <B extends AwsClientBuilder<B, C>, C> B configured(
      B builder, Where where, RetrySettings retries) {
    builder.overrideConfiguration(override ->
        override
            .retryStrategy(retries.toStrategy())
            .addExecutionInterceptor(new CountingInterceptor()));
    if (where instanceof At(URI endpoint, AwsCredentialsProvider credentials)) {
      builder.endpointOverride(endpoint).region(Region.US_EAST_1).credentialsProvider(credentials);
    }
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

  /**
   * Parameters of Systems Manager, for one invocation.
   *
   * @param counter counts the calls
   * @param deadline when they have to be over
   */
  public ParameterEdge parameters(CallCounter counter, Deadline deadline) {
    return new ParameterEdge(ssm, new CallScope(counter, deadline));
  }

  /** Drops every fact that has an age. */
  public void forget() {
    subnets.forget();
    limits.forget();
    hooks.forget();
  }

  @Override
  public void close() {
    ssm.close();
    ec2.close();
    autoScaling.close();
    http.close();
  }
}
