// SPDX-License-Identifier: Apache-2.0
/** IP addresses, blocks and sets of them, as numbers. */
@NullMarked
package io.multuseni.core.ip;

import org.jspecify.annotations.NullMarked;
