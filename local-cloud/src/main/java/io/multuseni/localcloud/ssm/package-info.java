// SPDX-License-Identifier: Apache-2.0
/** Systems Manager, as far as functions read their parameters from it. */
@NullMarked
package io.multuseni.localcloud.ssm;

import org.jspecify.annotations.NullMarked;
