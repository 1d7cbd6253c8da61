// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jars made by ProGuard, of a class path of a few classes. */
@Timeout(300)
class ShrinkerIT {
  private static final Map<String, String> SOURCES =
      Map.of(
          "app.Main",
          """
          package app;
          public class Main {
            public Object run() { return java.util.ServiceLoader.load(Service.class); }
            public void unused() { new Unused(); }
          }
          """,
          "app.Service",
          "package app; public interface Service {}",
          "app.Provider",
          "package app; public class Provider implements Service {}",
          "app.Unused",
          "package app; public class Unused {}",
          "app.OtherService",
          "package app; public interface OtherService {}",
          "app.OtherProvider",
          "package app; public class OtherProvider implements OtherService {}");

  @TempDir private Path folder;
  private Path classes;

  @BeforeEach
  void compile() throws IOException {
    classes = Jars.compiled(Files.createDirectories(folder.resolve("classes")), SOURCES);
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(services.resolve("app.Service"), "app.Provider\n");
    Files.writeString(services.resolve("app.OtherService"), "app.OtherProvider\n");
    Files.writeString(
        folder.resolve("rules.pro"),
        "-keep class app.Main { public <init>(); public java.lang.Object run(); }\n");
  }

  private Request request(String name) {
    return new Request(
        List.of(classes),
        List.of(folder.resolve("rules.pro")),
        folder.resolve(name + ".jar"),
        folder.resolve(name),
        1,
        Set.of());
  }

  @Test
  void keepsWhatTheRulesLeadToAndProviders() {
    Result result = Shrinker.shrink(request("a"));

    assertThat(Jars.entries(result.jar()).keySet())
        .containsExactlyInAnyOrder(
            "META-INF/MANIFEST.MF",
            "META-INF/services/app.OtherService",
            "META-INF/services/app.Service",
            "app/Main.class",
            "app/OtherProvider.class",
            "app/Provider.class",
            "app/Service.class");
    assertThat(Jars.text(result.jar(), "META-INF/services/app.Service")).isEqualTo("app.Provider");
    assertThat(result.classes()).isEqualTo(4);
    assertThat(result.classesBefore()).isEqualTo(6);
  }

  @Test
  void leavesProvidersOutWhereTheRequestSaysSo() {
    Request request = request("a");
    Result result =
        Shrinker.shrink(
            new Request(
                request.classPath(),
                request.rules(),
                request.output(),
                request.work(),
                1,
                Set.of("app.Service")));

    assertThat(Jars.entries(result.jar()).keySet())
        .doesNotContain("app/Provider.class", "META-INF/services/app.Service");
  }

  @Test
  void makesTheSameBytesTwice() throws IOException {
    Path first = Shrinker.shrink(request("a")).jar();
    Path second = Shrinker.shrink(request("b")).jar();

    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void doesNothingWhereNothingChanged() throws IOException {
    Result made = Shrinker.shrink(request("a"));
    FileTime old = FileTime.fromMillis(0);
    Files.setLastModifiedTime(made.jar(), old);

    Result again = Shrinker.shrink(request("a"));

    assertThat(again.upToDate()).isTrue();
    assertThat(again.bytes()).isEqualTo(made.bytes());
    assertThat(again.classesBefore()).isEqualTo(made.classesBefore());
    // Who compares it with its sources' times must not find it old for ever.
    assertThat(Files.getLastModifiedTime(made.jar())).isGreaterThan(old);

    Jars.compiled(classes, Map.of("app.Unused", "package app; public class Unused { int more; }"));
    assertThat(Shrinker.shrink(request("a")).upToDate()).isFalse();
    Files.writeString(made.jar(), "somebody else's");
    assertThat(Shrinker.shrink(request("a")).upToDate()).isFalse();
  }

  @Test
  void refusesAJarAboveItsLimitAndSaysWhatIsInIt() throws IOException {
    byte[] noise = new byte[1_500_000];
    new java.util.Random(1).nextBytes(noise);
    Files.write(classes.resolve("app/noise.bin"), noise);

    assertThatThrownBy(() -> Shrinker.shrink(request("a")))
        .isInstanceOf(ShrinkException.class)
        .hasMessageContainingAll("a.jar is 1.5 MB", "its limit in the pom is 1 MB", "1500 kB  app");
    assertThat(folder.resolve("a.jar")).doesNotExist();
  }

  @Test
  void tellsWhichClassIsMissing() throws IOException {
    Files.delete(classes.resolve("app/Service.class"));

    assertThatThrownBy(() -> Shrinker.shrink(request("a")))
        .isInstanceOf(ShrinkException.class)
        .hasMessageContainingAll("app.Service", "rules.pro", "proguard.log");
  }

  @Test
  void refusesClassesThatAreNewerThanTheJdk() throws IOException {
    Path main = classes.resolve("app/Main.class");
    byte[] content = Files.readAllBytes(main);
    content[7]++;
    Files.write(main, content);

    assertThatThrownBy(() -> Shrinker.shrink(request("a")))
        .isInstanceOf(ShrinkException.class)
        .hasMessageContainingAll("app/Main.class", "shrink with the JDK that compiled it");
  }

  // The JDK.

  /**
   * The tool alone in a process that knows of no other JDK: its environment is empty. The classes
   * that it judged by are those that this JVM runs on, byte for byte.
   */
  @Test
  void takesTheClassesOfTheJdkFromTheOneThatRunsIt() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        new ArrayList<>(
            List.of(
                java.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--class-path",
                classes.toString(),
                "--rules",
                folder.resolve("rules.pro").toString(),
                "--output",
                folder.resolve("a.jar").toString(),
                "--work",
                folder.resolve("a").toString(),
                "--limit",
                "1"));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
    builder.redirectOutput(new File(folder.toFile(), "told.txt"));
    builder.environment().clear();
    Process process = builder.start();

    assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
    assertThat(folder.resolve("told.txt")).content().startsWith("shrinker: a.jar: ");
    assertThat(process.exitValue()).isZero();
    Path jdk = folder.resolve("a/jdk.jar");
    try (JarFile jar = new JarFile(jdk.toFile())) {
      var attributes = jar.getManifest().getMainAttributes();
      assertThat(attributes.getValue("Jdk-Home")).isEqualTo(System.getProperty("java.home"));
      assertThat(attributes.getValue("Jdk-Runtime-Version"))
          .isEqualTo(System.getProperty("java.runtime.version"));
    }
    Map<String, byte[]> entries = new TreeMap<>(Jars.entries(jdk));
    entries.keySet().removeIf(name -> !name.endsWith(".class"));
    assertThat(entries)
        // Only Java 25 and newer has it.
        .containsKeys(
            "java/lang/Object.class", "java/lang/IO.class", "java/net/http/HttpClient.class")
        .hasSizeGreaterThan(10_000);
    int version = Runtime.version().feature() + 44;
    entries.forEach((name, content) -> {
      // jlink writes these itself, in an old format.
      if (!name.startsWith("jdk/internal/module/SystemModules")) {
        assertThat(ClassFiles.majorVersion(content)).as(name).isEqualTo(version);
      }
    });
    for (Class<?> type : List.of(Object.class, List.class, JarFile.class)) {
      String name = ClassFiles.entryOf(type.getName());
      try (var own = type.getResourceAsStream("/" + name)) {
        assertThat(entries.get(name)).isEqualTo(own.readAllBytes());
      }
    }
  }
}
