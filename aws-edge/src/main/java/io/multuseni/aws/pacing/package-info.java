// SPDX-License-Identifier: Apache-2.0
/** How often, how long and how many times we call. */
@NullMarked
package io.multuseni.aws.pacing;

import org.jspecify.annotations.NullMarked;
