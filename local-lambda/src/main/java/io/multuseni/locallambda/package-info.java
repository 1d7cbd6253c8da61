// SPDX-License-Identifier: Apache-2.0
/** Runs a function's jar as Lambda does: its runtime client in a process of its own. */
@NullMarked
package io.multuseni.locallambda;

import org.jspecify.annotations.NullMarked;
