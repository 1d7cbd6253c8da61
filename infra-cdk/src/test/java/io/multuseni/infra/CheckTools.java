// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Programs that checks run and that aren't ours. Those from PyPI, which {@code .ci/check-tools.txt}
 * names, are looked for in the folder that the environment variable {@code MULTUS_ENI_CHECK_TOOLS}
 * names, then on the PATH.
 */
public final class CheckTools {
  private CheckTools() {}

  /** A program, where this machine has it. */
  public static Optional<Path> find(String program) {
    return Stream.concat(
            Optional.ofNullable(System.getenv("MULTUS_ENI_CHECK_TOOLS")).stream(),
            Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
