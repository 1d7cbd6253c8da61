// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import io.multuseni.core.config.ApiServer;
import io.multuseni.core.error.CallFailure;
import io.multuseni.core.error.ErrorMeaning;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.model.Cluster;
import software.amazon.awssdk.services.eks.model.ResourceNotFoundException;

/** Asks EKS where a cluster's API server is, for what the configuration doesn't say. */
final class EksCluster {
  private static final String ACTION = "DescribeCluster";

  private EksCluster() {}

  /**
   * Completes what is known.
   *
   * @param name the cluster
   * @param known from the configuration
   * @param clients makes the client; not called where nothing is missing
   * @throws CallFailure EKS doesn't tell
   */
  static ApiServer complete(String name, ApiServer known, Supplier<EksClient> clients) {
    if (known.endpoint().isPresent() && known.certificateAuthority().isPresent()) {
      return known;
    }
    try (EksClient eks = clients.get()) {
      Cluster cluster = eks.describeCluster(request -> request.name(name)).cluster();
      Optional<String> authority =
          Optional.ofNullable(cluster.certificateAuthority()).map(one -> one.data());
      ApiServer found =
          new ApiServer(
              known.endpoint().or(() -> Optional.ofNullable(cluster.endpoint())),
              known.certificateAuthority().or(() -> authority));
      if (found.endpoint().isEmpty() || found.certificateAuthority().isEmpty()) {
        // A cluster that is being created has neither yet.
        throw new CallFailure(
            ErrorMeaning.NOT_READY,
            ACTION,
            name,
            cluster.statusAsString(),
            "the cluster has no API server yet; wait until it is ACTIVE",
            null);
      }
      return found;
    } catch (SdkException e) {
      throw translate(name, e);
    }
  }

  private static CallFailure translate(String name, SdkException e) {
    String words = String.valueOf(e.getMessage());
    if (e instanceof ResourceNotFoundException) {
      return failure(
          ErrorMeaning.MISSING_DEPENDENCY,
          name,
          "ResourceNotFoundException",
          words + "; check the cluster's name and the region",
          e);
    }
    if (!(e instanceof AwsServiceException service)) {
      boolean setUp = words.contains("Unable to load");
      return failure(
          setUp ? ErrorMeaning.DENIED : ErrorMeaning.UNKNOWN_EFFECT,
          name,
          setUp ? "NoCredentials" : "NoAnswer",
          words
              + "; where EKS can't be reached, set cluster.endpoint and"
              + " cluster.certificateAuthority in the configuration",
          e);
    }
    String code =
        service.awsErrorDetails() == null
            ? "HTTP " + service.statusCode()
            : service.awsErrorDetails().errorCode();
    if (service.isThrottlingException()) {
      return failure(ErrorMeaning.THROTTLED, name, code, words, e);
    }
    if (service.statusCode() == 403 || service.statusCode() == 401) {
      return failure(
          ErrorMeaning.DENIED,
          name,
          code,
          words
              + "; allow eks:DescribeCluster, or set cluster.endpoint and"
              + " cluster.certificateAuthority in the configuration",
          e);
    }
    return failure(
        service.statusCode() >= 500 ? ErrorMeaning.TRANSIENT : ErrorMeaning.INVALID,
        name,
        code,
        words,
        e);
  }

  private static CallFailure failure(
      ErrorMeaning meaning, String name, String code, String message, SdkException cause) {
    return new CallFailure(meaning, ACTION, name, code, message, cause);
  }
}
