// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.policies;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Checkers that aren't ours, from PyPI: {@code .ci/check-tools.txt} names them. They are looked for
 * in the folder of programs that the environment variable {@code MULTUS_ENI_CHECK_TOOLS} names,
 * then on the PATH.
 */
final class CheckTools {
  private static final String VARIABLE = "MULTUS_ENI_CHECK_TOOLS";
  private static final Path SCRIPTS = Path.of("src", "test", "python");

  private CheckTools() {}

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
    Optional<Path> folder = folderOf(program, System.getenv());
    if (folder.isEmpty()) {
      System.out.printf(
          "SKIPPED: policies against %s (install .ci/check-tools.txt and let %s name its folder of programs)%n",
          program, VARIABLE);
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

  private static Optional<Path> folderOf(String program, Map<String, String> environment) {
    String path = environment.getOrDefault("PATH", "");
    return Stream.concat(
            Optional.ofNullable(environment.get(VARIABLE)).stream(),
            Stream.of(path.split(File.pathSeparator, -1)))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of)
        .filter(folder -> Files.isExecutable(folder.resolve(program)))
        .filter(folder -> Files.isExecutable(folder.resolve("python3")))
        .findFirst();
  }
}
