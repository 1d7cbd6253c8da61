// SPDX-License-Identifier: Apache-2.0
/** The configuration: what people write, read from YAML or JSON and validated whole. */
@NullMarked
package io.multuseni.core.config;

import org.jspecify.annotations.NullMarked;
