// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.cluster;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node of the cluster.
 *
 * @param name its name
 * @param instanceId the EC2 instance; absent where {@code spec.providerID} names none (a node that
 *     just registered, Fargate, a hybrid node)
 * @param instanceType from the label {@code node.kubernetes.io/instance-type}
 */
public record WorkerNode(String name, Optional<String> instanceId, Optional<String> instanceType) {
  private static final Pattern PROVIDER_ID =
      Pattern.compile("aws:///?(?:[^/]+/)?(i-[0-9a-f]{8,17})");

  /**
   * Makes a node from what the API says.
   *
   * @param name its name
   * @param providerId such as {@code aws:///us-east-1a/i-0123456789abcdef0}
   * @param instanceType the label's value
   */
  public static WorkerNode of(
      String name, Optional<String> providerId, Optional<String> instanceType) {
    return new WorkerNode(
        name,
        providerId
            .map(PROVIDER_ID::matcher)
            .filter(Matcher::matches)
            .map(matcher -> matcher.group(1)),
        instanceType);
  }
}
