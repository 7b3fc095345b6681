// SPDX-License-Identifier: Apache-2.0
package dev.puna.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The build runs tests of engines a second time, with each model in a process of its own, and finds them by their tag. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EngineTestsAreTaggedTest {
    @Test
    void who_loads_a_model_into_an_engine_is_tagged() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Test")
                .and()
                .areNotAnnotatedWith(Tag.class)
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("dev.puna.engine.local.EngineTests")
                .check(new ClassFileImporter().importPackages("dev.puna.engine.local"));
    }
}
