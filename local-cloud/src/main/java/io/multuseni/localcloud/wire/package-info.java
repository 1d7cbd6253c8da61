// SPDX-License-Identifier: Apache-2.0
/** The Query protocol: parameters to action records, XML and errors back. */
@NullMarked
package io.multuseni.localcloud.wire;

import org.jspecify.annotations.NullMarked;
