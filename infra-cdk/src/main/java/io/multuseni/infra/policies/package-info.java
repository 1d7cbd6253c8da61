// SPDX-License-Identifier: Apache-2.0
/** What the functions may do, as pure data. */
@NullMarked
package io.multuseni.infra.policies;

import org.jspecify.annotations.NullMarked;
