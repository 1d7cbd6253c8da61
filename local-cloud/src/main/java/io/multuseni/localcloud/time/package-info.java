// SPDX-License-Identifier: Apache-2.0
/** Clocks that the cloud lives by: a virtual one for tests, the system's for demonstrations. */
@NullMarked
package io.multuseni.localcloud.time;

import org.jspecify.annotations.NullMarked;
