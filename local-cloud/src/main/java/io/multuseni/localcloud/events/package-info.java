// SPDX-License-Identifier: Apache-2.0
/** EventBridge events on their way to subscribers: once, late, twice or never. */
@NullMarked
package io.multuseni.localcloud.events;

import org.jspecify.annotations.NullMarked;
