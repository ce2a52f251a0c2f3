package io.outrider;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import io.outrider.enforce.NoticePermit;
import io.outrider.enforce.Permit;
import org.junit.jupiter.api.Test;

/// The arrows of the design: a package that a successor moves against them stops the build.
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(new ImportOption.DoNotIncludeJars())
          .importPackages("io.outrider");

  @Test
  void packagesPointOneWay() {
    Architectures.layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("jsonrpc")
        .definedBy("io.outrider.jsonrpc")
        .layer("mcp")
        .definedBy("io.outrider.mcp")
        .layer("call")
        .definedBy("io.outrider.call")
        .layer("limit")
        .definedBy("io.outrider.limit")
        .layer("session")
        .definedBy("io.outrider.session")
        .layer("enforce")
        .definedBy("io.outrider.enforce")
        .layer("upstream")
        .definedBy("io.outrider.upstream..")
        .layer("frontend")
        .definedBy("io.outrider.frontend..")
        .layer("proxy")
        .definedBy("io.outrider.proxy")
        .whereLayer("proxy")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("upstream")
        .mayOnlyBeAccessedByLayers("proxy")
        .whereLayer("frontend")
        .mayOnlyBeAccessedByLayers("proxy")
        .whereLayer("enforce")
        .mayOnlyBeAccessedByLayers("upstream", "frontend", "proxy")
        .whereLayer("session")
        .mayOnlyBeAccessedByLayers("enforce", "upstream", "frontend", "proxy")
        .whereLayer("limit")
        .mayOnlyBeAccessedByLayers("enforce", "upstream", "frontend", "proxy")
        .whereLayer("call")
        .mayOnlyBeAccessedByLayers("session", "limit", "enforce", "upstream", "frontend", "proxy")
        .check(CLASSES);
    slices().matching("io.outrider.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void settingsAndTelemetryAreLeaves() {
    noClasses()
        .that()
        .resideInAnyPackage("io.outrider.settings", "io.outrider.telemetry")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.outrider.jsonrpc",
            "io.outrider.mcp",
            "io.outrider.call",
            "io.outrider.session",
            "io.outrider.enforce",
            "io.outrider.upstream..",
            "io.outrider.frontend..",
            "io.outrider.proxy")
        .check(CLASSES);
  }

  @Test
  void onlyTheGatesMakePermits() {
    constructors()
        .that()
        .areDeclaredIn(Permit.class)
        .or()
        .areDeclaredIn(NoticePermit.class)
        .should()
        .bePackagePrivate()
        .check(CLASSES);
  }

  @Test
  void onlyRescueWordsErrorsToClients() {
    // A front-end that cannot build JSON cannot answer in its own words.
    noClasses()
        .that()
        .resideInAPackage("io.outrider.frontend..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("tools.jackson..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.outrider.jsonrpc.Json")
        .check(CLASSES);
  }

  @Test
  void nothingOnAnEventLoopSleeps() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.outrider.upstream.stdio")
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .because("a sleeping event loop stops every call on it")
        .check(CLASSES);
  }
}
