// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

/** What may have to be set on a network interface after it is attached, or repaired later. */
public enum Setting {
  /** EC2 deletes it with the instance; can be set on an attachment only. */
  DELETE_ON_TERMINATION,
  /** Whether EC2 drops packets that are not addressed to it. */
  SOURCE_DEST_CHECK,
  /** Its security groups; right from the start on a new one. */
  SECURITY_GROUPS,
  /** Its tags; right from the start on a new one. */
  TAGS
}
