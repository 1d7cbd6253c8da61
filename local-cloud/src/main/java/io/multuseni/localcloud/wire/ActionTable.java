// SPDX-License-Identifier: Apache-2.0
package io.multuseni.localcloud.wire;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The actions of one service: for each its known parameters and how to read them. */
final class ActionTable<A> {
  /** Sent with every call, some of them only with requests signed in the query string. */
  private static final Set<String> COMMON =
      Set.of(
          "Action",
          "Version",
          "DryRun",
          "AWSAccessKeyId",
          "Signature",
          "SignatureMethod",
          "SignatureVersion",
          "Timestamp");

  private final Map<String, Entry<A>> entries = new HashMap<>();

  ActionTable<A> with(String action, Set<String> parameters, Function<Params, A> reader) {
    entries.put(action, new Entry<>(parameters, reader));
    return this;
  }

  Set<String> actions() {
    return Set.copyOf(entries.keySet());
  }

  /**
   * Reads a call. A parameter that isn't modelled is refused by its name: ignored in silence, it
   * would make a test believe in an effect that never was.
   */
  A read(Params params) {
    String action = params.required("Action");
    Entry<A> entry = entries.get(action);
    if (entry == null) {
      throw ApiError.of(
          "InvalidAction", "The action " + action + " is not valid for this web service.");
    }
    for (String name : params.asMap().keySet()) {
      int dot = name.indexOf('.');
      String root = dot < 0 ? name : name.substring(0, dot);
      if (!COMMON.contains(root) && !entry.parameters().contains(root) && !isSigning(root)) {
        throw ApiError.of(
            "UnknownParameter", "The parameter " + root + " is not modelled for " + action);
      }
    }
    return entry.reader().apply(params);
  }

  private static boolean isSigning(String name) {
    return name.startsWith("X-Amz-");
  }

  private record Entry<A>(Set<String> parameters, Function<Params, A> reader) {}
}
