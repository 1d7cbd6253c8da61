// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A class path becomes one set of entries. */
class MergedClassPathTest {
  @TempDir private Path folder;

  private Path jar(String name, String... namesAndContents) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (int i = 0; i < namesAndContents.length; i += 2) {
      entries.put(namesAndContents[i], Jars.bytes(namesAndContents[i + 1]));
    }
    return Jars.jar(folder.resolve(name), entries);
  }

  private static Map<String, byte[]> merged(Path... classPath) throws IOException {
    return MergedClassPath.read(List.of(classPath)).entries();
  }

  @Test
  void putsProvidersOfAllJarsTogether() throws IOException {
    Map<String, byte[]> entries =
        merged(
            jar("a.jar", "META-INF/services/x.Service", "x.One # the first\n\n"),
            jar("b.jar", "META-INF/services/x.Service", "x.Two\nx.One\n"),
            jar("c.jar", "software/handlers/execution.interceptors", "x.Three"));

    assertThat(entries.get("META-INF/services/x.Service"))
        .asString(UTF_8)
        .isEqualTo("x.One\nx.Two");
    assertThat(entries).containsKey("software/handlers/execution.interceptors");
  }

  @Test
  void keepsEachLicenceOnceAndSaysWhose() throws IOException {
    Map<String, byte[]> entries =
        merged(
            jar("a.jar", "META-INF/LICENSE.txt", "Apache\n", "META-INF/NOTICE", "by A"),
            jar("b.jar", "META-INF/LICENSE", "Apache", "META-INF/NOTICE.txt", "by B"),
            jar("c.jar", "LICENSE-other.md", "MIT"));

    assertThat(entries.keySet()).containsExactlyInAnyOrder("META-INF/LICENSE", "META-INF/NOTICE");
    assertThat(entries.get("META-INF/LICENSE"))
        .asString(UTF_8)
        .contains("==== a.jar, b.jar ====", "==== c.jar ====", "MIT")
        .containsOnlyOnce("Apache");
    assertThat(entries.get("META-INF/NOTICE")).asString(UTF_8).contains("by A", "by B");
  }

  @Test
  void takesOfAJarForSeveralVersionsTheNewestThatThisJavaRuns() throws IOException {
    Map<String, byte[]> entries =
        merged(
            jar(
                "a.jar",
                "META-INF/MANIFEST.MF",
                "Manifest-Version: 1.0\nMulti-Release: true\n",
                "x/A.class",
                "8",
                "META-INF/versions/9/x/A.class",
                "9",
                "META-INF/versions/21/x/A.class",
                "21",
                "META-INF/versions/99/x/A.class",
                "99",
                "META-INF/versions/9/module-info.class",
                "m"));

    assertThat(entries.keySet()).containsExactly("x/A.class");
    assertThat(entries.get("x/A.class")).asString(UTF_8).isEqualTo("21");
  }

  @Test
  void leavesOutWhatNoFunctionReads() throws IOException {
    assertThat(
            merged(
                jar(
                    "a.jar",
                    "META-INF/MANIFEST.MF",
                    "Manifest-Version: 1.0\n",
                    "META-INF/maven/g/a/pom.xml",
                    "m",
                    "META-INF/SIGNER.SF",
                    "s",
                    "META-INF/SIGNER.RSA",
                    "s",
                    "META-INF/INDEX.LIST",
                    "i",
                    "module-info.class",
                    "m",
                    "x/kept.properties",
                    "k")))
        .containsOnlyKeys("x/kept.properties");
  }

  @Test
  void takesTheFirstOfAResourceAsAClassLoaderWould() throws IOException {
    assertThat(merged(jar("a.jar", "x.txt", "a"), jar("b.jar", "x.txt", "b")).get("x.txt"))
        .asString(UTF_8)
        .isEqualTo("a");
  }

  @Test
  void refusesTwoDifferentClassesOfOneName() throws IOException {
    Path one = jar("a.jar", "x/A.class", "1");
    Path same = jar("b.jar", "x/A.class", "1");
    Path other = jar("c.jar", "x/A.class", "2");

    assertThat(merged(one, same)).hasSize(1);
    assertThatThrownBy(() -> merged(one, other))
        .isInstanceOf(ShrinkException.class)
        .hasMessageContainingAll("x/A.class", "a.jar", "c.jar", "exclude");
  }

  @Test
  void refusesWhatIsNotThere() {
    assertThatThrownBy(() -> merged(folder.resolve("gone.jar")))
        .isInstanceOf(ShrinkException.class)
        .hasMessageContaining("build its module first");
  }

  @Test
  void readsFoldersToo() throws IOException {
    Files.createDirectories(folder.resolve("classes/x"));
    Files.writeString(folder.resolve("classes/x/A.class"), "1");

    assertThat(merged(folder.resolve("classes"))).containsOnlyKeys("x/A.class");
  }
}
