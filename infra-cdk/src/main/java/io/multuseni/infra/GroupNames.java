// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.core.config.NodeGroup;
import java.util.List;

/** The Auto Scaling groups of a node group: names as configured, or tokens for names of EKS'. */
@FunctionalInterface
public interface GroupNames {
  /** At least one. */
  List<String> of(NodeGroup group);
}
