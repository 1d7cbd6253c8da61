// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

/**
 * The instance can't get its network interfaces.
 *
 * @param reason why, as a constant
 * @param resource id of what stands in the way
 * @param message why, for people; names the resource
 */
public record Refusal(RefusalReason reason, String resource, String message)
    implements AttachDecision {
  /** The message with its remedy. */
  public String explained() {
    return message + "; " + reason.remedy();
  }
}
