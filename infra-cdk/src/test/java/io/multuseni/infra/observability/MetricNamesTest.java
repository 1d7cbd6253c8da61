// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.multuseni.core.report.MetricNames;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A name that no function writes would be an alarm that never goes off. */
final class MetricNamesTest {
  private static final Path ROOT = Path.of("..");

  private static final List<Path> WRITERS =
      List.of(
          ROOT.resolve("base/src/main/java/io/multuseni/base/EmbeddedMetrics.java"),
          ROOT.resolve(
              "lambda-eni-attach/src/main/java/io/multuseni/eniattach/CloudWatchTelemetry.java"),
          ROOT.resolve(
              "lambda-ip-reconcile/src/main/java/io/multuseni/ipreconcile/CloudWatchTelemetry.java"));

  @ParameterizedTest
  @MethodSource("constants")
  void isWrittenByAFunctionAndToldToPeople(Field constant) throws IOException {
    String use = "MetricNames." + constant.getName();
    StringBuilder written = new StringBuilder();
    for (Path writer : WRITERS) {
      written.append(Files.readString(writer));
    }

    assertThat(written).containsPattern(use + "\\b");
    assertThat(ROOT.resolve("README.md")).content().contains("`" + value(constant) + "`");
  }

  static List<Field> constants() {
    return Arrays.stream(MetricNames.class.getDeclaredFields())
        .filter(field -> Modifier.isPublic(field.getModifiers()))
        .toList();
  }

  private static String value(Field constant) {
    try {
      return String.valueOf(constant.get(null));
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
