// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration that can't be used; carries every problem that it has. */
public final class ConfigException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  /** Takes the problems, at least one. */
  public ConfigException(List<ConfigProblem> problems) {
    super(
        problems.stream()
            .map(ConfigProblem::toString)
            .collect(
                Collectors.joining(
                    "\n  ",
                    "the configuration has "
                        + problems.size()
                        + (problems.size() == 1 ? " problem" : " problems")
                        + ":\n  ",
                    "")));
    this.problems = List.copyOf(problems);
  }

  /** All problems, in the order of the schema: top level first, then node group by node group. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
