// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Template;

/** Stacks of a configuration, with small files for the functions' jars. */
final class Synth {
  private Synth() {}

  /** All stacks. */
  static Stacks stacks(String yaml) {
    try {
      return Stacks.of(new App(), ConfigReader.readYaml(yaml), jars(), "");
    } catch (ConfigException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static Template template(Stack stack) {
    return Template.fromStack(stack);
  }

  /** Files that stand for the jars; their content decides nothing here. */
  static FunctionJars jars() {
    try {
      Path folder = Files.createDirectories(Path.of("target", "jars-for-tests"));
      return new FunctionJars(file(folder, "attach"), file(folder, "reconcile"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(Path folder, String name) throws IOException {
    Path jar = folder.resolve(name + ".jar");
    if (!Files.exists(jar)) {
      Files.writeString(jar, "not a jar, and not run: " + name);
    }
    return jar;
  }
}
