// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.event;

/** Why an event is none of our business, or why nothing was left to do for it. */
public enum IgnoredReason {
  /** Not a JSON object, or not shaped like an EventBridge event. */
  MALFORMED_EVENT,
  /** A test notification of Auto Scaling. */
  TEST_NOTIFICATION,
  /** From another source, or of a kind that we don't handle. */
  OTHER_EVENT,
  /** A lifecycle action that lacks a field we need. */
  MISSING_FIELD,
  /** A field that isn't what it should be, such as an instance id that isn't one. */
  BAD_FIELD,
  /** Of an Auto Scaling group that no node group claims. */
  FOREIGN_GROUP,
  /** Of a lifecycle hook that isn't ours. */
  FOREIGN_HOOK,
  /** The instance doesn't exist any more, or is on its way out. */
  INSTANCE_GONE,
  /** The node would have been refused, but its lifecycle action is over and it stays. */
  NO_ACTION_PENDING,
  /** The instance belongs to another cluster's managed node group of the same name. */
  FOREIGN_CLUSTER
}
