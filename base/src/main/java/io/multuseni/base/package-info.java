// SPDX-License-Identifier: Apache-2.0
/** What both functions and both edges share: the clock, deadlines, calls side by side, reports. */
@NullMarked
package io.multuseni.base;

import org.jspecify.annotations.NullMarked;
