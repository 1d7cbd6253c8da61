// SPDX-License-Identifier: Apache-2.0
/** Faults laid over the answers as data. */
@NullMarked
package io.multuseni.localcloud.fault;

import org.jspecify.annotations.NullMarked;
