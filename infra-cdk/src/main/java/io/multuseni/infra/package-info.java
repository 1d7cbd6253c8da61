// SPDX-License-Identifier: Apache-2.0
/** The CDK app: what a configuration becomes in an account. */
@NullMarked
package io.multuseni.infra;

import org.jspecify.annotations.NullMarked;
