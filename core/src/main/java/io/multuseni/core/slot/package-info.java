// SPDX-License-Identifier: Apache-2.0
/** Slots of an instance and what can be predicted from them. */
@NullMarked
package io.multuseni.core.slot;

import org.jspecify.annotations.NullMarked;
