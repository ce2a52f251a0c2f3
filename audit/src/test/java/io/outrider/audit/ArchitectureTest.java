package io.outrider.audit;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
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
          .importPackages("io.outrider.audit");

  @Test
  void packagesPointOneWayAndTheVerifierNeverUsesTheWriter() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("record")
        .definedBy("io.outrider.audit.record")
        .layer("format")
        .definedBy("io.outrider.audit.format")
        .layer("proof")
        .definedBy("io.outrider.audit.proof")
        .layer("store")
        .definedBy("io.outrider.audit.store")
        .layer("audit")
        .definedBy("io.outrider.audit")
        .layer("verify")
        .definedBy("io.outrider.audit.verify")
        .layer("drill")
        .definedBy("io.outrider.audit.drill")
        .whereLayer("audit")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("drill")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("verify")
        .mayOnlyBeAccessedByLayers("drill")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("audit")
        .whereLayer("proof")
        .mayOnlyBeAccessedByLayers("store", "audit", "verify", "drill")
        .whereLayer("format")
        .mayOnlyBeAccessedByLayers("proof", "store", "audit", "verify", "drill")
        .check(CLASSES);
    slices().matching("io.outrider.audit.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyOneClassTouchesTheDiskToWrite() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackage("io.outrider.audit.verify")
        .and()
        .doNotHaveFullyQualifiedName("io.outrider.audit.store.DiskFileOps")
        .and()
        .haveNameNotMatching("io\\.outrider\\.audit\\.store\\.DiskFileOps\\$.*")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.file.Files")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.channels.FileChannel")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.File")
        .check(CLASSES);
  }

  @Test
  void theLogKnowsNeitherTheWireNorItsNeighbours() {
    ArchRuleDefinition.noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.netty..", "io.outrider.policy..", "io.outrider.redaction..", "io.outrider.mcp..")
        .check(CLASSES);
  }
}
