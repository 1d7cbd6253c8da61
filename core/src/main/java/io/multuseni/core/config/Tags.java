// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Keys of the tags on network interfaces: those we set, and those of others that we stay off. */
public final class Tags {
  /** Prefix of every key of ours. */
  public static final String PREFIX = "multus-eni/";

  /** Name of the cluster. A network interface is ours exactly where this tag names our cluster. */
  public static final String CLUSTER = "multus-eni/cluster";

  /** Name of the node group. */
  public static final String NODE_GROUP = "multus-eni/node-group";

  /** Id of the instance that the interface was made for. */
  public static final String INSTANCE = "multus-eni/instance";

  /** Name of the network. */
  public static final String NETWORK = "multus-eni/network";

  /** Device index that the interface was made for. */
  public static final String DEVICE_INDEX = "multus-eni/device-index";

  /** Index of the network card that the interface was made for. */
  public static final String NETWORK_CARD = "multus-eni/network-card-index";

  /** How many interfaces were there before for the same slot. */
  public static final String GENERATION = "multus-eni/generation";

  /**
   * Makes the VPC CNI leave an attached interface alone; the value must be exactly {@code true}
   * (amazon-vpc-cni-k8s, README).
   */
  public static final String NO_MANAGE = "node.k8s.amazonaws.com/no_manage";

  /** The same in the short form that the EKS guide for Multus uses. */
  public static final String NO_MANAGE_PLAIN = "no_manage";

  /**
   * Set by the VPC CNI on interfaces of its own; its clean-up of leaked interfaces goes by it, so
   * we never set it.
   */
  public static final String CNI_INSTANCE = "node.k8s.amazonaws.com/instance_id";

  /** Set by the VPC CNI when it creates an interface; never by us. */
  public static final String CNI_CREATED_AT = "node.k8s.amazonaws.com/createdAt";

  /** Set by the VPC CNI to the cluster's name; never by us. */
  public static final String CNI_CLUSTER = "cluster.k8s.amazonaws.com/name";

  /** How many tags EC2 takes on one resource (CreateTags). */
  public static final int MAX_PER_RESOURCE = 50;

  /** How many of them we set ourselves. */
  public static final int OURS = 9;

  /** Longest key, in characters. */
  public static final int MAX_KEY_LENGTH = 128;

  /** Longest value, in characters. */
  public static final int MAX_VALUE_LENGTH = 256;

  private static final Set<String> OF_OTHERS =
      Set.of(CNI_INSTANCE, CNI_CREATED_AT, CNI_CLUSTER, "eks:eni:owner");

  private Tags() {}

  /**
   * Says why a key can't be a tag of the user's own.
   *
   * @param key the key in question
   * @return the reason, or nothing where the key is free
   */
  static Optional<String> reserved(String key) {
    if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
      return Optional.of("keys that start with aws: belong to AWS");
    }
    if (key.startsWith(PREFIX) || key.equals(NO_MANAGE) || key.equals(NO_MANAGE_PLAIN)) {
      return Optional.of("this key is set by multus-eni itself");
    }
    if (OF_OTHERS.contains(key)) {
      return Optional.of(
          "the VPC CNI marks its own interfaces with this key and would claim or delete ours");
    }
    return Optional.empty();
  }
}
