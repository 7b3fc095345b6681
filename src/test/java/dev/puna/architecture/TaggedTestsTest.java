// SPDX-License-Identifier: Apache-2.0
package dev.puna.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The build finds by their tags the tests that it runs twice or apart: see the profile {@code all-tests}. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TaggedTestsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages("dev.puna");

    @Test
    void who_loads_a_model_into_an_engine_is_tagged() {
        noClasses()
                .that()
                .resideInAPackage("dev.puna.engine.local")
                .and()
                .haveSimpleNameEndingWith("Test")
                .and(areNotTagged("engine"))
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("dev.puna.engine.local.EngineTests")
                .check(CLASSES);
    }

    @Test
    void who_shares_the_server_is_tagged() {
        classes()
                .that()
                .areAnnotatedWith(QuarkusTest.class)
                .should(ArchCondition.from(tagged("quarkus")))
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> areNotTagged(String tag) {
        return DescribedPredicate.not(tagged(tag));
    }

    private static DescribedPredicate<JavaClass> tagged(String tag) {
        return DescribedPredicate.describe(
                "tagged " + tag,
                type -> type.isAnnotatedWith(Tag.class)
                        && type.getAnnotationOfType(Tag.class).value().equals(tag));
    }
}
