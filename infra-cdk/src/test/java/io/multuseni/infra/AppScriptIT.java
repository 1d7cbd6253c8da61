// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script that the CDK starts, in a project of empty files, with a JDK, Node and Maven of ours.
 */
class AppScriptIT {
  private static final String JAVA_RAN = "java ran: ";
  private static final String BUILD_OF_APP = "-pl infra-cdk -am package";
  private static final String BUILD_OF_FUNCTIONS =
      "-pl lambda-eni-attach,lambda-ip-reconcile -am package";
  private static final String WORKS =
      """
      case "$*" in
        *infra-cdk*)
          classes=infra-cdk/target/classes/io/multuseni/infra
          mkdir -p "$classes" && : >"$classes/MultusEniApp.class"
          echo library.jar >infra-cdk/target/classpath
          ;;
        *)
          for module in lambda-eni-attach lambda-ip-reconcile; do
            mkdir -p $module/target && : >$module/target/$module-function.jar
          done
          ;;
      esac
      """;
  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path folder;
  private Path root;
  private Path bin;
  private Path jdk;
  private final Map<String, String> environment = new TreeMap<>();

  @BeforeEach
  void makeProject() throws IOException {
    root = Files.createDirectories(folder.resolve("a project"));
    bin = Files.createDirectories(folder.resolve("bin"));
    for (String tool :
        List.of(
            "sh",
            "cat",
            "dirname",
            "find",
            "head",
            "mkdir",
            "mktemp",
            "readlink",
            "rm",
            "sed",
            "touch")) {
      Files.createSymbolicLink(bin.resolve(tool), onPath(tool));
    }
    Files.createDirectories(root.resolve("infra-cdk"));
    copy("launch.sh");
    copy("infra-cdk/app");
    source("pom.xml");
    for (String module :
        List.of("core", "base", "infra-cdk", "lambda-eni-attach", "lambda-ip-reconcile")) {
      source(module + "/pom.xml");
      source(module + "/src/main/java/Some.java");
    }
    source("lambda-ip-reconcile/rbac.yaml");
    jdk = jdk("jdk", "25.0.1");
    node("v20.20.2");
    maven(WORKS);
    environment.put("PATH", bin.toString());
    environment.put("HOME", folder.toString());
    environment.put("JAVA_HOME", jdk.toString());
    environment.put("MULTUS_ENI_JDKS", folder.resolve("no-jdks").toString());
  }

  @Test
  void buildsWhatIsMissingAndRunsTheApp() throws Exception {
    Command.Result result = run();

    assertThat(result.exitCode()).isZero();
    assertThat(builds())
        .satisfiesExactly(
            app -> assertThat(app).contains("-Dshrink.skip").endsWith(BUILD_OF_APP),
            functions ->
                assertThat(functions).doesNotContain("shrink").endsWith(BUILD_OF_FUNCTIONS));
    assertThat(result.output())
        .contains(JAVA_RAN)
        .contains("-cp " + root + "/infra-cdk/target/classes:library.jar")
        .endsWith("io.multuseni.infra.MultusEniApp " + root + "\n");
  }

  @Test
  void buildsNothingWhenAllIsThere() throws Exception {
    run();
    forgetBuilds();

    Command.Result result = run();

    assertThat(builds()).isEmpty();
    assertThat(result.output()).startsWith(JAVA_RAN);
  }

  @ParameterizedTest
  @CsvSource({
    "infra-cdk/src/main/java/Some.java, true, false",
    "infra-cdk/pom.xml, true, false",
    "lambda-eni-attach/src/main/java/Some.java, false, true",
    "lambda-ip-reconcile/pom.xml, false, true",
    "lambda-ip-reconcile/rbac.yaml, true, false",
    "base/src/main/java/Some.java, false, true",
    "core/src/main/java/Some.java, true, true",
    "pom.xml, true, true"
  })
  void buildsWhatIsOlderThanItsSources(String changed, boolean app, boolean functions)
      throws Exception {
    run();
    forgetBuilds();
    Files.setLastModifiedTime(
        root.resolve(changed), FileTime.from(Instant.parse("2100-01-01T00:00:00Z")));

    assertThat(run().exitCode()).isZero();

    List<String> builds = builds();
    assertThat(builds).hasSize((app ? 1 : 0) + (functions ? 1 : 0));
    assertThat(builds.stream().anyMatch(build -> build.endsWith(BUILD_OF_APP))).isEqualTo(app);
    assertThat(builds.stream().anyMatch(build -> build.endsWith(BUILD_OF_FUNCTIONS)))
        .isEqualTo(functions);
  }

  @Test
  void buildsTheFunctionsWhenOneJarIsMissing() throws Exception {
    run();
    forgetBuilds();
    Files.delete(root.resolve("lambda-ip-reconcile/target/lambda-ip-reconcile-function.jar"));

    run();

    assertThat(builds()).singleElement().asString().endsWith(BUILD_OF_FUNCTIONS);
  }

  @Test
  void takesWhatIsThereWhereBuildingIsForbidden() throws Exception {
    run();
    forgetBuilds();
    environment.put("MULTUS_ENI_NO_BUILD", "1");
    Files.setLastModifiedTime(
        root.resolve("pom.xml"), FileTime.from(Instant.parse("2100-01-01T00:00:00Z")));

    assertThat(run().output()).startsWith(JAVA_RAN);
    assertThat(builds()).isEmpty();
  }

  @Test
  void saysWhichCommandBuildsTheAppWhereBuildingIsForbidden() throws Exception {
    environment.put("MULTUS_ENI_NO_BUILD", "1");

    refuses("the app is not built", "mvn -B -q -pl infra-cdk -am package");
    assertThat(builds()).isEmpty();
  }

  @Test
  void endsWithABuildThatFails() throws Exception {
    maven("echo 'a test of Maven says no' >&2; exit 1\n");

    refuses("a test of Maven says no", "the build failed; what Maven says is above");
  }

  @Test
  void triesABuildThatFailedAgain() throws Exception {
    maven("exit 1\n");
    run();
    maven(WORKS);

    assertThat(run().exitCode()).isZero();
  }

  @Test
  void refusesWithoutMaven() throws Exception {
    Files.delete(bin.resolve("mvn"));

    refuses("Maven (mvn) is needed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v16.20.2", "v18.20.8", "v9.0.0", "nonsense", ""})
  void refusesAnOldNode(String version) throws Exception {
    node(version);

    refuses("Node 20 or newer is needed", bin.resolve("node").toString());
    assertThat(builds()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v20.0.0", "v22.1.0", "v100.0.0"})
  void takesEachNewerNode(String version) throws Exception {
    node(version);

    assertThat(run().exitCode()).isZero();
  }

  @Test
  void refusesWithoutNode() throws Exception {
    Files.delete(bin.resolve("node"));

    refuses("Node 20 or newer is needed, and 'node' can't be run", "https://nodejs.org");
  }

  @Test
  void refusesAnOldJdk() throws Exception {
    Path old = jdk("jdk-17", "17.0.12");
    environment.put("JAVA_HOME", old.toString());
    Files.createSymbolicLink(bin.resolve("java"), old.resolve("bin/java"));

    refuses("no JDK 25 or newer is found", "JAVA_HOME:       " + old, "java on PATH:    " + old);
    assertThat(builds()).isEmpty();
  }

  @Test
  void findsTheNewJdkBesideAnOldOne() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk-17", "17.0.12").toString());
    environment.put("MULTUS_ENI_JDKS", folder.toString());

    assertThat(run().output()).contains(JAVA_RAN + jdk);
  }

  private void refuses(String... parts) throws Exception {
    Command.Result result = run();

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).contains("multus-eni: ").contains(parts).doesNotContain(JAVA_RAN);
  }

  private Command.Result run() throws IOException, InterruptedException {
    return Command.run(root.resolve("infra-cdk"), environment, List.of("./app"));
  }

  private void copy(String file) throws IOException {
    Files.copy(Path.of("..", file), root.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
  }

  private void source(String file) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.createFile(path);
    Files.setLastModifiedTime(path, FileTime.from(LONG_AGO));
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(home.resolve("bin/javac"), "exit 1\n");
    script(home.resolve("bin/java"), "echo \"" + JAVA_RAN + home + " $*\"\n");
    return home;
  }

  private void node(String version) throws IOException {
    script(bin.resolve("node"), "echo '" + version + "'\n");
  }

  /** Its calls are kept in a file. */
  private void maven(String effect) throws IOException {
    script(bin.resolve("mvn"), "echo \"$*\" >>'" + folder.resolve("builds") + "'\n" + effect);
  }

  private List<String> builds() throws IOException {
    Path builds = folder.resolve("builds");
    return Files.exists(builds) ? new ArrayList<>(Files.readAllLines(builds)) : List.of();
  }

  private void forgetBuilds() throws IOException {
    Files.delete(folder.resolve("builds"));
  }

  private static void script(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.writeString(file, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path onPath(String tool) {
    return List.of("/bin", "/usr/bin", "/usr/local/bin").stream()
        .map(place -> Path.of(place, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }
}
