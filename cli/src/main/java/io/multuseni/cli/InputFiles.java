// SPDX-License-Identifier: Apache-2.0
package io.multuseni.cli;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ProvisionerConfig;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the files that a command line names; whatever is wrong with one is said by its name. */
final class InputFiles {
  private InputFiles() {}

  /** A file of text. */
  static String text(Path file) {
    if (Files.isDirectory(file)) {
      throw new BadInputException(file + " is a directory; name a file");
    }
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new BadInputException(file + " doesn't exist");
    } catch (AccessDeniedException e) {
      throw new BadInputException(file + " may not be read by this user");
    } catch (CharacterCodingException e) {
      throw new BadInputException(file + " is not text in UTF-8");
    } catch (IOException e) {
      throw new BadInputException(file + " can't be read: " + e.getMessage());
    }
  }

  /** A configuration: YAML or JSON by its name, or else by its beginning. */
  static ProvisionerConfig config(Path file) {
    String text = text(file);
    String name = file.toString();
    boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
    boolean json = name.endsWith(".json") || (!yaml && text.stripLeading().startsWith("{"));
    try {
      return json ? ConfigReader.readJson(text) : ConfigReader.readYaml(text);
    } catch (ConfigException e) {
      throw new BadInputException(file + ": " + e.getMessage());
    }
  }
}
