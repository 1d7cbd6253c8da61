// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

/**
 * Where resources are: the parts of an ARN that only the deployment knows.
 *
 * @param partition such as {@code aws}, or a token of the CDK
 * @param region such as {@code us-east-1}, or a token
 * @param account twelve digits, or a token
 */
public record AccountScope(String partition, String region, String account) {
  /** ARN of a resource of a service in this Region and account. */
  public String arn(String service, String resource) {
    return "arn:" + partition + ":" + service + ":" + region + ":" + account + ":" + resource;
  }
}
