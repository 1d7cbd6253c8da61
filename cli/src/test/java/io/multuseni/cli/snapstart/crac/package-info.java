// SPDX-License-Identifier: Apache-2.0
/**
 * What org.crac finds by the system property {@code org.crac.Core.Compat}: the JVM's part of CRaC.
 */
@NullMarked
package io.multuseni.cli.snapstart.crac;

import org.jspecify.annotations.NullMarked;
