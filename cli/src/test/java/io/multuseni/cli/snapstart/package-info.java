// SPDX-License-Identifier: Apache-2.0
/** The functions in processes of their own, with a snapshot that is made in name only. */
@NullMarked
package io.multuseni.cli.snapstart;

import org.jspecify.annotations.NullMarked;
