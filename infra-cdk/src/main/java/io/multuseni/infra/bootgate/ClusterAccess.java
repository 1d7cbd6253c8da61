// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.bootgate;

/**
 * What a node needs to join a cluster without asking EKS. Each may be a value that only the
 * deployment knows.
 *
 * @param name the cluster's name
 * @param endpoint URL of the Kubernetes API
 * @param certificateAuthority base64 of its certificate authority
 * @param serviceCidr the range of service addresses, IPv4 or IPv6
 */
public record ClusterAccess(
    String name, String endpoint, String certificateAuthority, String serviceCidr) {}
