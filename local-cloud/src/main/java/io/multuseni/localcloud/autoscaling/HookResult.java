// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

import io.multuseni.localcloud.wire.ApiError;

/** How a lifecycle action ends. */
public enum HookResult {
  /** Go on. */
  CONTINUE,
  /** A launch ends in termination; of a termination, the hooks that remain are skipped. */
  ABANDON;

  static HookResult of(String text) {
    for (HookResult result : values()) {
      if (result.name().equals(text)) {
        return result;
      }
    }
    throw ApiError.of(
        "ValidationError", "Lifecycle action result must be CONTINUE or ABANDON, not " + text);
  }
}
