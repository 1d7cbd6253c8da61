// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The resources that are read, with their API groups. Source: Kubernetes API; whereabouts doc/crds;
 * Network Plumbing Working Group, multi-network specification.
 */
enum KubeResource {
  /** Reservations of whereabouts, one object per range. */
  POOLS(Api.WHEREABOUTS, "v1alpha1", "ippools"),
  /** Ranges of whereabouts that are dealt out to nodes. */
  SLICE_POOLS(Api.WHEREABOUTS, "v1alpha1", "nodeslicepools"),
  /** Reservations of whereabouts, one object per address. */
  OVERLAPS(Api.WHEREABOUTS, "v1alpha1", "overlappingrangeipreservations"),
  /** Pods. */
  PODS("", "v1", "pods"),
  /** Nodes. */
  NODES("", "v1", "nodes"),
  /** Networks of Multus. */
  DEFINITIONS("k8s.cni.cncf.io", "v1", "network-attachment-definitions");

  private static final class Api {
    static final String WHEREABOUTS = "whereabouts.cni.cncf.io";
  }

  private final String group;
  private final String version;
  private final String plural;

  KubeResource(String group, String version, String plural) {
    this.group = group;
    this.version = version;
    this.plural = plural;
  }

  /** The API's word for it. */
  String plural() {
    return plural;
  }

  /** Its API group, for people. */
  String groupInWords() {
    return group.isEmpty() ? "the core API group" : "API group " + group;
  }

  /** Its name with the API group, as in an RBAC rule or a CRD. */
  String fullName() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** Where all of it stands, over all namespaces. */
  String path() {
    return (group.isEmpty() ? "api/" : "apis/" + group + "/") + version + "/" + plural;
  }

  /** Where one object stands. */
  String path(String namespace, String name) {
    return (group.isEmpty() ? "api/" : "apis/" + group + "/")
        + version
        + "/namespaces/"
        + encoded(namespace)
        + "/"
        + plural
        + "/"
        + encoded(name);
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
