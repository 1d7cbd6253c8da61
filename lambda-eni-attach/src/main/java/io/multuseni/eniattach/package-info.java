// SPDX-License-Identifier: Apache-2.0
/**
 * The attach function: an event comes in, network interfaces and a completed lifecycle action go
 * out.
 */
@NullMarked
package io.multuseni.eniattach;

import org.jspecify.annotations.NullMarked;
