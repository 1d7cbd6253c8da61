// SPDX-License-Identifier: Apache-2.0
/** What an error of AWS means to us, apart from what follows from it. */
@NullMarked
package io.multuseni.core.error;

import org.jspecify.annotations.NullMarked;
