// SPDX-License-Identifier: Apache-2.0
package io.multuseni.aws.pacing;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts the calls of one invocation, repetitions by the SDK included. Safe for several threads.
 */
public final class CallCounter {
  private final SortedMap<String, Integer> byAction = new TreeMap<>();
  private int throttled;

  /** Notes that a request leaves. */
  synchronized void sent(String action) {
    byAction.merge(action, 1, Integer::sum);
  }

  /** Notes that AWS throttled a request. */
  synchronized void throttled() {
    throttled++;
  }

  /** Calls so far, by action. */
  public synchronized SortedMap<String, Integer> byAction() {
    return Collections.unmodifiableSortedMap(
        new TreeMap<>((java.util.Map<String, Integer>) byAction));
  }

  /** How many of them AWS throttled. */
  public synchronized int throttledCalls() {
    return throttled;
  }
}
