// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.multuseni.base.Deadline;
import io.multuseni.base.Time;
import io.multuseni.core.config.ApiServer;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.eks.EksClient;

/**
 * What a sandbox keeps from one invocation to the next: the way to the API server and its token.
 * Nothing is sent or signed before the first request.
 */
public final class KubeClients implements AutoCloseable {
  private static final Duration DESCRIBE_TIMEOUT = Duration.ofSeconds(10);

  private final Once<KubeConnection> connection;

  private KubeClients(Supplier<KubeConnection> opening) {
    connection = new Once<>(opening);
  }

  /**
   * A cluster of EKS, by the AWS SDK's standard credentials and region. TLS is always verified.
   *
   * @param cluster name of the cluster
   * @param apiServer where its API is; what is missing is asked of EKS at the first request
   * @param time the clock, by which the token ages
   */
  public static KubeClients eks(String cluster, ApiServer apiServer, Time time) {
    Once<AwsCredentialsProvider> credentials =
        new Once<>(() -> DefaultCredentialsProvider.builder().build());
    EksToken token =
        new EksToken(
            cluster,
            credentials,
            () -> DefaultAwsRegionProviderChain.builder().build().getRegion(),
            time);
    return eks(cluster, apiServer, token, KubeClients::eksClient);
  }

  static KubeClients eks(
      String cluster, ApiServer apiServer, EksToken token, Supplier<EksClient> clients) {
    return new KubeClients(() -> openEks(cluster, apiServer, token, clients));
  }

  /**
   * The cluster of a kubeconfig's current context, with the credentials that it names.
   *
   * @param file the kubeconfig; where absent, those of {@code KUBECONFIG}, else {@code
   *     ~/.kube/config}
   * @param time the clock
   * @throws CallFailure there is none, or it names no cluster that can be called
   */
  public static KubeClients kubeconfig(Optional<Path> file, Time time) {
    Kubeconfig.Found found = Kubeconfig.read(file);
    KubeServer server =
        new KubeServer(
            found.config().getMasterUrl(),
            "the server does not know the user of " + found.where() + ": log in anew",
            "check certificate-authority-data of the cluster in " + found.where());
    return new KubeClients(() -> open(found.config(), Optional.empty(), server));
  }

  /**
   * A server without TLS and credentials: an emulator.
   *
   * @param endpoint where it listens
   * @param time the clock
   */
  public static KubeClients at(URI endpoint, Time time) {
    return at(endpoint, Duration.ofSeconds(1));
  }

  /** As above, with the first pause before a watch that broke is connected again. */
  static KubeClients at(URI endpoint, Duration watchPause) {
    Config config = Config.empty();
    config.setMasterUrl(endpoint.toString());
    config.setWatchReconnectInterval(Math.toIntExact(watchPause.toMillis()));
    KubeServer server =
        new KubeServer(
            endpoint.toString(),
            "it wants credentials: name it in a kubeconfig",
            "name it in a kubeconfig with its certificate authority");
    return new KubeClients(() -> open(config, Optional.empty(), server));
  }

  /** A way that is opened at the first request. */
  static KubeClients opening(Supplier<KubeConnection> opening) {
    return new KubeClients(opening);
  }

  /**
   * The API for one invocation.
   *
   * @param counter counts the requests
   * @param deadline when they have to be over
   */
  public KubeEdge edge(KubeCallCounter counter, Deadline deadline) {
    return new KubeEdge(new CallScope(connection, counter, deadline));
  }

  /** Ends the connections, and with them the watches. */
  @Override
  public void close() {
    connection.end(KubeConnection::close);
  }

  private static EksClient eksClient() {
    return EksClient.builder()
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .overrideConfiguration(override -> override.apiCallTimeout(DESCRIBE_TIMEOUT))
        .build();
  }

  private static KubeConnection openEks(
      String cluster, ApiServer apiServer, EksToken token, Supplier<EksClient> clients) {
    ApiServer complete = EksCluster.complete(cluster, apiServer, clients);
    String endpoint = complete.endpoint().orElseThrow();
    KubeServer server =
        new KubeServer(
            endpoint,
            "cluster %s does not know the role that this runs as: give the role an access entry"
                    .formatted(cluster)
                + " of type STANDARD with the Kubernetes group of rbac.yaml; a new one takes some"
                + " seconds",
            "check cluster.certificateAuthority in the configuration (the cluster's certificate"
                + " authority, PEM in base64), or leave it out so that EKS is asked");
    if (!endpoint.startsWith("https://")) {
      throw new CallFailure(
          ErrorMeaning.INVALID,
          "connect",
          endpoint,
          "BadSettings",
          "a token is sent to https only; correct cluster.endpoint in the configuration",
          null);
    }
    Config config = Config.empty();
    config.setMasterUrl(endpoint);
    String authority = complete.certificateAuthority().orElseThrow();
    return open(config, Optional.of(new KubeConnection.Eks(authority, token)), server);
  }

  private static KubeConnection open(
      Config config, Optional<KubeConnection.Eks> eks, KubeServer server) {
    try {
      return KubeConnection.open(config, eks, server);
    } catch (KubernetesClientException | IllegalArgumentException e) {
      // Certificates that aren't any, an endpoint that is no URL.
      throw new CallFailure(
          ErrorMeaning.INVALID,
          "connect",
          server.name(),
          "BadSettings",
          KubeErrors.words(e) + "; " + server.authority(),
          e);
    }
  }
}
