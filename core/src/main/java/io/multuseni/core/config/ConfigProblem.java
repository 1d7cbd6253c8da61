// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core.config;

/**
 * One mistake in a configuration.
 *
 * @param path where it is, such as {@code nodeGroups[0].networks[2].subnets}
 * @param problem what is wrong there
 * @param remedy what to write instead
 */
public record ConfigProblem(String path, String problem, String remedy) {
  @Override
  public String toString() {
    return path + ": " + problem + "; " + remedy;
  }
}
