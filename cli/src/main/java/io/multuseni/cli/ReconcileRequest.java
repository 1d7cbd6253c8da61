// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A reconciliation to make.
 *
 * @param config file with the configuration, YAML or JSON
 * @param kubeconfig file that says where the Kubernetes API is; where absent, EKS says it
 * @param dryRun whether to decide and report only
 * @param json whether programs read the result
 */
record ReconcileRequest(Path config, Optional<Path> kubeconfig, boolean dryRun, boolean json) {}
