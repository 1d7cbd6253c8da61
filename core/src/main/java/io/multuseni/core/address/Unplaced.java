// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.address;

/**
 * A reservation that can't be served.
 *
 * @param reservation the reservation
 * @param reason why
 * @param detail what of this case the reason doesn't tell, such as the interface; may be empty
 */
public record Unplaced(Reservation reservation, UnplacedReason reason, String detail) {
  /** The whole sentence, for people. */
  public String message() {
    return "%s of pod %s%s: %s"
        .formatted(
            reservation.address(),
            reservation.pod(),
            detail.isEmpty() ? "" : " (" + detail + ")",
            reason.message());
  }
}
