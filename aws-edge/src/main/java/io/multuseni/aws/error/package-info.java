// SPDX-License-Identifier: Apache-2.0
/** What AWS' error codes mean to us. */
@NullMarked
package io.multuseni.aws.error;

import org.jspecify.annotations.NullMarked;
