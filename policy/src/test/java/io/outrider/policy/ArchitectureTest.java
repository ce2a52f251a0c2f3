package io.outrider.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The lines of the house plan: `value <- syntax <- builtin <- compile <- eval <- policy`.
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.outrider.policy");

  @Test
  void packagesPointOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("value")
        .definedBy("io.outrider.policy.value")
        .layer("syntax")
        .definedBy("io.outrider.policy.syntax")
        .layer("types")
        .definedBy("io.outrider.policy.types")
        .layer("builtin")
        .definedBy("io.outrider.policy.builtin")
        .layer("compile")
        .definedBy("io.outrider.policy.compile")
        .layer("eval")
        .definedBy("io.outrider.policy.eval")
        .layer("policy")
        .definedBy("io.outrider.policy")
        .layer("fmt")
        .definedBy("io.outrider.policy.fmt")
        .optionalLayer("tool")
        .definedBy("io.outrider.policy.tool")
        .whereLayer("tool")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("fmt")
        .mayOnlyBeAccessedByLayers("tool")
        .whereLayer("policy")
        .mayOnlyBeAccessedByLayers("tool")
        .whereLayer("eval")
        .mayOnlyBeAccessedByLayers("policy", "tool")
        .whereLayer("compile")
        .mayOnlyBeAccessedByLayers("eval", "policy", "tool")
        .whereLayer("types")
        .mayOnlyBeAccessedByLayers("compile", "policy", "tool")
        .whereLayer("builtin")
        .mayOnlyBeAccessedByLayers("compile", "eval", "policy", "tool")
        .whereLayer("syntax")
        .mayOnlyBeAccessedByLayers("builtin", "compile", "eval", "fmt", "policy", "tool")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.outrider.policy.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void engineReachesNeitherNetworkNorProcesses() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.outrider.policy.value",
            "io.outrider.policy.syntax",
            "io.outrider.policy.compile",
            "io.outrider.policy.eval")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net..", "java.nio.file..", "javax.net..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.ProcessBuilder")
        .because("a policy must not reach the host it runs on")
        .check(CLASSES);
  }

  @Test
  void moduleKnowsNothingOfTheRestOfTheHouse() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.outrider.audit..",
            "io.outrider.redaction..",
            "io.outrider.proxy..",
            "io.outrider.mcp..",
            "io.netty..")
        .check(CLASSES);
  }
}
