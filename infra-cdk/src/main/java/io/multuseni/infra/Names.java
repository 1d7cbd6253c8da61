// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What things are called in an account, for one cluster. */
public final class Names {
  /** Kubernetes group of the reconcile function, which its manifest binds to a role. */
  public static final String KUBERNETES_GROUP = "multus-eni-reconcile";

  private static final int FUNCTION_NAME_MAX = 64;
  private static final int STACK_NAME_MAX = 128;
  private static final int DIGEST_LENGTH = 8;

  private final String cluster;

  /** For a cluster. */
  public Names(String cluster) {
    this.cluster = cluster;
  }

  /** Stack of the attach and sweep functions. */
  public String attachStack() {
    return stack("attach");
  }

  /** Stack of the reconcile function. */
  public String reconcileStack() {
    return stack("reconcile");
  }

  /** Stack of the Auto Scaling groups that the deployment makes. */
  public String nodesStack() {
    return stack("nodes");
  }

  /** Stack of the alarms and the dashboard. */
  public String observabilityStack() {
    return stack("observability");
  }

  /** The dashboard. */
  public String dashboard() {
    return "multus-eni-" + cluster;
  }

  /** An alarm; what it is about ends its name. */
  public String alarm(String about) {
    return "multus-eni-" + cluster + "-" + about;
  }

  /** SSM parameter of the functions' configuration. */
  public String configParameter() {
    return "/multus-eni/" + cluster + "/config";
  }

  /** SSM parameter of what only the deployment knows. */
  public String deployedParameter() {
    return "/multus-eni/" + cluster + "/deployed";
  }

  /** The attach function. */
  public String attachFunction() {
    return function("attach");
  }

  /** The sweep function. */
  public String sweepFunction() {
    return function("sweep");
  }

  /** The reconcile function. */
  public String reconcileFunction() {
    return function("reconcile");
  }

  /** A function's name holds 64 characters; a cluster's alone may have 100. */
  private String function(String what) {
    String prefix = "multus-eni-" + what + "-";
    if (prefix.length() + cluster.length() <= FUNCTION_NAME_MAX) {
      return prefix + cluster;
    }
    return prefix
        + cluster.substring(0, FUNCTION_NAME_MAX - prefix.length() - DIGEST_LENGTH - 1)
        + "-"
        + digest();
  }

  private String digest() {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(cluster.getBytes(US_ASCII)))
          .substring(0, DIGEST_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** A stack's name holds letters, digits and hyphens, at most 128 of them, a letter first. */
  private String stack(String what) {
    String name = "multus-eni-" + what + "-" + cluster.replace('_', '-');
    // Otherwise the clusters a_b and a-b would share it.
    return cluster.contains("_")
        ? name.substring(0, Math.min(name.length(), STACK_NAME_MAX - DIGEST_LENGTH - 1))
            + "-"
            + digest()
        : name;
  }
}
