// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A statement of an IAM policy, as plain data.
 *
 * @param sid names it within its policy; letters and digits
 * @param effect whether it allows or denies
 * @param actions such as {@code ec2:AttachNetworkInterface}
 * @param resources ARNs, which may hold wildcards and tokens of the CDK
 * @param conditions operator → condition key → values
 */
public record Statement(
    String sid,
    Effect effect,
    List<String> actions,
    List<String> resources,
    SortedMap<String, SortedMap<String, List<String>>> conditions) {
  /** Copies the lists. */
  public Statement {
    actions = List.copyOf(actions);
    resources = List.copyOf(resources);
  }

  /** Allows actions on resources. */
  public static Statement allow(String sid, List<String> actions, List<String> resources) {
    return new Statement(sid, Effect.ALLOW, actions, resources, new TreeMap<>());
  }

  /** Denies actions on resources. */
  public static Statement deny(String sid, List<String> actions, List<String> resources) {
    return new Statement(sid, Effect.DENY, actions, resources, new TreeMap<>());
  }

  /** With one more condition. */
  public Statement when(String operator, String key, List<String> values) {
    SortedMap<String, SortedMap<String, List<String>>> more = new TreeMap<>();
    conditions.forEach((known, keys) -> more.put(known, new TreeMap<>(keys)));
    more.computeIfAbsent(operator, _ -> new TreeMap<>()).put(key, List.copyOf(values));
    return new Statement(sid, effect, actions, resources, more);
  }

  /** Whether a statement allows or denies. */
  public enum Effect {
    /** Allows. */
    ALLOW,
    /** Denies, whatever else allows. */
    DENY
  }
}
