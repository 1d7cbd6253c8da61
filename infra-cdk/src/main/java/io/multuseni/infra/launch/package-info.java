// SPDX-License-Identifier: Apache-2.0
/** How launches reach the attach function: hooks, rules and the times between them. */
@NullMarked
package io.multuseni.infra.launch;

import org.jspecify.annotations.NullMarked;
