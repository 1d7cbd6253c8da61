// SPDX-License-Identifier: Apache-2.0
/** What the functions ask of AWS in their tests, for the test of their permissions. */
@NullMarked
package io.multuseni.callrecorder;

import org.jspecify.annotations.NullMarked;
