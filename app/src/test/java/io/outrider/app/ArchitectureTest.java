package io.outrider.app;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

/// The arrows of the design: `Main -> cli -> {demo, serve, config, doctor, console, terminal}`,
/// `demo -> serve -> {config, console, log}`. Nobody here touches Netty: what serves calls is in
/// proxy-core.
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.outrider.app");

  @Test
  void packagesPointOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("cli")
        .definedBy("io.outrider.app.cli")
        .layer("demo")
        .definedBy("io.outrider.app.demo")
        .layer("serve")
        .definedBy("io.outrider.app.serve")
        .layer("config")
        .definedBy("io.outrider.app.config")
        .layer("console")
        .definedBy("io.outrider.app.console")
        .layer("doctor")
        .definedBy("io.outrider.app.doctor")
        .layer("log")
        .definedBy("io.outrider.app.log")
        .layer("terminal")
        .definedBy("io.outrider.app.terminal")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("demo")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("serve")
        .mayOnlyBeAccessedByLayers("cli", "demo")
        .whereLayer("config")
        .mayOnlyBeAccessedByLayers("cli", "serve")
        .whereLayer("console")
        .mayOnlyBeAccessedByLayers("cli", "serve")
        .whereLayer("doctor")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("log")
        .mayOnlyBeAccessedByLayers("serve")
        .whereLayer("terminal")
        .mayOnlyBeAccessedByLayers("cli", "demo")
        .check(CLASSES);
    slices().matching("io.outrider.app.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyConfigurationKnowsYaml() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackage("io.outrider.app.config")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.snakeyaml..")
        .check(CLASSES);
    ArchRuleDefinition.noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .check(CLASSES);
  }
}
