package io.textloom;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.textloom.text.EditDistance;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Holds the table of docs/architecture.md: what each package may import. */
@AnalyzeClasses(packages = "io.textloom", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** Package → packages of ours that it may import, itself aside. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("text", Set.of()),
            Map.entry("tensor", Set.of()),
            Map.entry("token", Set.of("text")),
            Map.entry("model", Set.of("token", "tensor", "text")),
            Map.entry("runtime", Set.of("model", "token", "tensor", "text")),
            Map.entry("embed", Set.of("runtime", "model", "token", "tensor", "text")),
            Map.entry("classify", Set.of("embed", "runtime", "model", "token", "tensor", "text")),
            Map.entry("constrain", Set.of("token", "text")),
            Map.entry("prompt", Set.of("model", "token", "tensor", "text")),
            Map.entry("generate", Set.of("constrain", "runtime", "model", "token", "tensor", "text")),
            Map.entry("openai", Set.of("generate", "constrain", "prompt", "token", "text")),
            Map.entry("score", Set.of("runtime", "model", "token", "tensor", "text")),
            Map.entry("table", Set.of("text", "token", "tensor")),
            Map.entry(
                    "spark",
                    Set.of(
                            "table",
                            "embed",
                            "classify",
                            "generate",
                            "constrain",
                            "openai",
                            "prompt",
                            "score",
                            "runtime",
                            "model",
                            "token",
                            "tensor",
                            "text")),
            Map.entry("evaluate", Set.of("table", "tensor", "spark")),
            Map.entry(
                    "config",
                    Set.of(
                            "spark",
                            "embed",
                            "classify",
                            "generate",
                            "constrain",
                            "openai",
                            "prompt",
                            "score",
                            "token",
                            "tensor",
                            "text")));

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.textloom.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheRuntimeUsesOnnxRuntime = noClasses()
            .that()
            .resideOutsideOfPackage("io.textloom.runtime..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.onnxruntime..");

    @ArchTest
    static final ArchRule configReadsNothingButOptionRecords = classes()
            .that()
            .resideInAPackage("io.textloom.config..")
            .should()
            .onlyDependOnClassesThat(
                    new com.tngtech.archunit.base.DescribedPredicate<>(
                            "are its own, other libraries', option records, enums or the distance of names") {
                        @Override
                        public boolean test(JavaClass c) {
                            return !c.getPackageName().startsWith("io.textloom")
                                    || c.getPackageName().startsWith("io.textloom.config")
                                    || c.isEnum()
                                    || c.isEquivalentTo(EditDistance.class)
                                    || c.getSimpleName().endsWith("Options");
                        }
                    });

    @ArchTest
    static void packagesImportWhatTheTableAllows(JavaClasses classes) {
        Set<String> violations = new TreeSet<>();
        for (JavaClass c : classes) {
            String from = area(c);
            c.getDirectDependenciesFromSelf().forEach(d -> {
                String to = area(d.getTargetClass());
                if (!to.isEmpty() && !to.equals(from) && !MAY_IMPORT.get(from).contains(to)) {
                    violations.add(d.getDescription());
                }
            });
        }
        assertThat(violations).isEmpty();
    }

    /** State that outlives a task is the executor's models, behind a final field, and the flag that the JVM is stopping. */
    @ArchTest
    static void noOtherStaticChanges(JavaClasses classes) {
        List<String> statics = classes.stream()
                .flatMap(c -> c.getFields().stream())
                .filter(f -> f.getModifiers().contains(JavaModifier.STATIC))
                .filter(f -> !f.getModifiers().contains(JavaModifier.FINAL))
                .map(JavaField::getFullName)
                .toList();
        assertThat(statics).containsExactly("io.textloom.runtime.OrtRuntime.stopping");
    }

    private static String area(JavaClass c) {
        String prefix = "io.textloom.";
        if (!c.getPackageName().startsWith(prefix)) {
            return "";
        }
        return c.getPackageName().substring(prefix.length()).split("\\.")[0];
    }
}
