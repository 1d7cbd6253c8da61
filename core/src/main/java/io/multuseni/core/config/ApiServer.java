// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import java.util.Optional;

/**
 * Where the cluster's Kubernetes API is. What is missing is asked of EKS (DescribeCluster).
 *
 * @param endpoint its URL, {@code https://…}
 * @param certificateAuthority its certificate authority: PEM, encoded in base64
 */
public record ApiServer(Optional<String> endpoint, Optional<String> certificateAuthority) {
  /** Nothing is known. */
  public static final ApiServer UNKNOWN = new ApiServer(Optional.empty(), Optional.empty());
}
