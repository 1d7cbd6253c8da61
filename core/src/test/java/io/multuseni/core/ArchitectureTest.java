// SPDX-License-Identifier: Apache-2.0
package io.multuseni.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.multuseni.core.attach.AttachPlanner;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Core decides and does nothing else: no clock, no environment, no chance, no logger, no AWS. */
class ArchitectureTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.multuseni.core");

  /** What gives another answer each time; the method {@code *} stands for the whole class. */
  private static final Map<String, Set<String>> IMPURE =
      Map.ofEntries(
          Map.entry(
              "java.lang.System",
              Set.of(
                  "getenv",
                  "getProperty",
                  "getProperties",
                  "currentTimeMillis",
                  "nanoTime",
                  "exit")),
          Map.entry("java.lang.Thread", Set.of("*")),
          Map.entry("java.lang.Math", Set.of("random")),
          Map.entry("java.util.Random", Set.of("*")),
          Map.entry("java.security.SecureRandom", Set.of("*")),
          Map.entry("java.util.concurrent.ThreadLocalRandom", Set.of("*")),
          Map.entry("java.util.UUID", Set.of("randomUUID")),
          Map.entry("java.util.Date", Set.of("*")),
          Map.entry("java.time.LocalDate", Set.of("now")),
          Map.entry("java.time.LocalDateTime", Set.of("now")),
          Map.entry("java.time.OffsetDateTime", Set.of("now")),
          Map.entry("java.time.ZonedDateTime", Set.of("now")));

  private static DescribedPredicate<JavaCall<?>> impureCalls() {
    return describe(
        "that ask the clock, the environment or chance",
        call -> {
          AccessTarget.CodeUnitCallTarget target = call.getTarget();
          String owner = target.getOwner().getName();
          if (owner.equals(Instant.class.getName()) || owner.equals(Clock.class.getName())) {
            return target.getName().equals("now") || target.getName().startsWith("system");
          }
          Set<String> names = IMPURE.getOrDefault(owner, Set.of());
          return names.contains("*") || names.contains(target.getName());
        });
  }

  @Test
  void theClassFilesOfThisJavaAreRead() {
    assertThat(CORE.size()).isGreaterThan(40);
    assertThat(CORE.get(AttachPlanner.class).getMethodCallsFromSelf()).hasSizeGreaterThan(50);
  }

  @Test
  void coreDependsOnNothingButJavaAndForItsInputOnJackson() {
    classes()
        .that()
        .resideOutsideOfPackages(
            "io.multuseni.core.config..",
            "io.multuseni.core.event..",
            "io.multuseni.core.cluster..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage("java..", "org.jspecify..", "io.multuseni.core.."))
        .check(CORE);
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "org.jspecify..",
                "com.fasterxml.jackson..",
                "org.yaml.snakeyaml..",
                "io.multuseni.core.."))
        .check(CORE);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.multuseni.core.config..")
        .should()
        .dependOnClassesThat(resideInAPackage("org.yaml.snakeyaml.."))
        .check(CORE);
  }

  @Test
  void coreAsksNeitherClockNorEnvironmentNorChance() {
    noClasses().should().callCodeUnitWhere(impureCalls()).check(CORE);
  }

  /** What core must not look like, so that the rule is known to bite. */
  private static final class AsksTheClock {
    static long ask() {
      return Instant.now().toEpochMilli() + System.nanoTime();
    }
  }

  @Test
  void theRuleAgainstClocksBites() {
    JavaClasses bad = new ClassFileImporter().importClasses(AsksTheClock.class);

    assertThatThrownBy(() -> noClasses().should().callCodeUnitWhere(impureCalls()).check(bad))
        .hasMessageContaining("Instant.now()")
        .hasMessageContaining("System.nanoTime()");
    assertThat(AsksTheClock.ask()).isPositive();
  }

  @Test
  void coreWritesNoLogAndNoFile() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.util.logging..",
                    "org.slf4j..",
                    "java.net..",
                    "java.nio.file..",
                    "java.util.concurrent..")
                // It reads literals without looking names up, which is all that core.ip asks of it.
                .and(not(assignableTo(InetAddress.class))))
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CORE);
  }

  @Test
  void plannersAndPoliciesShowNoStateThatChanges() {
    fields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage("io.multuseni.core.attach")
        .should()
        .beFinal()
        .check(CORE);
    fields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage("io.multuseni.core.attach")
        .and()
        .areDeclaredInClassesThat()
        .haveNameMatching(".*(Planner|Policy|Chooser|Schedule|Breaker|Token)")
        .and()
        .areNotStatic()
        .should()
        .bePrivate()
        .check(CORE);
    classes()
        .that()
        .resideInAPackage("io.multuseni.core.attach")
        .and()
        .haveNameMatching(".*(Planner|Policy|Chooser|Schedule|Breaker|Token)")
        .should()
        .haveOnlyPrivateConstructors()
        .check(CORE);
  }

  @Test
  void whatWasFoundKnowsNothingOfWhatIsDecided() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.multuseni.core.node..",
            "io.multuseni.core.config..",
            "io.multuseni.core.event..",
            "io.multuseni.core.error..",
            "io.multuseni.core.slot..",
            "io.multuseni.core.ip..",
            "io.multuseni.core.cluster..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "io.multuseni.core.attach..",
                "io.multuseni.core.address..",
                "io.multuseni.core.report.."))
        .check(CORE);
    slices().matching("io.multuseni.core.(*)..").should().beFreeOfCycles().check(CORE);
  }
}
