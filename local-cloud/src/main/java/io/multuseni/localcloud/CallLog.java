// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every call on record, in the order in which they were answered: also refused and throttled ones
 * and retries of the client. Safe for use by many threads.
 */
public final class CallLog {
  private static final Set<String> THROTTLING = Set.of("RequestLimitExceeded", "Throttling");

  private final List<Call> calls = new ArrayList<>();

  CallLog() {}

  /** All calls so far, oldest first. */
  public synchronized List<Call> all() {
    return List.copyOf(calls);
  }

  /** The calls of one action, oldest first. */
  public List<Call> of(String action) {
    return all().stream().filter(c -> c.action().equals(action)).toList();
  }

  /** How often each action was called, sorted by its name. */
  public SortedMap<String, Integer> counts() {
    SortedMap<String, Integer> counts = new TreeMap<>();
    all().forEach(c -> counts.merge(c.action(), 1, Integer::sum));
    return counts;
  }

  /** How many calls were refused by a token bucket or a fault that looks like one. */
  public int throttled() {
    return (int)
        all().stream().filter(c -> c.errorCode().filter(THROTTLING::contains).isPresent()).count();
  }

  /** Forgets all calls. */
  public synchronized void clear() {
    calls.clear();
  }

  synchronized void add(Call call) {
    calls.add(call);
  }
}
