// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import org.jspecify.annotations.Nullable;

/** No jar was made. The message says why, and what to do. */
public final class ShrinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ShrinkException(String message) {
    super(message);
  }

  ShrinkException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
