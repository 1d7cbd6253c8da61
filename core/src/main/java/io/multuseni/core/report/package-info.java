// SPDX-License-Identifier: Apache-2.0
/** The record that is result, log line and {@code --json} in one. */
@NullMarked
package io.multuseni.core.report;

import org.jspecify.annotations.NullMarked;
