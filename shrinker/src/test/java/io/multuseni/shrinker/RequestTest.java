// SPDX-License-Identifier: Apache-2.0
package io.multuseni.shrinker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line. */
class RequestTest {
  private static final List<String> WHOLE =
      List.of(
          "--class-path",
          "a.jar" + File.pathSeparator + "classes",
          "--rules",
          "one.pro" + File.pathSeparator + "two.pro",
          "--output",
          "out.jar",
          "--work",
          "work",
          "--limit",
          "12",
          "--leave-out-providers-of",
          "x.A,y.B");

  @Test
  void readsWhatIsToBeMade() {
    assertThat(Request.parse(WHOLE))
        .isEqualTo(
            new Request(
                List.of(Path.of("a.jar"), Path.of("classes")),
                List.of(Path.of("one.pro"), Path.of("two.pro")),
                Path.of("out.jar"),
                Path.of("work"),
                12,
                Set.of("x.A", "y.B")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--class-path", "--rules", "--output", "--work", "--limit"})
  void namesAnOptionThatIsMissing(String option) {
    List<String> without = new ArrayList<>(WHOLE);
    int at = without.indexOf(option);
    without.subList(at, at + 2).clear();

    assertThatThrownBy(() -> Request.parse(without))
        .isInstanceOf(ShrinkException.class)
        .hasMessageContainingAll(option + " is missing", "usage");
  }

  @ParameterizedTest
  @ValueSource(strings = {"twelve", "0", "-3"})
  void refusesALimitThatIsNone(String limit) {
    List<String> changed = new ArrayList<>(WHOLE);
    changed.set(changed.indexOf("--limit") + 1, limit);

    assertThatThrownBy(() -> Request.parse(changed))
        .isInstanceOf(ShrinkException.class)
        .hasMessageContaining(limit);
  }

  @Test
  void refusesAnUnknownOption() {
    assertThatThrownBy(() -> Request.parse(List.of("--optimize", "yes")))
        .isInstanceOf(ShrinkException.class)
        .hasMessageContaining("--optimize");
  }
}
