// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The documented command as people type it, with an empty home folder, without credentials, behind
 * a proxy that refuses everything: what it needs is on this machine.
 */
class SynthIT {
  private static final Path CDK = Path.of("node_modules", ".bin", "cdk").toAbsolutePath();
  private static final Path OUTPUT = Path.of("target", "cdk.out").toAbsolutePath();

  /**
   * What cfn-lint may say.
   *
   * <p>E0000 and the like never are in it; each has its reason.
   */
  private static final List<String> IGNORED =
      List.of(
          // The CDK states dependencies that references imply already.
          "W3005");

  @TempDir private static Path scratch;
  private static RefusingProxy proxy;
  private static Path home;

  @BeforeAll
  static void start() throws IOException {
    proxy = RefusingProxy.start();
    home = Files.createDirectory(scratch.resolve("home"));
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  @BeforeEach
  void needsTheCommandLine() {
    if (CheckTools.find("node").isEmpty()) {
      skip("synth (no node on the PATH; install Node 20 or newer)");
    }
    if (!Files.isRegularFile(CDK)) {
      skip("synth (no node_modules; run npm ci in infra-cdk)");
    }
  }

  @ParameterizedTest
  @MethodSource("io.multuseni.infra.ExamplesTest#examples")
  void writesTemplatesThatCfnLintAccepts(String example) throws Exception {
    Path output = OUTPUT.resolve(example);

    Command.Result result =
        cdk("synth", "--quiet", "-c", "config=examples/" + example, "-o", output.toString());

    assertThat(result.output()).doesNotContain("[Error", "Exception");
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(proxy.requests()).isEmpty();
    List<Path> templates = templates(output);
    assertThat(templates)
        .extracting(template -> template.getFileName().toString())
        .contains(new Names(cluster(example)).attachStack() + ".template.json");
    lint(templates);
  }

  @Test
  void refusesWithoutAConfiguration() throws Exception {
    refuses(cdk("synth", "-o", nowhere()), "no configuration is named; add -c config=<file>");
  }

  @Test
  void refusesAConfigurationThatIsNotThere() throws Exception {
    refuses(
        cdk("synth", "-c", "config=absent.yaml", "-o", nowhere()),
        "the configuration can't be read",
        Path.of("absent.yaml").toAbsolutePath().toString());
  }

  @Test
  void listsEveryMistakeOfAConfiguration() throws Exception {
    Path file = scratch.resolve("three-mistakes.yaml");
    Files.writeString(
        file,
        Files.readString(Path.of("examples", "single-zone.yaml"))
            .replace("name: core5g\n", "name: core 5g\n")
            .replace(
                "autoScalingGroups: [core5g-upf]", "autoScalingGroups: [core5g-upf, core5g-upf]")
            .replace("subnets: [subnet-0a6", "subnet: [subnet-0a6"));

    refuses(
        cdk("synth", "-c", "config=" + file, "-o", nowhere()),
        "the configuration has 3 problems:",
        "cluster.name: 'core 5g' is not an EKS cluster's name",
        "nodeGroups[0].autoScalingGroups[1]: the Auto Scaling group 'core5g-upf' is already at",
        "nodeGroups[0].networks[1].subnet: unknown key; did you mean 'subnets'?");
  }

  @Test
  void refusesWithoutTheFunctionsJars() throws Exception {
    Path folder = Files.createDirectories(scratch.resolve("no-jars/infra-cdk"));
    for (String file : List.of("app", "cdk.json")) {
      Files.copy(Path.of(file), folder.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
    Files.copy(Path.of("../launch.sh"), folder.resolve("../launch.sh"));
    Files.createSymbolicLink(folder.resolve("target"), Path.of("target").toAbsolutePath());
    String config = "config=" + Path.of("examples", "single-zone.yaml").toAbsolutePath();

    refuses(
        Command.run(
            folder, environment(), List.of(CDK.toString(), "synth", "-c", config, "-o", nowhere())),
        "the function's jar is missing",
        "lambda-eni-attach-function.jar",
        "mvn -B -q -pl lambda-eni-attach,lambda-ip-reconcile -am package");
  }

  @Test
  void refusesAnOldNode() throws Exception {
    Path bin = Files.createDirectories(scratch.resolve("old-node"));
    executable(bin.resolve("node"), "echo v16.20.2\n");
    Map<String, String> environment = environment();
    environment.put("PATH", bin + File.pathSeparator + environment.get("PATH"));

    // The command line itself runs on the Node that is here: it is the app's that is old.
    refuses(
        Command.run(
            Path.of("").toAbsolutePath(),
            environment,
            List.of(
                CheckTools.find("node").orElseThrow().toString(),
                CDK.toRealPath().toString(),
                "synth",
                "-c",
                "config=examples/single-zone.yaml",
                "-o",
                nowhere())),
        "Node 20 or newer is needed, and this one is v16.20.2: " + bin.resolve("node"));
  }

  @Test
  void refusesAnOldJdk() throws Exception {
    Path jdks = Files.createDirectories(scratch.resolve("old-jdk"));
    Path jdk = Files.createDirectories(jdks.resolve("jdk-17"));
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.12\"\n");
    executable(jdk.resolve("bin/java"), "exit 1\n");
    executable(jdk.resolve("bin/javac"), "exit 1\n");
    Map<String, String> environment = environment();
    environment.remove("JAVA_HOME");
    environment.put("MULTUS_ENI_JDKS", jdks.toString());
    environment.put("PATH", jdk.resolve("bin") + File.pathSeparator + environment.get("PATH"));

    refuses(
        Command.run(
            Path.of("").toAbsolutePath(),
            environment,
            List.of(
                CDK.toString(),
                "synth",
                "-c",
                "config=examples/single-zone.yaml",
                "-o",
                nowhere())),
        "no JDK 25 or newer is found",
        "java on PATH:    " + jdk);
  }

  private static void refuses(Command.Result result, String... parts) throws IOException {
    assertThat(result.exitCode()).as(result.output()).isNotZero();
    assertThat(result.output())
        .contains("multus-eni: ")
        .contains(parts)
        .doesNotContain("\tat ", "Exception in thread");
    assertThat(templates(Path.of(nowhere()))).isEmpty();
    assertThat(proxy.requests()).isEmpty();
  }

  private static Command.Result cdk(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(CDK.toString()));
    command.addAll(List.of(arguments));
    return Command.run(Path.of("").toAbsolutePath(), environment(), command);
  }

  private static Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", home.toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    // The build that runs this test has built it all.
    environment.put("MULTUS_ENI_NO_BUILD", "1");
    for (String name : List.of("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")) {
      environment.put(name, proxy.url());
    }
    return environment;
  }

  private static String nowhere() {
    return scratch.resolve("out").toString();
  }

  private static String cluster(String example) throws IOException, ConfigException {
    return ConfigReader.readYaml(Files.readString(Path.of("examples", example))).cluster();
  }

  private static List<Path> templates(Path output) throws IOException {
    if (!Files.isDirectory(output)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(output)) {
      return files.filter(file -> file.toString().endsWith(".template.json")).sorted().toList();
    }
  }

  /** Errors fail; warnings are printed, so that somebody sees them. */
  @SuppressWarnings("SystemOut")
  private static void lint(List<Path> templates) throws IOException, InterruptedException {
    Optional<Path> linter = CheckTools.find("cfn-lint");
    if (linter.isEmpty()) {
      skip("cfn-lint (install .ci/check-tools.txt and let MULTUS_ENI_CHECK_TOOLS name its folder)");
    }
    List<String> command =
        new ArrayList<>(List.of(linter.orElseThrow().toString(), "--format", "parseable"));
    command.addAll(List.of("--ignore-checks", String.join(",", IGNORED), "--"));
    templates.forEach(template -> command.add(template.toString()));

    Command.Result result =
        Command.run(Path.of("").toAbsolutePath(), Map.of("PATH", System.getenv("PATH")), command);

    // The code's bits: 2 an error, 4 a warning, 8 a remark.
    assertThat(result.exitCode() & ~(4 | 8)).as(result.output()).isZero();
    result.output().lines().forEach(line -> System.out.println("cfn-lint: " + line));
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @SuppressWarnings("SystemOut")
  private static void skip(String what) {
    System.out.println("SKIPPED: " + what);
    Assumptions.abort(what);
  }
}
