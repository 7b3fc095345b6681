// SPDX-License-Identifier: Apache-2.0
package dev.puna.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.lang.foreign.Arena;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ArchitectureTest {
    /** Raised as the code grows, so that a wrong import path cannot make every rule pass on nothing. */
    private static final int CLASSES_AT_LEAST = 900;

    private static final String BINDING = "dev.puna.llama.binding..";
    private static final String GENERATED = "dev.puna.llama.binding.generated..";
    private static final String CLI = "dev.puna.cli..";

    private static final String[] PURE = {
        "dev.puna.failure..",
        "dev.puna.go..",
        "dev.puna.model..",
        "dev.puna.chat..",
        "dev.puna.device..",
        "dev.puna.engine.wire..",
        "dev.puna.gguf..",
        "dev.puna.modelfile..",
        "dev.puna.template..",
        "dev.puna.parsing..",
        "dev.puna.settings..",
        "dev.puna.store..",
        "dev.puna.archive..",
        "dev.puna.systemd..",
        "dev.puna.memory..",
        "dev.puna.library..",
        "dev.puna.process..",
        "dev.puna.sandbox..",
        "dev.puna.schema..",
        "dev.puna.tokenization..",
        "dev.puna.scheduling.plan..",
        "dev.puna.scheduling.state..",
        "dev.puna.llama..",
        "dev.puna.creation..",
        "dev.puna.api.json..",
        "dev.puna.api.http.access..",
        "dev.puna.api.http.framing..",
        "dev.puna.api.ollama.request..",
        "dev.puna.api.ollama.wire..",
    };

    /** What client commands run; {@code Puna} itself also names Quarkus, which it touches only to serve. */
    private static final String[] ON_THE_CLIENT = {
        CLI,
        "dev.puna.archive..",
        "dev.puna.conversion..",
        "dev.puna.failure..",
        "dev.puna.gguf..",
        "dev.puna.go..",
        "dev.puna.model..",
        "dev.puna.modelfile..",
        "dev.puna.network..",
        "dev.puna.hashing..",
        "dev.puna.settings..",
        "dev.puna.store..",
    };

    private static final String[] CLIENT_LIBRARIES = {
        "dev.puna..",
        "java..",
        "javax.net.ssl..",
        "sun.misc..",
        "picocli..",
        "org.jline..",
        "org.jspecify..",
        "com.fasterxml.jackson.core..",
        "com.fasterxml.jackson.databind..",
        "com.fasterxml.jackson.annotation..",
    };

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/llama/binding/generated/"))
            .importPackages("dev.puna");

    @Test
    void enough_classes_were_scanned_for_the_other_rules_to_mean_something() {
        assertThat(CLASSES.size()).isGreaterThanOrEqualTo(CLASSES_AT_LEAST);
    }

    @Test
    void packages_use_only_what_the_table_allows() {
        check(AllowedDependencies.asRule());
    }

    @Test
    void every_permission_of_the_table_is_used() {
        var used = new TreeMap<String, Set<String>>();
        for (var type : CLASSES) {
            var row = AllowedDependencies.rowOf(type).orElseThrow();
            for (var dependency : type.getDirectDependenciesFromSelf()) {
                AllowedDependencies.rowOf(dependency.getTargetClass())
                        .ifPresent(target ->
                                used.computeIfAbsent(row, _ -> new TreeSet<>()).add(target));
            }
        }

        var unused = new TreeMap<String, Set<String>>();
        AllowedDependencies.byPackage().forEach((row, allowed) -> {
            var left = new TreeSet<>(allowed);
            left.removeAll(used.getOrDefault(row, Set.of()));
            if (!left.isEmpty()) {
                unused.put(row, left);
            }
        });
        assertThat(unused).isEmpty();
    }

    @Test
    void packages_are_free_of_cycles() {
        check(slices().matching("dev.puna.(*)..").should().beFreeOfCycles());
    }

    @Test
    void the_packages_of_the_engine_are_free_of_cycles() {
        check(slices().matching("dev.puna.engine.(*)").should().beFreeOfCycles());
    }

    @Test
    void every_package_is_a_row_of_the_table() {
        check(classes()
                .should()
                .resideInAnyPackage(AllowedDependencies.packages())
                .because("a package outside the table would be under no rule"));
    }

    @Test
    void only_the_binding_touches_foreign_memory_but_for_those_that_call_the_system() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(
                        BINDING,
                        "dev.puna.systemd..",
                        "dev.puna.memory..",
                        "dev.puna.hashing..",
                        "dev.puna.process..",
                        "dev.puna.sandbox..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign.."));
    }

    @Test
    void only_the_binding_uses_generated_classes() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(BINDING)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(GENERATED));
    }

    @Test
    void pure_packages_know_no_framework() {
        check(noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "jakarta..", "io.smallrye.mutiny..", "io.vertx.."));
    }

    @Test
    void the_scheduler_decides_in_packages_that_do_nothing() {
        check(noClasses()
                .that()
                .resideInAnyPackage("dev.puna.scheduling.plan..", "dev.puna.scheduling.state..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.puna.scheduling", "java.util.concurrent..", "org.jboss.logging..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class));
        check(noClasses()
                .that()
                .resideInAPackage("dev.puna.scheduling.plan..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.puna.scheduling.state.."));
    }

    @Test
    void commands_use_only_the_libraries_that_the_launcher_gives_them() {
        check(noClasses()
                .that()
                .resideInAnyPackage(ON_THE_CLIENT)
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(CLIENT_LIBRARIES)
                .because("client_class_path in the launcher names no more, so that commands start quickly"));
    }

    @Test
    void nothing_is_injected_into_fields() {
        check(noFields()
                .should()
                .beAnnotatedWith("jakarta.inject.Inject")
                .orShould()
                .beAnnotatedWith("org.eclipse.microprofile.config.inject.ConfigProperty")
                .because("a constructor shows what a class needs and lets a test give it"));
    }

    @Test
    void only_the_command_line_uses_the_standard_streams() {
        check(noClasses().that().resideOutsideOfPackage(CLI).should(ACCESS_STANDARD_STREAMS));
    }

    @Test
    void wire_types_are_records_or_what_some_of_them_have_in_common() {
        check(classes()
                .that()
                .resideInAPackage("dev.puna.api..wire..")
                .and()
                .areTopLevelClasses()
                .and()
                .doNotHaveSimpleName("package-info")
                .should()
                .beRecords()
                .orShould()
                .beInterfaces());
    }

    @Test
    void wire_types_stay_at_the_edge() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.puna.api..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.puna.api..wire.."));
    }

    @Test
    void native_owners_are_final_and_made_by_factories() {
        check(classes()
                .that()
                .resideInAPackage("dev.puna.llama..")
                .and()
                .areAssignableTo(AutoCloseable.class)
                .and(not(INTERFACES))
                .should()
                .haveModifier(JavaModifier.FINAL));
        check(constructors()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage("dev.puna.llama..")
                .and()
                .areDeclaredInClassesThat()
                .areAssignableTo(AutoCloseable.class)
                .should()
                .notBePublic());
    }

    @Test
    void what_keeps_an_arena_can_be_closed() {
        check(fields().that()
                .areDeclaredInClassesThat()
                .resideInAPackage("dev.puna.llama..")
                .and()
                .areNotStatic()
                .and()
                .haveRawType(Arena.class)
                .should()
                .beDeclaredInClassesThat()
                .areAssignableTo(AutoCloseable.class));
    }

    @Test
    void every_package_is_described_and_null_marked() {
        check(classes().should(liveInANullMarkedPackage()));
    }

    @Test
    void names_say_the_thing_and_not_its_pattern() {
        check(noClasses().should().haveNameMatching(".*\\.[^.]*(Util|Helper|Manager|Impl$)[^.]*"));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a package with a package-info.java that is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                var marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                var message = type.getPackageName() + (marked ? " is" : " is not") + " null-marked";
                events.add(new SimpleConditionEvent(type, marked, message));
            }
        };
    }
}
