// SPDX-License-Identifier: Apache-2.0
/** What can come in: the sealed list of incoming events and their parser. */
@NullMarked
package io.multuseni.core.event;

import org.jspecify.annotations.NullMarked;
