// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes jars whose bytes follow from their contents: entries sorted, all of one time. */
final class JarOutput {
  static final String MANIFEST = "META-INF/MANIFEST.MF";

  /** The earliest time that a zip file can tell. */
  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** How hard to compress. */
  enum Effort {
    /** For a jar that is read once. */
    QUICK(Deflater.BEST_SPEED),
    /** For a jar that is deployed. */
    BEST(Deflater.BEST_COMPRESSION);

    private final int level;

    Effort(int level) {
      this.level = level;
    }
  }

  private JarOutput() {}

  /**
   * Writes a jar, whole or not at all.
   *
   * @param jar where to
   * @param entries names and contents, without the manifest
   * @param attributes of the manifest
   * @param effort how hard to compress
   */
  static void write(
      Path jar, Map<String, byte[]> entries, Map<String, String> attributes, Effort effort)
      throws IOException {
    Path unfinished = jar.resolveSibling(jar.getFileName() + ".unfinished");
    try (OutputStream file = Files.newOutputStream(unfinished);
        ZipOutputStream out = new ZipOutputStream(file)) {
      out.setLevel(effort.level);
      add(out, MANIFEST, manifest(attributes));
      for (Map.Entry<String, byte[]> entry : new TreeMap<>(entries).entrySet()) {
        add(out, entry.getKey(), entry.getValue());
      }
    }
    Files.move(unfinished, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void add(ZipOutputStream out, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(ENTRY_TIME);
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
  }

  private static byte[] manifest(Map<String, String> attributes) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    new TreeMap<>(attributes)
        .forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    manifest.write(bytes);
    return bytes.toByteArray();
  }
}
