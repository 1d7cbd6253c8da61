// SPDX-License-Identifier: Apache-2.0
/** What a node runs before kubelet, so that no pod comes before its interfaces. */
@NullMarked
package io.multuseni.infra.bootgate;

import org.jspecify.annotations.NullMarked;
