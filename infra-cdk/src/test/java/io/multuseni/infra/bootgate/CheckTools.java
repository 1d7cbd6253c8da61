// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.bootgate;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Programs that checks run, and shells, as far as this machine has them. */
final class CheckTools {
  private CheckTools() {}

  /** A program in the folder of {@code MULTUS_ENI_CHECK_TOOLS}, or else on the path. */
  static Optional<Path> find(String program) {
    List<String> folders = new ArrayList<>();
    Optional.ofNullable(System.getenv("MULTUS_ENI_CHECK_TOOLS")).ifPresent(folders::add);
    folders.addAll(List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)));
    return folders.stream()
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** bash, which is sh on Amazon Linux, and dash, which knows nothing but POSIX. */
  @SuppressWarnings("SystemOut")
  static List<String> shells() {
    List<String> shells = new ArrayList<>();
    for (String shell : List.of("bash", "dash")) {
      if (find(shell).isPresent()) {
        shells.add(shell);
      } else {
        System.out.println("SKIPPED: the boot gate on " + shell + ", which isn't on this machine");
      }
    }
    return shells;
  }
}
