// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.error;

/**
 * What an error of AWS means to us. The edge finds it from the error's code, and its message only
 * where AWS uses one code for several things; what follows from it is decided elsewhere.
 */
public enum ErrorMeaning {
  /** The account's request rate is used up; the same call works later. */
  THROTTLED,
  /** AWS had a fault of its own; the same call may work later. */
  TRANSIENT,
  /** No answer came: the call may have taken effect or not. */
  UNKNOWN_EFFECT,
  /** A resource that we know to exist isn't visible to this call yet, or exists no longer. */
  NOT_YET_VISIBLE,
  /**
   * What we wanted to end has ended: no such lifecycle action is pending, the address is off the
   * interface.
   */
  ALREADY_DONE,
  /** The instance doesn't exist. */
  GONE,
  /** The resource is in a state that passes, such as an instance that boots. */
  NOT_READY,
  /** The network interface is attached already. */
  IN_USE,
  /** Something is attached at that device index already. */
  SLOT_TAKEN,
  /** Another network interface has that address. */
  ADDRESS_TAKEN,
  /** The client token was used with other parameters. */
  TOKEN_REUSED,
  /** The subnet has no free address. */
  NO_ROOM_IN_SUBNET,
  /** The instance type holds no further network interface. */
  NO_ROOM_ON_INSTANCE,
  /** The instance type allows no further address of that family on the network interface. */
  NO_ROOM_ON_INTERFACE,
  /** A quota of the account is used up. */
  QUOTA,
  /** A subnet or security group of the configuration doesn't exist. */
  MISSING_DEPENDENCY,
  /** We lack the permission. */
  DENIED,
  /** AWS refuses the request as such, for a reason that no repetition mends. */
  INVALID;

  /** Whether the same call may succeed later with nothing changed by anybody. */
  public boolean passesByItself() {
    return switch (this) {
      case THROTTLED, TRANSIENT, UNKNOWN_EFFECT, NOT_YET_VISIBLE, NOT_READY -> true;
      default -> false;
    };
  }
}
