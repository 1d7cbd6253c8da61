// SPDX-License-Identifier: Apache-2.0
/**
 * Which address belongs on which network interface: addresses and ranges, reservations, their
 * placement, and the plan that follows.
 */
@NullMarked
package io.multuseni.core.address;

import org.jspecify.annotations.NullMarked;
