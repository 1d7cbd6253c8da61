// SPDX-License-Identifier: Apache-2.0
/** The reconcile function: secondary addresses follow reservations. */
@NullMarked
package io.multuseni.ipreconcile;

import org.jspecify.annotations.NullMarked;
