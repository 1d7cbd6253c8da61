// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import java.io.Serial;

/** Something that the user gave can't be used; the message is all that the user sees of it. */
final class BadInputException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  BadInputException(String message) {
    super(message, null, false, false);
  }
}
