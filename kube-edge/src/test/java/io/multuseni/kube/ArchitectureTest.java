// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.multuseni.core.cluster.ClusterFacts;
import org.junit.jupiter.api.Test;

/** The Kubernetes client at one edge only, and none of it in what the edge gives. */
class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.multuseni");

  private static ArchRule onlyTheEdgeUsesTheClient() {
    return noClasses()
        .that()
        .resideOutsideOfPackages("io.multuseni.kube", "io.multuseni.localcluster..")
        .should()
        .dependOnClassesThat(resideInAPackage("io.fabric8.."));
  }

  @Test
  void theClassFilesOfThisJavaAreRead() {
    assertThat(MAIN.contain(KubeEdge.class)).isTrue();
    assertThat(MAIN.contain(ClusterFacts.class)).isTrue();
    assertThat(MAIN.contain(ArchitectureTest.class)).as("tests are left out").isFalse();
    assertThat(MAIN.get(Watches.class).getDirectDependenciesFromSelf())
        .as("and read inside")
        .anyMatch(one -> one.getTargetClass().isEquivalentTo(KubernetesClient.class));
  }

  @Test
  void onlyTheKubernetesEdgeUsesTheClient() {
    onlyTheEdgeUsesTheClient().check(MAIN);
  }

  @Test
  void theRuleAboutTheClientBites() {
    JavaClasses bad = new ClassFileImporter().importClasses(UsesTheClient.class);

    assertThatThrownBy(() ->
            noClasses().should().dependOnClassesThat(resideInAPackage("io.fabric8..")).check(bad))
        .hasMessageContaining("KubernetesClient");
  }

  /** What no class beside the edge must do. */
  interface UsesTheClient {
    KubernetesClient client();
  }

  @Test
  void whatTheEdgeGivesIsFreeOfTheClient() {
    ArchRuleDefinition.methods()
        .that()
        .areDeclaredInClassesThat()
        .haveModifier(JavaModifier.PUBLIC)
        .and()
        .areDeclaredInClassesThat()
        .resideInAPackage("io.multuseni.kube")
        .and()
        .arePublic()
        .should()
        .notHaveRawReturnType(resideInAPackage("io.fabric8.."))
        .check(MAIN);
  }

  @Test
  void theEdgeDecidesNothing() {
    noClasses()
        .that()
        .resideInAPackage("io.multuseni.kube")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.multuseni.core.address..")
                .or(resideInAPackage("io.multuseni.core.attach..")))
        .check(MAIN);
  }
}
