// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Jars made and looked into by tests. */
final class Jars {
  private Jars() {}

  /** Compiles sources, by class name, into a folder. */
  static Path compiled(Path folder, Map<String, String> sources) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<JavaFileObject> files =
        sources.entrySet().stream().map(one -> source(one.getKey(), one.getValue())).toList();
    boolean done =
        compiler
            .getTask(
                null,
                null,
                null,
                List.of("-proc:none", "-d", folder.toString(), "-cp", folder.toString()),
                null,
                files)
            .call();
    if (!done) {
      throw new AssertionError("the test's own classes don't compile");
    }
    return folder;
  }

  private static JavaFileObject source(String name, String text) {
    return new SimpleJavaFileObject(
        URI.create("string:///" + name.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  /** A jar of these entries, in their order. */
  static Path jar(Path file, Map<String, byte[]> entries) {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
        out.closeEntry();
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Names and contents. */
  static SortedMap<String, byte[]> entries(Path jar) {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      SortedMap<String, byte[]> entries = new TreeMap<>();
      for (ZipEntry entry : zip.stream().toList()) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        zip.getInputStream(entry).transferTo(content);
        if (entries.put(entry.getName(), content.toByteArray()) != null) {
          throw new AssertionError(entry.getName() + " is there twice");
        }
      }
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path jar, String entry) {
    byte[] content = entries(jar).get(entry);
    return content == null ? "" : new String(content, StandardCharsets.UTF_8);
  }
}
