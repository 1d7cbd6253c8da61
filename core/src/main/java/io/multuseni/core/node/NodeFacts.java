// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.node;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An instance with everything that a decision about its network interfaces needs.
 *
 * @param instanceId its id
 * @param state its state
 * @param availabilityZone name of its zone, such as {@code us-east-1a}
 * @param vpcId its VPC
 * @param limits what its type can hold
 * @param launchTime when it was launched, or started out of a warm pool
 * @param tags its tags
 * @param interfaces those attached to it, whoever's they are, and those of ours that are tagged for
 *     it
 */
public record NodeFacts(
    String instanceId,
    State state,
    String availabilityZone,
    String vpcId,
    InstanceLimits limits,
    Instant launchTime,
    SortedMap<String, String> tags,
    List<InterfaceFacts> interfaces) {
  /** Copies the collections. */
  public NodeFacts {
    tags = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) tags));
    interfaces = List.copyOf(interfaces);
  }

  /** States of an instance, as EC2 names them. */
  public enum State {
    /** Booting: a network interface can't be attached yet. */
    PENDING,
    /** Up. */
    RUNNING,
    /** On its way to {@link #STOPPED}. */
    STOPPING,
    /** Down, as in a warm pool; network interfaces can be attached. */
    STOPPED,
    /** On its way to {@link #TERMINATED}. */
    SHUTTING_DOWN,
    /** Gone. */
    TERMINATED;

    /** Whether a network interface can be attached (facts: EC2 attaches to running or stopped). */
    public boolean isAttachable() {
      return this == RUNNING || this == STOPPED;
    }

    /** Whether the instance still has a future. */
    public boolean isLive() {
      return this != SHUTTING_DOWN && this != TERMINATED;
    }
  }
}
