// SPDX-License-Identifier: Apache-2.0
/** The only code that calls EC2 and Auto Scaling; core records go in and come out. */
@NullMarked
package io.multuseni.aws;

import org.jspecify.annotations.NullMarked;
