// SPDX-License-Identifier: Apache-2.0
package dev.puna.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaParameterizedType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * In the native executable the {@code equals} that the compiler gives to records takes 20 microseconds and more (see {@code
 * src/docs/native-executable.md}), so records that maps and sets look for have one of their own.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RecordsAsKeysTest {
    @Test
    void records_that_are_looked_for_say_themselves_when_they_are_equal() {
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.puna");

        var keys = classes.stream()
                .flatMap(type -> type.getFields().stream())
                .flatMap(field -> key(field).stream())
                .collect(Collectors.toSet());
        var slow = keys.stream()
                .filter(type -> !comparesItself(type))
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(keys).hasSizeGreaterThan(5);
        assertThat(slow).as("records that need an equals of their own").isEmpty();
    }

    private static Optional<JavaClass> key(JavaField field) {
        var looksFor = field.getRawType().isAssignableTo(Map.class)
                || field.getRawType().isAssignableTo(Set.class);
        return looksFor && field.getType() instanceof JavaParameterizedType type
                ? Optional.of(type.getActualTypeArguments().getFirst().toErasure())
                        .filter(JavaClass::isRecord)
                : Optional.empty();
    }

    /** What the compiler makes is one dynamic call, which reads no field. */
    private static boolean comparesItself(JavaClass type) {
        return !type.getMethod("equals", Object.class).getFieldAccesses().isEmpty();
    }
}
