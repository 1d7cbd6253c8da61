// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

/** Text in a policy. */
final class PolicyText {
  /** How the CDK writes a value that only the deployment knows. */
  private static final String TOKEN = "${Token[";

  private PolicyText() {}

  /**
   * A name in a place where IAM looks for wildcards and variables: the name of an Auto Scaling
   * group may hold both (IAM user guide, policy variables). Tokens of the CDK stay as they are.
   */
  static String literal(String name) {
    if (name.contains(TOKEN)) {
      return name;
    }
    StringBuilder escaped = new StringBuilder();
    name.chars()
        .forEach(c -> {
          switch (c) {
            case '*', '?', '$' -> escaped.append("${").append((char) c).append('}');
            default -> escaped.append((char) c);
          }
        });
    return escaped.toString();
  }
}
