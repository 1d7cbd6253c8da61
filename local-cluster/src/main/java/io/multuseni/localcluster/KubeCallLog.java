// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcluster;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every request on record, in the order in which they were answered: also refused ones and retries
 * of the client. Safe for use by many threads.
 */
public final class KubeCallLog {
  private final List<KubeCall> calls = new ArrayList<>();

  KubeCallLog() {}

  /** All calls so far, oldest first. */
  public synchronized List<KubeCall> all() {
    return List.copyOf(calls);
  }

  /** The calls of a verb on a resource, oldest first, for example {@code of("list", "pods")}. */
  public List<KubeCall> of(String verb, String resource) {
    return all().stream()
        .filter(c -> c.verb().equals(verb) && c.resource().equals(resource))
        .toList();
  }

  /** How often each verb was called on each resource, for example {@code "list pods"} to 3. */
  public SortedMap<String, Integer> counts() {
    SortedMap<String, Integer> counts = new TreeMap<>();
    all().forEach(c -> counts.merge(c.verb() + " " + c.resource(), 1, Integer::sum));
    return counts;
  }

  /** The calls that would change an object, oldest first, whether they did or not. */
  public List<KubeCall> writes() {
    return all().stream()
        .filter(c ->
            switch (c.verb()) {
              case "create", "update", "patch", "delete", "deletecollection" -> true;
              default -> false;
            })
        .toList();
  }

  /** Forgets all calls. */
  public synchronized void clear() {
    calls.clear();
  }

  synchronized void add(KubeCall call) {
    calls.add(call);
  }
}
