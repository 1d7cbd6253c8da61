// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.bootgate;

import io.multuseni.core.config.NodeGroup.NodeOs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * User data of a launch template: MIME multi-part, the one form that cloud-init and nodeadm read
 * beside each other and that EKS merges its own part into for a managed node group (EKS user guide,
 * launch templates).
 */
public final class UserData {
  /** Most bytes of user data, before base64 (EC2 user guide, instance user data). */
  public static final int MAX_BYTES = 16 * 1024;

  /**
   * What comes to it later: EKS' own part for a managed node group, or endpoint and certificate
   * authority that only the deployment knows.
   */
  private static final int TO_COME = 2500;

  private static final String BOUNDARY = "==multus-eni==";

  private UserData() {}

  /**
   * The boot gate alone: for a managed node group, whose other part EKS adds, and as what to add to
   * a launch template that exists.
   *
   * @throws IllegalArgumentException if it is longer than {@link #MAX_BYTES}
   */
  public static String of(BootGate gate) {
    return assemble(gate, Optional.empty());
  }

  /**
   * The boot gate and the part that lets a self-managed node join its cluster: a NodeConfig for
   * AL2023, a call of {@code bootstrap.sh} for AL2.
   *
   * @throws IllegalArgumentException if it is longer than {@link #MAX_BYTES}
   */
  public static String of(BootGate gate, ClusterAccess cluster) {
    return assemble(gate, Optional.of(cluster));
  }

  private static String assemble(BootGate gate, Optional<ClusterAccess> cluster) {
    List<String> parts = new ArrayList<>();
    parts.add(part("text/cloud-boothook; charset=\"us-ascii\"", gate.boothook()));
    cluster.ifPresent(access ->
        parts.add(
            gate.os() == NodeOs.AL2023
                ? part("application/node.eks.aws", nodeConfig(access))
                : part("text/x-shellscript; charset=\"us-ascii\"", bootstrap(access))));
    String text =
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"%s\"\n\n%s--%s--\n"
            .formatted(BOUNDARY, String.join("", parts), BOUNDARY);
    boolean isWhole = cluster.isPresent() && !text.contains("${Token[");
    int bytes = text.getBytes(StandardCharsets.UTF_8).length + (isWhole ? 0 : TO_COME);
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "user data with the boot gate has %d bytes, and EC2 takes %d: shorten network names"
              .formatted(bytes, MAX_BYTES));
    }
    return text;
  }

  private static String part(String type, String content) {
    return "--%s\nContent-Type: %s\n\n%s\n".formatted(BOUNDARY, type, content);
  }

  private static String nodeConfig(ClusterAccess cluster) {
    return """
    ---
    apiVersion: node.eks.aws/v1alpha1
    kind: NodeConfig
    spec:
      cluster:
        name: "%s"
        apiServerEndpoint: "%s"
        certificateAuthority: "%s"
        cidr: "%s"
    """
        .formatted(
            cluster.name(),
            cluster.endpoint(),
            cluster.certificateAuthority(),
            cluster.serviceCidr());
  }

  /** With endpoint and certificate given, the script asks nobody; it waits at kubelet's start. */
  private static String bootstrap(ClusterAccess cluster) {
    return """
    #!/bin/bash
    set -eu
    cidr='%4$s'
    case $cidr in
      *:*) family="--ip-family ipv6 --service-ipv6-cidr $cidr" ;;
      *)
        family='--ip-family ipv4'
        export SERVICE_IPV4_CIDR=$cidr
        ;;
    esac
    # shellcheck disable=SC2086 # several words
    /etc/eks/bootstrap.sh '%1$s' --apiserver-endpoint '%2$s' --b64-cluster-ca '%3$s' $family
    """
        .formatted(
            cluster.name(),
            cluster.endpoint(),
            cluster.certificateAuthority(),
            cluster.serviceCidr());
  }
}
