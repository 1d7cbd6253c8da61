// SPDX-License-Identifier: Apache-2.0
package io.multuseni.eniattach;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
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
import io.multuseni.aws.AutoScalingEdge;
import io.multuseni.aws.AwsClients;
import io.multuseni.aws.Ec2Edge;
import io.multuseni.base.Parallel;
import io.multuseni.core.attach.AttachPlanner;
import io.multuseni.localcloud.LocalCloud;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** Who may know whom: in, decide, act; and AWS at one edge only. */
class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          // The recorder belongs to the tests, wherever its class files are.
          .withImportOption(location -> !location.contains("/callrecorder/"))
          .importPackages("io.multuseni");

  private static ArchRule onlyTheEdgeUsesTheSdk() {
    return noClasses()
        .that()
        .resideOutsideOfPackage("io.multuseni.aws..")
        .should()
        .dependOnClassesThat(resideInAPackage("software.amazon.awssdk.."));
  }

  @Test
  void theClassFilesOfThisJavaAreRead() {
    assertThat(MAIN.size()).isGreaterThan(150);
    assertThat(MAIN.contain(EniAttachHandler.class)).isTrue();
    assertThat(MAIN.contain(AttachPlanner.class)).isTrue();
    assertThat(MAIN.contain(Ec2Edge.class)).isTrue();
    assertThat(MAIN.contain(LocalCloud.class)).isTrue();
    assertThat(MAIN.contain(ArchitectureTest.class)).as("tests are left out").isFalse();
    assertThat(MAIN.get(Ec2Edge.class).getDirectDependenciesFromSelf())
        .as("and read inside")
        .anyMatch(one -> one.getTargetClass().isEquivalentTo(Ec2Client.class));
  }

  @Test
  void onlyTheAwsEdgeUsesTheSdk() {
    onlyTheEdgeUsesTheSdk().check(MAIN);
  }

  @Test
  void theRuleAboutTheSdkBites() {
    JavaClasses bad = new ClassFileImporter().importClasses(UsesTheSdk.class);

    assertThatThrownBy(() -> onlyTheEdgeUsesTheSdk().check(bad)).hasMessageContaining("Ec2Client");
  }

  /** What no class beside the edge must do. */
  interface UsesTheSdk {
    Ec2Client client();
  }

  @Test
  void theEdgeKnowsNoHandlerAndDecidesNothing() {
    noClasses()
        .that()
        .resideInAPackage("io.multuseni.aws..")
        .should()
        .dependOnClassesThat(resideInAPackage("io.multuseni.eniattach.."))
        .check(MAIN);
    noClasses()
        .that()
        .resideInAPackage("io.multuseni.aws..")
        .should()
        .dependOnClassesThat(simpleNameEndingWith("Planner").or(simpleNameEndingWith("Policy")))
        .check(MAIN);
  }

  @Test
  void handlersTellTheirFlowsAndNobodyElse() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Handler")
        .and()
        .resideInAPackage("io.multuseni.eniattach..")
        .should()
        .dependOnClassesThat(
            simpleNameEndingWith("Steps")
                .or(simpleNameEndingWith("Planner"))
                .or(assignableTo(Ec2Edge.class))
                .or(assignableTo(AutoScalingEdge.class))
                .or(assignableTo(Parallel.class))
                .or(assignableTo(Invocation.class)))
        .check(MAIN);
    classes()
        .that()
        .haveSimpleNameEndingWith("Handler")
        .and()
        .resideInAPackage("io.multuseni.eniattach..")
        .should()
        .dependOnClassesThat(simpleNameEndingWith("Flow"))
        .check(MAIN);
  }

  @Test
  void handlersPassTheClientsOnAndCallNone() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Handler")
        .and()
        .resideInAPackage("io.multuseni.eniattach..")
        .should()
        .callMethodWhere(
            JavaCall.Predicates.target(
                HasOwner.Predicates.With.owner(assignableTo(AwsClients.class))))
        .check(MAIN);
  }

  @Test
  void nothingButTheCommandLineKnowsLocalCloud() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.multuseni.localcloud..", "io.multuseni.cli..")
        .should()
        .dependOnClassesThat(resideInAPackage("io.multuseni.localcloud.."))
        .check(MAIN);
  }

  @Test
  void localCloudKnowsNothingOfTheProduct() {
    noClasses()
        .that()
        .resideInAPackage("io.multuseni.localcloud..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.multuseni.core..")
                .or(resideInAPackage("io.multuseni.aws.."))
                .or(resideInAPackage("io.multuseni.eniattach.."))
                .or(resideInAPackage("software.amazon.awssdk..")))
        .check(MAIN);
  }
}
