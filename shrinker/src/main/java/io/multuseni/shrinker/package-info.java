// SPDX-License-Identifier: Apache-2.0
/** Makes one small, deployable jar out of a function's class path. A tool of the build. */
@NullMarked
package io.multuseni.shrinker;

import org.jspecify.annotations.NullMarked;
