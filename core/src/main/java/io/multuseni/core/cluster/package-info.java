// SPDX-License-Identifier: Apache-2.0
/**
 * What the Kubernetes API said, as records: pods, nodes, attachment definitions and the objects of
 * whereabouts. Annotations and CNI configurations are read here.
 */
@NullMarked
package io.multuseni.core.cluster;

import org.jspecify.annotations.NullMarked;
