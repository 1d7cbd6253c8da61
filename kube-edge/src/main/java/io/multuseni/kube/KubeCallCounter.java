// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts the requests of one invocation to the Kubernetes API: each page, repetition and new
 * connection of a watch. Safe for several threads.
 */
public final class KubeCallCounter {
  private final SortedMap<String, Integer> byRequest = new TreeMap<>();

  /** Requests so far, by verb and resource, such as {@code list pods}. */
  public synchronized SortedMap<String, Integer> byRequest() {
    return Collections.unmodifiableSortedMap(
        new TreeMap<>((java.util.Map<String, Integer>) byRequest));
  }

  /** Notes that a request leaves. */
  synchronized void sent(URI uri) {
    byRequest.merge(wordsFor(uri), 1, Integer::sum);
  }

  /** Verb and resource of a request: /api/v1/pods, /apis/group/v1/things, and an object's name. */
  private static String wordsFor(URI uri) {
    List<String> path = List.of(uri.getPath().substring(1).split("/", -1));
    int plural = path.getFirst().equals("api") ? 2 : 3;
    if (path.size() <= plural) {
      return "get " + uri.getPath();
    }
    boolean one = path.size() > plural + 1;
    String query = uri.getQuery() == null ? "" : uri.getQuery();
    boolean watch = query.contains("watch=true");
    return (watch ? "watch" : one ? "get" : "list") + " " + path.get(plural);
  }
}
