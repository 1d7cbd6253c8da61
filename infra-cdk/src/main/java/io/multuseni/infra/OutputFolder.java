// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awscdk.App;

/**
 * The folder for what people need beside the templates: {@code multus-eni/<cluster>} in the CDK's
 * output folder.
 *
 * @param path the folder; it is made when the first file is written
 */
public record OutputFolder(Path path) {
  /** Of a cluster, in the output folder of an app. */
  public static OutputFolder of(App app, String cluster) {
    return new OutputFolder(Path.of(app.getOutdir()).resolve("multus-eni").resolve(cluster));
  }

  /**
   * Writes a file, over an older one of this name.
   *
   * @param name its path within the folder
   * @param text what it holds, in UTF-8
   * @return where it is
   * @throws BadInput where it can't be written
   */
  public Path write(String name, String text) throws BadInput {
    Path file = path.resolve(name);
    try {
      Path folder = file.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new BadInput(
          "can't write "
              + file
              + " ("
              + e.getClass().getSimpleName()
              + ": "
              + e.getMessage()
              + "); name a folder that can be written with --output <folder>");
    }
  }
}
