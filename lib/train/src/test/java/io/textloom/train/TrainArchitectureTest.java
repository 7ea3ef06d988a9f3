package io.textloom.train;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What this module's classes may use. */
@AnalyzeClasses(packages = "io.textloom.train", importOptions = ImportOption.DoNotIncludeTests.class)
class TrainArchitectureTest {
    @ArchTest
    static final ArchRule deeplearning4jIsOneEngineBehindAnInterface = noClasses()
            .that()
            .haveSimpleNameNotStartingWith("Dl4j")
            .and()
            .resideOutsideOfPackage("io.textloom.train.elmo..") // whose numbers lie in ND4J's memory
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.deeplearning4j..", "org.nd4j..");

    @ArchTest
    static final ArchRule settingsComeAsOptions =
            noClasses().should().dependOnClassesThat().resideInAPackage("io.textloom.config..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.textloom.train.(**)")
            .should()
            .beFreeOfCycles()
            .allowEmptyShould(true);
}
