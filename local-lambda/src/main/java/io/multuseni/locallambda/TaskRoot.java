// SPDX-License-Identifier: Apache-2.0
package io.multuseni.locallambda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The folder that a function lives in: its package unpacked, as Lambda does it into {@code
 * /var/task}, a folder for temporary files, and what it wrote.
 */
final class TaskRoot implements AutoCloseable {
  private static final List<String> RUNTIME =
      List.of(
          "aws-lambda-java-runtime-interface-client.jar",
          "aws-lambda-java-core.jar",
          "aws-lambda-java-serialization.jar",
          "utils-lite.jar");

  private final Path folder;

  private TaskRoot(Path folder) {
    this.folder = folder;
  }

  static TaskRoot unpack(Path jar) throws IOException {
    if (!Files.isRegularFile(jar)) {
      throw new NoSuchFileException(jar.toString(), null, "there is no such jar; build it first");
    }
    TaskRoot root = new TaskRoot(Files.createTempDirectory("local-lambda-"));
    Files.createDirectories(root.task());
    Files.createDirectories(root.temporary());
    Files.createDirectories(root.runtime());
    for (String name : RUNTIME) {
      try (InputStream in =
          Objects.requireNonNull(TaskRoot.class.getResourceAsStream("runtime/" + name), name)) {
        Files.copy(in, root.runtime().resolve(name));
      }
    }
    // Not a JarFile: what is for another Java version stays where it is, as in Lambda's folder.
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        unpack(zip, entry, root.task());
      }
    }
    return root;
  }

  private static void unpack(ZipFile zip, ZipEntry entry, Path into) throws IOException {
    Path target = into.resolve(entry.getName()).normalize();
    if (!target.startsWith(into)) {
      throw new IOException(entry.getName() + " would leave the folder that it is unpacked into");
    }
    if (entry.isDirectory() || entry.getName().equals(JarFile.MANIFEST_NAME)) {
      return;
    }
    Files.createDirectories(target.getParent());
    try (InputStream in = zip.getInputStream(entry)) {
      Files.copy(in, target);
    }
  }

  /** The unpacked package. */
  Path task() {
    return folder.resolve("task");
  }

  /** The runtime's own jars. */
  Path runtime() {
    return folder.resolve("runtime");
  }

  /** For temporary files of the function. */
  Path temporary() {
    return folder.resolve("tmp");
  }

  /** What the function writes to either stream. */
  Path log() {
    return folder.resolve("log");
  }

  /** How much it has written, in bytes. */
  long logSize() throws IOException {
    return Files.exists(log()) ? Files.size(log()) : 0;
  }

  /** The lines that it has written since the log had a size. */
  List<String> logSince(long size) throws IOException {
    if (!Files.exists(log())) {
      return List.of();
    }
    try (InputStream in = Files.newInputStream(log())) {
      in.skipNBytes(size);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
