// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

/** Something that the person who deploys can put right; its message says how. */
public final class BadInput extends Exception {
  private static final long serialVersionUID = 1L;

  /** With what is wrong and what to do. */
  public BadInput(String message) {
    super(message);
  }
}
