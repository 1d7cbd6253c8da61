// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.multuseni.core.config.ConfigException;
import io.multuseni.core.config.ConfigReader;
import io.multuseni.core.config.ProvisionerConfig;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awscdk.App;

/**
 * ▶ What the CDK's command line starts: reads the configuration that {@code -c config=FILE} names
 * and writes templates of it.
 */
public final class MultusEniApp {
  private MultusEniApp() {}

  /**
   * Synthesizes.
   *
   * @param args the folder of the whole project
   */
  @SuppressWarnings("SystemOut") // The command line shows it.
  public static void main(String[] args) {
    App app = new App();
    try {
      ProvisionerConfig config = config(app);
      Stacks.of(app, config, FunctionJars.builtIn(Path.of(args[0])), context(app, "refresh"));
    } catch (BadInput e) {
      System.err.println("multus-eni: " + e.getMessage());
      System.exit(2);
    }
    app.synth();
  }

  private static ProvisionerConfig config(App app) throws BadInput {
    String file = context(app, "config");
    if (file.isEmpty()) {
      throw new BadInput(
          "no configuration is named; add -c config=<file>, such as"
              + " -c config=examples/single-zone.yaml");
    }
    String text;
    try {
      text = Files.readString(Path.of(file));
    } catch (CharacterCodingException e) {
      throw new BadInput(file + " is no UTF-8; save it as such");
    } catch (IOException e) {
      throw new BadInput(
          "the configuration can't be read: "
              + Path.of(file).toAbsolutePath().normalize()
              + " ("
              + e.getClass().getSimpleName()
              + "); name a file with -c config=<file>");
    }
    try {
      return ConfigReader.readYaml(text);
    } catch (ConfigException e) {
      throw new BadInput(file + ": " + e.getMessage());
    }
  }

  private static String context(App app, String key) {
    return app.getNode().tryGetContext(key) instanceof String text ? text : "";
  }
}
