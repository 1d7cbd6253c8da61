// SPDX-License-Identifier: Apache-2.0
/**
 * The command line. Each command is an argument parser, a request record, a flow that carries the
 * request out, and a printer for people and for programs.
 */
@NullMarked
package io.multuseni.cli;

import org.jspecify.annotations.NullMarked;
