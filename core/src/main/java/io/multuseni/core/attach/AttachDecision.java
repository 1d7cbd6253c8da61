// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.attach;

/** What {@link AttachPlanner} says about an instance. */
public sealed interface AttachDecision permits AttachmentPlan, Refusal {}
