// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Template;

/**
 * Compares what each example's templates say with what is in {@code src/test/snapshots}, so that a
 * change to the deployment is seen as a change to a template.
 */
final class SnapshotTest {
  private static final Path SNAPSHOTS = Path.of("src/test/snapshots");
  private static final boolean WRITE = Boolean.getBoolean("snapshots.write");
  private static final int DIFF_MAX = 60;
  private static final int CONTEXT = 3;
  private static final String ACCEPT =
      "where this is intended: mvn -pl infra-cdk -am test -Dtest=SnapshotTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dsnapshots.write=true, and commit"
          + " infra-cdk/src/test/snapshots";

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("io.multuseni.infra.ExamplesTest#examples")
  void templatesAreAsTheyWere(String example) throws IOException, BadInput {
    SortedMap<String, String> now = snapshots(example);
    Path then = SNAPSHOTS.resolve(name(example));
    if (WRITE) {
      write(then, now);
    }

    assertThat(files(then))
        .as("files in %s; %s", then, ACCEPT)
        .containsExactlyElementsOf(now.keySet());
    List<String> changes = new ArrayList<>();
    for (var one : now.entrySet()) {
      Path file = then.resolve(one.getKey());
      changes.addAll(diff(file.toString(), Files.readString(file), one.getValue()));
    }
    if (!changes.isEmpty()) {
      throw new AssertionError(shown(changes));
    }
  }

  @Test
  void everySnapshotHasItsExample() throws IOException {
    assertThat(files(SNAPSHOTS))
        .containsExactlyElementsOf(
            ExamplesTest.examples().stream().map(SnapshotTest::name).toList());
  }

  @Test
  void isNotWrittenByCi() throws IOException {
    assertThat(Path.of("..", ".ci", "run")).content().doesNotContain("snapshots.write");
  }

  @Test
  void showsAShortDiffAndHowToAcceptIt() {
    String before = "a\nb\nc\nd\ne\nf\n";
    String longer = before + "g\n".repeat(100);

    assertThat(diff("x.yaml", before, before)).isEmpty();
    assertThat(shown(diff("x.yaml", before, before.replace("e", "E"))))
        .contains("--- x.yaml", "\n-e\n", "\n+E\n", "-Dsnapshots.write=true")
        .doesNotContain("\n a\n");
    assertThat(shown(diff("x.yaml", before, longer)).lines()).hasSize(DIFF_MAX + 3);
  }

  private SortedMap<String, String> snapshots(String example) throws IOException, BadInput {
    Cloud cloud = Cloud.in(folder);
    Stacks stacks;
    try {
      stacks =
          Stacks.of(
              cloud.app(),
              ConfigReader.readYaml(Files.readString(Path.of("examples").resolve(example))),
              new FunctionJars(cloud.jar(), cloud.jar()),
              "");
    } catch (ConfigException e) {
      throw new AssertionError(e.getMessage(), e);
    }
    SortedMap<String, String> texts = new TreeMap<>();
    texts.put("attach.yaml", text(stacks.attach()));
    texts.put("reconcile.yaml", text(stacks.reconcile()));
    texts.put("observability.yaml", text(stacks.observability()));
    stacks.nodes().ifPresent(nodes -> texts.put("nodes.yaml", text(nodes)));
    return texts;
  }

  private static String text(Stack stack) {
    return TemplateText.of(Template.fromStack(stack).toJSON());
  }

  private static void write(Path target, SortedMap<String, String> texts) throws IOException {
    Files.createDirectories(target);
    for (String old : files(target)) {
      Files.delete(target.resolve(old));
    }
    for (var one : texts.entrySet()) {
      Files.writeString(target.resolve(one.getKey()), one.getValue());
    }
  }

  private static List<String> diff(String file, String before, String after) {
    List<String> old = before.lines().toList();
    return UnifiedDiffUtils.generateUnifiedDiff(
        file, "now", old, DiffUtils.diff(old, after.lines().toList()), CONTEXT);
  }

  private static String shown(List<String> changes) {
    String text = String.join("\n", changes.subList(0, Math.min(DIFF_MAX, changes.size())));
    int more = changes.size() - DIFF_MAX;
    return "templates differ:\n"
        + text
        + (more > 0 ? "\n… and " + more + " lines more\n" : "\n")
        + ACCEPT;
  }

  private static String name(String example) {
    return example.substring(0, example.length() - ".yaml".length());
  }

  private static List<String> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
