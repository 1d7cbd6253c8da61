// SPDX-License-Identifier: Apache-2.0
/** What is watched, and what calls people, as pure data. */
@NullMarked
package io.multuseni.infra.observability;

import org.jspecify.annotations.NullMarked;
