// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Runs ProGuard, as a program of its own on the same JDK. It shrinks; it neither renames nor
 * optimizes, so that a stack trace of the shrunk jar is one of the sources.
 */
final class ProGuard {
  private static final String MAIN = "proguard.ProGuard";
  private static final String COMMON_RULES = "common.pro";
  private static final int LINES_OF_LOG = 40;

  private ProGuard() {}

  /**
   * Shrinks a jar.
   *
   * @param whole the jar
   * @param providers names of the files that name classes, with their contents
   * @param jdk the JDK's classes
   * @param shrunk where the result goes
   * @param request the rules, and the folder for configuration and log
   * @throws ShrinkException ProGuard refused
   */
  static void run(Path whole, Map<String, byte[]> providers, Path jdk, Path shrunk, Request request)
      throws IOException {
    Path configuration = request.work().resolve("proguard.conf");
    Files.writeString(
        configuration,
        String.join(
            "\n",
            "-injars " + quoted(whole),
            "-outjars " + quoted(shrunk),
            "-libraryjars " + quoted(jdk),
            "-printusage " + quoted(request.work().resolve("left-out.txt")),
            commonRules(),
            providerRules(providers, request.providersLeftOut()),
            read(request.rules())));
    Path log = request.work().resolve("proguard.log");
    int status = run(configuration, log);
    if (status != 0) {
      throw new ShrinkException(
          "ProGuard ended with %d; correct %s (the whole log is in %s):%n%s"
              .formatted(status, request.rulesInWords(), log, lastLines(log)));
    }
  }

  private static int run(Path configuration, Path log) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                java.toString(),
                "-Xmx2g",
                "-XX:+UseParallelGC",
                "-cp",
                System.getProperty("java.class.path"),
                MAIN,
                "@" + configuration)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new ShrinkException("interrupted while ProGuard ran", e);
    }
  }

  /**
   * Nothing refers to a provider but its file, so all are kept that the request doesn't leave out.
   * ProGuard's conditional rules are no help: {@code -if class X} holds for an X that is shrunk
   * away.
   */
  static String providerRules(Map<String, byte[]> providerFiles, Set<String> leftOut) {
    return providerFiles.entrySet().stream()
        .filter(file -> !leftOut.contains(ProviderFile.serviceOf(file.getKey())))
        .flatMap(file -> ProviderFile.providers(file.getValue()).stream())
        .map(provider ->
            "-keep class " + provider + " { public <init>(); public static ** provider(); }")
        .collect(Collectors.joining("\n"));
  }

  private static String read(List<Path> files) throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path file : files) {
      all.append(Files.readString(file)).append('\n');
    }
    return all.toString();
  }

  private static String commonRules() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ProGuard.class.getResourceAsStream(COMMON_RULES))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String quoted(Path path) {
    return "'" + path.toAbsolutePath() + "'";
  }

  private static String lastLines(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size()));
  }
}
