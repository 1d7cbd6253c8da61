// SPDX-License-Identifier: Apache-2.0
package io.multuseni.locallambda;

import java.util.List;

/** The function did not start. */
public final class FunctionInitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient FunctionError error;
  private final transient List<String> log;

  FunctionInitException(FunctionError error, List<String> log) {
    super("the function did not start: " + error.inWords() + "\n" + String.join("\n", log));
    this.error = error;
    this.log = List.copyOf(log);
  }

  /** Why. */
  public FunctionError error() {
    return error;
  }

  /** What it wrote until then, line by line. */
  public List<String> log() {
    return log;
  }
}
