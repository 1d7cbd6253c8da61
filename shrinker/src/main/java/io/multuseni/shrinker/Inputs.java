// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** All that a jar follows from, in one number: where it is the same, the jar would be. */
final class Inputs {
  private final MessageDigest digest;

  private Inputs() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Of a request: its files and settings, this tool, and the JDK that runs it. */
  static String of(Request request) throws IOException {
    Inputs inputs = new Inputs();
    inputs.add(JdkImage.identity());
    for (String own :
        List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))) {
      inputs.add(Path.of(own));
    }
    for (Path element : request.classPath()) {
      inputs.add(element);
    }
    for (Path rules : request.rules()) {
      inputs.add(rules);
    }
    inputs.add(String.valueOf(request.limitMegabytes()));
    request.providersLeftOut().stream().sorted().forEach(inputs::add);
    return inputs.inHex();
  }

  /** Of one file. */
  static String of(Path file) throws IOException {
    Inputs inputs = new Inputs();
    inputs.add(file);
    return inputs.inHex();
  }

  private void add(String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private void add(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
          add(path.relativize(file).toString());
          digest.update(Files.readAllBytes(file));
        }
      }
    } else if (Files.isRegularFile(path)) {
      add(path.getFileName().toString());
      digest.update(Files.readAllBytes(path));
    }
  }

  private String inHex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
