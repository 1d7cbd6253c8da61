// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * A class path as one set of entries, as a class loader would find them: the first of a name
 * counts, of a jar for several Java versions the newest that this one runs. Files that name classes
 * are put together, and so are licences and notices.
 */
final class MergedClassPath {
  /**
   * What no function reads: what Maven, ProGuard, native-image, Kotlin's compiler, Jandex and jar
   * signing keep in jars, and the module system, which a function's class path is outside of.
   */
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "META-INF/(MANIFEST\\.MF|INDEX\\.LIST|DEPENDENCIES|jandex\\.idx|[^/]*\\.(SF|DSA|RSA|EC)"
              + "|SIG-[^/]*|[^/]*\\.kotlin_module"
              + "|(maven|proguard|native-image|com\\.android\\.tools|versions)/.*)"
              + "|(.*/)?module-info\\.class|.*\\.java|.*\\.java\\.vm|.*/");

  private final Map<String, byte[]> entries = new TreeMap<>();
  private final Map<String, String> origins = new HashMap<>();
  private final LegalFiles legal = new LegalFiles();
  private long bytes;

  private MergedClassPath() {}

  /**
   * Reads a class path.
   *
   * @throws ShrinkException a class is in two jars, and they differ
   */
  static MergedClassPath read(List<Path> classPath) throws IOException {
    MergedClassPath merged = new MergedClassPath();
    for (Path element : classPath) {
      if (Files.isDirectory(element)) {
        merged.addFolder(element);
      } else if (Files.isRegularFile(element)) {
        merged.addJar(element);
      } else {
        throw new ShrinkException(
            element + " is on the class path, and it isn't there; build its module first");
      }
    }
    return merged;
  }

  /** Names and contents. */
  Map<String, byte[]> entries() {
    Map<String, byte[]> all = new TreeMap<>(entries);
    all.putAll(legal.files());
    return Collections.unmodifiableMap(all);
  }

  /** Size of what was read, as it stood on disk. */
  long bytes() {
    return bytes;
  }

  private void addFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        bytes += Files.size(file);
        add(folder.toString(), name, Files.readAllBytes(file));
      }
    }
  }

  private void addJar(Path path) throws IOException {
    bytes += Files.size(path);
    String name = path.getFileName().toString();
    // Opened so, the jar gives of each entry the newest that this Java runs.
    try (JarFile jar = new JarFile(path.toFile(), false, ZipFile.OPEN_READ, Runtime.version())) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.versionedStream()::iterator) {
        if (!entry.isDirectory()) {
          try (InputStream in = jar.getInputStream(entry)) {
            add(name, entry.getName(), in.readAllBytes());
          }
        }
      }
    }
  }

  private void add(String origin, String name, byte[] content) {
    if (LegalFiles.is(name)) {
      legal.add(origin, name, content);
      return;
    }
    if (LEFT_OUT.matcher(name).matches()) {
      return;
    }
    byte[] there = entries.get(name);
    if (there == null) {
      entries.put(name, content);
      origins.put(name, origin);
    } else if (ProviderFile.is(name)) {
      entries.put(name, ProviderFile.merged(there, content));
    } else if (name.endsWith(".class") && !Arrays.equals(there, content)) {
      throw new ShrinkException(
          "%s is in %s and, different, in %s: exclude one of them in the pom"
              .formatted(name, origins.get(name), origin));
    }
  }
}
