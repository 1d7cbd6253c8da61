// SPDX-License-Identifier: Apache-2.0
/** A Lambda function with all that it needs around it. */
@NullMarked
package io.multuseni.infra.functions;

import org.jspecify.annotations.NullMarked;
