// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.multuseni.infra.launch;

import org.jspecify.annotations.NullMarked;
