// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.autoscaling;

/** Where a lifecycle action stands. */
public enum ActionState {
  /** It holds its instance. */
  WAITING,
  /** Completed with CONTINUE. */
  CONTINUED,
  /** Completed with ABANDON. */
  ABANDONED,
  /** Nobody completed it in time; its hook's default result was applied. */
  TIMED_OUT,
  /** Nobody's decision any more: another hook abandoned, or the instance went away. */
  CANCELLED
}
