// SPDX-License-Identifier: Apache-2.0
package io.multuseni.infra;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** What is decided is plain data, and stacks only wire. */
class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.multuseni.infra");

  private static ArchRule without(String... packages) {
    return noClasses()
        .that()
        .resideInAnyPackage(packages)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("software.amazon.awscdk..", "software.constructs..");
  }

  @Test
  void decisionsKnowNoTypeOfTheCdk() {
    without(
            "io.multuseni.infra.policies..",
            "io.multuseni.infra.launch..",
            "io.multuseni.infra.bootgate..",
            "io.multuseni.infra.observability..")
        .check(MAIN);
  }

  @Test
  void theRuleFindsWhoDoes() {
    assertThat(MAIN.contain(EniAttachStack.class)).isTrue();
    assertThatThrownBy(() -> without("io.multuseni.infra.functions..").check(MAIN))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("JavaFunction");
  }

  @Test
  void ofTheProductTheDeploymentKnowsOnlyTheCore() {
    classes()
        .that()
        .resideInAPackage("io.multuseni.infra..")
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackages(
            "io.multuseni.aws..",
            "io.multuseni.base..",
            "io.multuseni.kube..",
            "io.multuseni.eniattach..",
            "io.multuseni.ipreconcile..",
            "io.multuseni.localcloud..",
            "io.multuseni.localcluster..")
        .check(MAIN);
  }
}
