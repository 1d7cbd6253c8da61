// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.multuseni.infra.CheckTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Scripts that ask checkers from PyPI. */
final class Checkers {
  private static final Path SCRIPTS = Path.of("src", "test", "python");

  private Checkers() {}

  /**
   * Runs a script with the Python that has a program's package.
   *
   * @param program installed beside that Python; where it is missing, the test is skipped
   * @param script in {@code src/test/python}
   * @param arguments of the script
   * @return what the script printed
   */
  @SuppressWarnings("SystemOut")
  static String python(String program, String script, List<String> arguments)
      throws IOException, InterruptedException {
    Optional<Path> folder =
        CheckTools.find(program)
            .map(Path::getParent)
            .filter(one -> Files.isExecutable(one.resolve("python3")));
    if (folder.isEmpty()) {
      System.out.printf(
          "SKIPPED: policies against %s (install .ci/check-tools.txt and let"
              + " MULTUS_ENI_CHECK_TOOLS name its folder of programs)%n",
          program);
    }
    assumeThat(folder).isPresent();
    Path output = Files.createTempFile("multus-eni", ".out");
    List<String> command = new ArrayList<>();
    command.add(folder.orElseThrow().resolve("python3").toString());
    command.add(SCRIPTS.resolve(script).toString());
    command.addAll(arguments);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("%s ends", script).isTrue();
      assertThat(process.exitValue()).as("exit code of %s", script).isZero();
      return Files.readString(output, UTF_8);
    } finally {
      Files.delete(output);
    }
  }
}
