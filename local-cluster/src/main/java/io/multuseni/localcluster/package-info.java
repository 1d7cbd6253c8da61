// SPDX-License-Identifier: Apache-2.0
/** A Kubernetes API on loopback with pods, nodes, Multus' and whereabouts' objects. */
@NullMarked
package io.multuseni.localcluster;

import org.jspecify.annotations.NullMarked;
