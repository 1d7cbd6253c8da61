// SPDX-License-Identifier: Apache-2.0
/** The decisions of a launch, a termination and a sweep; pure functions over records. */
@NullMarked
package io.multuseni.core.attach;

import org.jspecify.annotations.NullMarked;
