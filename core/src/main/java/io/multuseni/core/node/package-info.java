// SPDX-License-Identifier: Apache-2.0
/** What the edges found out about an instance and its surroundings, as plain records. */
@NullMarked
package io.multuseni.core.node;

import org.jspecify.annotations.NullMarked;
