package io.outrider.review;

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
          .importPackages("io.outrider.review");

  @Test
  void packagesPointOneWay() {
    slices()
        .matching("io.outrider.review.(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void theLanguageKnowsNothingOfTheIndex() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage("io.outrider.review.query..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "io.outrider.audit..", "io.outrider.review.index..")
        .check(CLASSES);
  }

  @Test
  void onlyIndexAndSqlKnowSqlite() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackages("io.outrider.review.index..", "io.outrider.review.sql..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "org.sqlite..")
        .check(CLASSES);
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
        .allowEmptyShould(true)
        .check(CLASSES);
  }
}
