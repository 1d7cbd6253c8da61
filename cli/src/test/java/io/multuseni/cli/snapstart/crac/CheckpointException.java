// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli.snapstart.crac;

/** Wanted by org.crac. */
public final class CheckpointException extends Exception {
  private static final long serialVersionUID = 1L;
}
