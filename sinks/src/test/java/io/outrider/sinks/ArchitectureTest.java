package io.outrider.sinks;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.outrider.sinks");

  @Test
  void packagesPointOneWay() {
    slices().matching("io.outrider.sinks.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void knowsOnlyTheLog() {
    ArchRuleDefinition.noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.netty..",
            "io.outrider.policy..",
            "io.outrider.redaction..",
            "io.outrider.mcp..",
            "io.outrider.app..",
            "io.outrider.audit.store..")
        .check(CLASSES);
  }

  @Test
  void whatShipsKnowsNoReceiver() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage("io.outrider.sinks")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.outrider.sinks.*..")
        .check(CLASSES);
  }
}
