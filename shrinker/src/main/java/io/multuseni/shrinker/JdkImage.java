// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The classes of the JDK that runs this: what the function's classes are built on, as ProGuard has
 * to know. They come from the running image, since some JDKs have no jmods folder, and so that they
 * can't be of another JDK.
 */
final class JdkImage {
  /** Manifest attribute: {@code java.runtime.version} of the image. */
  static final String VERSION = "Jdk-Runtime-Version";

  /** Manifest attribute: {@code java.home} of the image. */
  static final String HOME = "Jdk-Home";

  /** Modules beyond those of Java SE that libraries refer to. */
  private static final List<String> BEYOND_SE = List.of("jdk.unsupported", "jdk.net");

  private JdkImage() {}

  /** The image in a line that another image doesn't share. */
  static String identity() {
    return System.getProperty("java.runtime.version") + " at " + System.getProperty("java.home");
  }

  /** Whether a jar has its classes already. */
  static boolean isIn(Path jar) throws IOException {
    if (!Files.isRegularFile(jar)) {
      return false;
    }
    try (JarFile there = new JarFile(jar.toFile())) {
      Attributes attributes = there.getManifest().getMainAttributes();
      return System.getProperty("java.runtime.version").equals(attributes.getValue(VERSION))
          && System.getProperty("java.home").equals(attributes.getValue(HOME));
    }
  }

  /** Writes its classes into a jar. */
  static void writeTo(Path jar) throws IOException {
    FileSystem image = FileSystems.getFileSystem(URI.create("jrt:/"));
    Map<String, byte[]> classes = new TreeMap<>();
    for (Path module : modules(image)) {
      addClasses(module, classes);
    }
    JarOutput.write(
        jar,
        classes,
        Map.of(
            VERSION, System.getProperty("java.runtime.version"),
            HOME, System.getProperty("java.home")),
        JarOutput.Effort.QUICK);
  }

  private static List<Path> modules(FileSystem image) throws IOException {
    try (Stream<Path> all = Files.list(image.getPath("/modules"))) {
      return all.filter(
              module -> {
                String name = module.getFileName().toString();
                return name.startsWith("java.") || BEYOND_SE.contains(name);
              })
          .sorted()
          .toList();
    }
  }

  private static void addClasses(Path module, Map<String, byte[]> classes) throws IOException {
    try (Stream<Path> files = Files.walk(module)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = module.relativize(file).toString();
        if (name.endsWith(".class") && !name.equals("module-info.class")) {
          classes.put(name, Files.readAllBytes(file));
        }
      }
    }
  }
}
