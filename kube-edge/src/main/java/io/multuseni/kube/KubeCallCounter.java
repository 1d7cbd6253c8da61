// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the requests of one invocation to the Kubernetes API: each page, repetition and new
 * connection of a watch. Safe for several threads.
 */
public final class KubeCallCounter {
  private static final Pattern PATH =
      Pattern.compile(
          ".*?/(?:api|apis/[^/]+)/v[^/]+/(?:namespaces/[^/]+/)?(?<plural>[^/]+)(?:/(?<name>[^/]+))?");

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

  /**
   * Verb and resource of a request: {@code api/v1/pods}, {@code apis/group/v1/things}, and maybe an
   * object's name; a proxy may have put something before it.
   */
  private static String wordsFor(URI uri) {
    Matcher path = PATH.matcher(uri.getPath());
    if (!path.matches()) {
      return "get " + uri.getPath();
    }
    String query = uri.getQuery() == null ? "" : uri.getQuery();
    boolean watch = List.of(query.split("&", -1)).contains("watch=true");
    String verb = watch ? "watch" : path.group("name") == null ? "list" : "get";
    return verb + " " + path.group("plural");
  }
}
