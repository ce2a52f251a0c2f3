package io.outrider.redaction;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.outrider.redaction");

  @Test
  void packagesPointOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("face")
        .definedBy("io.outrider.redaction")
        .layer("scan")
        .definedBy("io.outrider.redaction.scan")
        .layer("rule")
        .definedBy("io.outrider.redaction.rule")
        .layer("match")
        .definedBy("io.outrider.redaction.match")
        .layer("json")
        .definedBy("io.outrider.redaction.json")
        .layer("check")
        .definedBy("io.outrider.redaction.check")
        .whereLayer("face")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("scan")
        .mayOnlyBeAccessedByLayers("face")
        .whereLayer("rule")
        .mayOnlyBeAccessedByLayers("face", "scan")
        .whereLayer("match")
        .mayOnlyBeAccessedByLayers("scan", "rule")
        .whereLayer("json")
        .mayOnlyBeAccessedByLayers("face", "scan")
        .whereLayer("check")
        .mayOnlyBeAccessedByLayers("face", "scan")
        .check(CLASSES);
  }

  @Test
  void noPackageCycles() {
    slices().matching("io.outrider.redaction.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void nothingButThePlatformIsNeeded() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.outrider.redaction..", "java..", "javax.crypto..", "org.jspecify..")
        .check(CLASSES);
  }
}
