// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The deployable jars.
 *
 * @param attach of the attach and the sweep function
 * @param reconcile of the reconcile function
 */
public record FunctionJars(Path attach, Path reconcile) {
  private static final String BUILD =
      "mvn -B -q -pl lambda-eni-attach,lambda-ip-reconcile -am package -DskipTests";

  /**
   * Where the build puts them.
   *
   * @param root folder of the whole project
   * @throws BadInput where one isn't there
   */
  public static FunctionJars builtIn(Path root) throws BadInput {
    return new FunctionJars(built(root, "lambda-eni-attach"), built(root, "lambda-ip-reconcile"));
  }

  private static Path built(Path root, String module) throws BadInput {
    Path jar = root.resolve(module).resolve("target").resolve(module + "-function.jar").normalize();
    if (!Files.isRegularFile(jar)) {
      throw new BadInput(
          "the function's jar is missing: "
              + jar
              + "\nbuild it in "
              + root.normalize()
              + ": "
              + BUILD);
    }
    return jar;
  }
}
