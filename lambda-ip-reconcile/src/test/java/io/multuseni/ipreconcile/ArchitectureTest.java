// SPDX-License-Identifier: Apache-2.0
package io.multuseni.ipreconcile;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.multuseni.aws.AddressEdge;
import io.multuseni.aws.AwsClients;
import io.multuseni.core.address.AddressDecision;
import io.multuseni.core.address.AddressPlanner;
import io.multuseni.core.address.ReleaseGuard;
import io.multuseni.kube.KubeClients;
import io.multuseni.kube.KubeEdge;
import io.multuseni.localcloud.LocalCloud;
import io.multuseni.localcluster.LocalCluster;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** Who may know whom: in, decide, act; and each API at one edge only. */
class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          // The recorder belongs to the tests, wherever its class files are.
          .withImportOption(location -> !location.contains("/callrecorder/"))
          .importPackages("io.multuseni");

  private static final String HERE = "io.multuseni.ipreconcile..";

  private static ArchRule onlyTheEdgesUseClients() {
    return noClasses()
        .that()
        .resideOutsideOfPackages("io.multuseni.aws..", "io.multuseni.kube..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("software.amazon.awssdk..")
                .or(resideInAPackage("io.fabric8.kubernetes..")));
  }

  /** Calls of the edge that change an account. */
  private static ArchRule onlyTheStepsChangeAddresses() {
    return noClasses()
        .that()
        .resideInAPackage(HERE)
        .and()
        .doNotHaveSimpleName("AddressSteps")
        .should()
        .callMethodWhere(
            JavaCall.Predicates.target(
                    HasOwner.Predicates.With.owner(assignableTo(AddressEdge.class)))
                .and(JavaCall.Predicates.target(nameMatching("(un)?assign"))));
  }

  private static ArchRule nobodyReadsTheWallClock() {
    return noClasses()
        .that()
        .resideInAPackage(HERE)
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class);
  }

  @Test
  void theClassFilesOfThisJavaAreRead() {
    assertThat(MAIN.size()).isGreaterThan(150);
    assertThat(MAIN.contain(IpReconcileHandler.class)).isTrue();
    assertThat(MAIN.contain(AddressPlanner.class)).isTrue();
    assertThat(MAIN.contain(LocalCloud.class)).isTrue();
    assertThat(MAIN.contain(LocalCluster.class)).isTrue();
    assertThat(MAIN.contain(ArchitectureTest.class)).as("tests are left out").isFalse();
    assertThat(MAIN.get(AddressEdge.class).getDirectDependenciesFromSelf())
        .as("and read inside")
        .anyMatch(one -> one.getTargetClass().isEquivalentTo(Ec2Client.class));
    assertThat(MAIN.get(KubeEdge.class).getDirectDependenciesFromSelf()).isNotEmpty();
  }

  @Test
  void onlyTheEdgesUseTheClientsOfAwsAndKubernetes() {
    onlyTheEdgesUseClients().check(MAIN);
  }

  @Test
  void onlyTheStepsAssignAndRelease() {
    onlyTheStepsChangeAddresses().check(MAIN);
  }

  @Test
  void timeComesFromOutside() {
    nobodyReadsTheWallClock().check(MAIN);
  }

  @Test
  void theRulesBite() {
    assertThatThrownBy(() ->
            onlyTheEdgesUseClients()
                .check(new ClassFileImporter().importClasses(UsesClients.class)))
        .hasMessageContaining("Ec2Client")
        .hasMessageContaining("HttpClient");
    assertThatThrownBy(() ->
            onlyTheStepsChangeAddresses()
                .check(new ClassFileImporter().importClasses(Releases.class)))
        .hasMessageContaining("unassign");
    assertThatThrownBy(() ->
            nobodyReadsTheWallClock()
                .check(new ClassFileImporter().importClasses(ReadsTheClock.class)))
        .hasMessageContaining("Instant.now");
  }

  /** What no class beside the edges must do. */
  interface UsesClients {
    Ec2Client ec2();

    HttpClient kubernetes();
  }

  /** What no class beside the steps must do. */
  static final class Releases {
    void release(AddressEdge edge) {
      edge.unassign("eni-0a", List.of());
    }
  }

  /** What no class must do. */
  static final class ReadsTheClock {
    Instant now() {
      return Instant.now();
    }
  }

  @Test
  void theEdgesKnowNoHandlerAndDecideNothing() {
    noClasses()
        .that()
        .resideInAnyPackage("io.multuseni.aws..", "io.multuseni.kube..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(HERE)
                .or(simpleNameEndingWith("Planner"))
                .or(simpleNameEndingWith("Policy"))
                .or(assignableTo(ReleaseGuard.class))
                .or(assignableTo(AddressDecision.class)))
        .check(MAIN);
  }

  @Test
  void theStepsDecideNothing() {
    noClasses()
        .that()
        .resideInAPackage(HERE)
        .and()
        .haveSimpleNameEndingWith("Steps")
        .should()
        .dependOnClassesThat(
            simpleNameEndingWith("Planner")
                .or(assignableTo(ReleaseGuard.class))
                .or(assignableTo(AddressDecision.class))
                .or(assignableTo(KubeEdge.class)))
        .check(MAIN);
  }

  @Test
  void theHandlerTellsItsFlowAndNobodyElse() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Handler")
        .and()
        .resideInAPackage(HERE)
        .should()
        .dependOnClassesThat(
            simpleNameEndingWith("Steps")
                .or(simpleNameEndingWith("Planner"))
                .or(simpleNameEndingWith("Edge"))
                .or(assignableTo(Look.class))
                .or(assignableTo(Pass.class))
                .or(assignableTo(WatchLoop.class)))
        .check(MAIN);
    classes()
        .that()
        .haveSimpleNameEndingWith("Handler")
        .and()
        .resideInAPackage(HERE)
        .should()
        .dependOnClassesThat(simpleNameEndingWith("Flow"))
        .check(MAIN);
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Handler")
        .and()
        .resideInAPackage(HERE)
        .should()
        .callMethodWhere(
            JavaCall.Predicates.target(
                HasOwner.Predicates.With.owner(
                    assignableTo(AwsClients.class).or(assignableTo(KubeClients.class)))))
        .check(MAIN);
  }

  @Test
  void nothingHereKnowsTheEmulators() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.multuseni.localcloud..", "io.multuseni.localcluster..", "io.multuseni.cli..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.multuseni.localcloud..")
                .or(resideInAPackage("io.multuseni.localcluster..")))
        .check(MAIN);
  }

  @Test
  void theEmulatorsKnowNothingOfTheProduct() {
    noClasses()
        .that()
        .resideInAnyPackage("io.multuseni.localcloud..", "io.multuseni.localcluster..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.multuseni.core..")
                .or(resideInAPackage("io.multuseni.base.."))
                .or(resideInAPackage("io.multuseni.aws.."))
                .or(resideInAPackage("io.multuseni.kube.."))
                .or(resideInAPackage(HERE))
                .or(resideInAPackage("software.amazon.awssdk.."))
                .or(resideInAPackage("io.fabric8.kubernetes..")))
        .check(MAIN);
  }
}
