// SPDX-License-Identifier: Apache-2.0
/** Auto Scaling: groups, warm pools, hooks and lifecycle actions. */
@NullMarked
package io.multuseni.localcloud.autoscaling;

import org.jspecify.annotations.NullMarked;
