// SPDX-License-Identifier: Apache-2.0
/** An EC2 and Auto Scaling endpoint in this process: start it, build a world, inspect it. */
@NullMarked
package io.multuseni.localcloud;

import org.jspecify.annotations.NullMarked;
