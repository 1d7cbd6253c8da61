// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.node;

import java.time.Instant;

/**
 * The little that the sweep needs to know of an instance.
 *
 * @param instanceId its id
 * @param state its state
 * @param launchTime when it was launched, or started out of a warm pool
 */
public record InstanceSummary(String instanceId, NodeFacts.State state, Instant launchTime) {}
