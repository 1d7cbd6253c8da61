// SPDX-License-Identifier: Apache-2.0
package io.multuseni.locallambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.crac.Core;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A function in its process: what it sees, what it answers, how it fails. */
@Timeout(180)
class LocalLambdaIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  private static Path jar;

  @BeforeAll
  static void pack() throws IOException {
    jar = folder.resolve("function.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      addClasses(out, SampleHandler.class);
      try (JarFile crac = new JarFile(placeOf(Core.class).toFile())) {
        for (JarEntry entry : crac.stream().filter(one -> !one.isDirectory()).toList()) {
          if (entry.getName().endsWith(".class")) {
            out.putNextEntry(new JarEntry(entry.getName()));
            crac.getInputStream(entry).transferTo(out);
          }
        }
      }
    }
  }

  /** A class and those in it. */
  private static void addClasses(JarOutputStream out, Class<?> type) throws IOException {
    Path classes = placeOf(type);
    Path ofPackage = classes.resolve(type.getPackageName().replace('.', '/'));
    try (Stream<Path> files = Files.list(ofPackage)) {
      for (Path file :
          (Iterable<Path>)
              files.filter(one -> one.getFileName().toString().startsWith(type.getSimpleName()))
                  ::iterator) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
  }

  private static Path placeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Settings settings(Map<String, String> environment) {
    return Settings.of(jar, SampleHandler.class.getName(), environment);
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }

  @Test
  void givesTheFunctionItsOwnEnvironmentAndClassPathAndNothingElse() {
    try (LocalLambda function =
        LocalLambda.start(settings(Map.of("NAME", "value")).withMemory(256))) {
      Invocation invocation = function.invoke("{}");

      JsonNode seen = tree(invocation.result());
      assertThat(seen.at("/environment/NAME").asText()).isEqualTo("value");
      assertThat(seen.at("/environment/AWS_LAMBDA_FUNCTION_MEMORY_SIZE").asText()).isEqualTo("256");
      assertThat(seen.at("/environment/_HANDLER").asText())
          .isEqualTo(SampleHandler.class.getName());
      assertThat(seen.at("/environment").has("PATH")).isFalse();
      assertThat(seen.at("/environment").has("HOME")).isFalse();
      assertThat(seen.path("classPath").asText().split(File.pathSeparator, -1))
          .hasSize(4)
          .allMatch(one -> one.startsWith(seen.at("/environment/LAMBDA_RUNTIME_DIR").asText()));
      assertThat(seen.path("folder")).isEqualTo(seen.at("/environment/LAMBDA_TASK_ROOT"));
      assertThat(seen.path("javaHome").asText()).isEqualTo(System.getProperty("java.home"));
      assertThat(seen.path("maxHeap").asLong()).isBetween(180L << 20, 256L << 20);
      assertThat(seen.path("requestId").asText()).isEqualTo(invocation.requestId());
      assertThat(seen.path("left").asLong()).isBetween(1L, 60_000L);
      assertThat(function.residentBytes().orElse(0)).isPositive();
      assertThat(function.startTime()).isPositive();
    }
  }

  @Test
  void givesEachInvocationTheLinesItWrote() {
    try (LocalLambda function = LocalLambda.start(settings(Map.of()))) {
      Invocation first = function.invoke("{\"do\": \"say\", \"with\": \"one\"}");
      Invocation second = function.invoke("{\"do\": \"say\", \"with\": \"two\"}");

      assertThat(first.log()).containsExactly("one", "one as an error");
      assertThat(second.log()).containsExactly("two", "two as an error");
      assertThat(tree(second.result()).path("invocations").asInt()).isEqualTo(2);
      assertThat(function.log()).startsWith("init", "init as an error").hasSize(6);
    }
  }

  @Test
  void tellsWhyAnInvocationFailedAndGoesOn() {
    try (LocalLambda function = LocalLambda.start(settings(Map.of()))) {
      Invocation failed = function.invoke("{\"do\": \"fail\", \"with\": \"no such thing\"}");

      assertThat(failed.payload()).isEmpty();
      assertThat(failed.error())
          .hasValueSatisfying(error -> {
            assertThat(error.type()).isEqualTo("java.lang.IllegalArgumentException");
            assertThat(error.message()).isEqualTo("no such thing");
            assertThat(error.stackTrace().getFirst()).contains("SampleHandler.handleRequest");
          });
      assertThatThrownBy(failed::result).hasMessageContaining("no such thing");
      assertThat(function.invoke("{}").payload()).isPresent();
      assertThat(function.invoke("{").error()).as("an event that is no JSON").isPresent();
    }
  }

  @Test
  void tellsWhyAFunctionDidNotStart() {
    FunctionInitException failed =
        catchThrowableOfType(
            FunctionInitException.class,
            () -> LocalLambda.start(settings(Map.of("FAIL_INIT", "badly configured"))));

    assertThat(failed.getMessage()).contains("badly configured");
    assertThatThrownBy(
            () -> LocalLambda.start(Settings.of(folder.resolve("gone.jar"), "a.B", Map.of())))
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseMessage(folder.resolve("gone.jar") + ": there is no such jar; build it first");
  }

  /** The runtime client finds no fault with it before the first event. */
  @Test
  void tellsOfAHandlerThatIsNotThereInTheFirstInvocation() {
    try (LocalLambda function = LocalLambda.start(Settings.of(jar, "com.example.Gone", Map.of()))) {
      assertThat(function.invoke("{}").error())
          .hasValueSatisfying(error -> {
            assertThat(error.type()).isEqualTo("java.lang.ClassNotFoundException");
            assertThat(error.message()).contains("com.example.Gone");
          });
    }
  }

  @Test
  void endsAProcessThatOutlastsItsTimeout() {
    try (LocalLambda function =
        LocalLambda.start(settings(Map.of()).withTimeout(Duration.ofMillis(500)))) {
      Invocation hung = function.invoke("{\"do\": \"hang\"}");

      assertThat(hung.error())
          .hasValueSatisfying(error -> {
            assertThat(error.type()).isEqualTo("Sandbox.Timedout");
            assertThat(error.message()).contains("Task timed out after 0.50 seconds");
          });
      assertThat(ProcessHandle.of(function.pid()).filter(ProcessHandle::isAlive)).isEmpty();
      assertThatThrownBy(() -> function.invoke("{}")).hasMessageContaining("start another");
    }
  }

  @Test
  void tellsThatAFunctionEndedItself() {
    try (LocalLambda function = LocalLambda.start(settings(Map.of()))) {
      assertThat(function.invoke("{\"do\": \"exit\"}").error())
          .hasValueSatisfying(error -> {
            assertThat(error.type()).isEqualTo("Runtime.ExitError");
            assertThat(error.message()).contains("exit status: 3");
          });
    }
  }

  @Test
  void runsTheHooksOfSnapStartAroundTheFreezing() {
    int[] frozen = new int[1];
    try (LocalLambda function =
        LocalLambda.start(settings(Map.of()).withSnapStart(() -> frozen[0]++))) {
      assertThat(frozen[0]).isEqualTo(1);
      assertThat(function.log())
          .filteredOn(line -> !line.endsWith("as an error"))
          .containsExactly("init", "before checkpoint", "after restore");
      assertThat(function.invoke("{}").payload()).isPresent();
    }
  }

  @Test
  void leavesNothingBehind() {
    Path taskRoot;
    long pid;
    try (LocalLambda function = LocalLambda.start(settings(Map.of()))) {
      taskRoot = Path.of(tree(function.invoke("{}").result()).path("folder").asText());
      pid = function.pid();
      assertThat(taskRoot).isDirectory();
    }

    assertThat(taskRoot.getParent()).doesNotExist();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }
}
