// SPDX-License-Identifier: Apache-2.0
/** Figures of reconciliation at the size of a large cluster, each behind a command. */
@NullMarked
package io.multuseni.benchmarks;

import org.jspecify.annotations.NullMarked;
