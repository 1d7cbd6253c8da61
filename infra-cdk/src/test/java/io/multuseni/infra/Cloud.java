// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Annotations;
import software.amazon.awscdk.assertions.Match;

/** An app of the CDK as tests need it: in a folder of its own, checked by cdk-nag. */
public record Cloud(App app, Path folder) {
  /** Below a folder that outlives the app. */
  public static Cloud in(Path folder) {
    App app = new App(AppProps.builder().outdir(folder.resolve("cdk.out").toString()).build());
    Aspects.of(app).add(AwsSolutionsChecks.Builder.create().reports(false).build());
    return new Cloud(app, folder);
  }

  /** A file for where a function's jar belongs: synthesis only copies it. */
  public Path jar() {
    try {
      return Files.writeString(folder.resolve("function.jar"), "no jar, but a file");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What cdk-nag finds in a stack and nothing suppresses. */
  @SuppressWarnings("deprecation") // The assertions have no other type for a message yet.
  public static List<String> findings(Stack stack) {
    Annotations annotations = Annotations.fromStack(stack);
    List<String> found = new ArrayList<>();
    Object rule = Match.stringLikeRegexp("AwsSolutions-|CdkNag");
    for (var one : annotations.findError("*", rule)) {
      found.add(one.getId() + ": " + one.getEntry().getData());
    }
    for (var one : annotations.findWarning("*", rule)) {
      found.add(one.getId() + ": " + one.getEntry().getData());
    }
    return found;
  }
}
