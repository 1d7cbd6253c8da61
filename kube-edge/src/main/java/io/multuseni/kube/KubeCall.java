// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import java.util.Optional;

/**
 * A request, for people.
 *
 * @param verb as in an RBAC rule
 * @param resource what it is about
 * @param name of the one object; absent for all of them
 */
record KubeCall(String verb, KubeResource resource, Optional<String> name) {
  static KubeCall list(KubeResource resource) {
    return new KubeCall("list", resource, Optional.empty());
  }

  static KubeCall get(KubeResource resource, String name) {
    return new KubeCall("get", resource, Optional.of(name));
  }

  static KubeCall watch(KubeResource resource) {
    return new KubeCall("watch", resource, Optional.empty());
  }

  /** Verb and resource, such as {@code list pods}. */
  String action() {
    return verb + " " + resource.plural();
  }

  /** What it is about, with the API group. */
  String subject() {
    return resource.fullName() + name.map(one -> "/" + one).orElse("");
  }
}
