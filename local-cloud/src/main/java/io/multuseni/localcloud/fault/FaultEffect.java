// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.fault;

/** What happens to a call that is hit by a fault. */
public sealed interface FaultEffect {

  /**
   * The call is answered with an error.
   *
   * @param afterEffect whether the call had its effect all the same
   * @param code error code, for example {@code InternalError}
   * @param httpStatus HTTP status, 400 to 599
   * @param message text of the error
   */
  record ErrorAnswer(boolean afterEffect, String code, int httpStatus, String message)
      implements FaultEffect {}

  /** The connection is closed without an answer, before the call had any effect. */
  record RequestDropped() implements FaultEffect {}

  /** The call has its effect, then the connection is closed without an answer. */
  record AnswerDropped() implements FaultEffect {}

  /**
   * The call is answered from the state, but something happens in the world besides.
   *
   * @param afterEffect whether the call had its effect when it happens
   * @param event what happens
   */
  record Meanwhile(boolean afterEffect, Runnable event) implements FaultEffect {}
}
