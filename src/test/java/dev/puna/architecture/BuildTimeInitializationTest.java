// SPDX-License-Identifier: Apache-2.0
package dev.puna.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * Classes are initialised while the native executable is built, but for those that look native code up. Where one of the former reads
 * a static field of the latter, the build ends after minutes with an error that names neither.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BuildTimeInitializationTest {
    private static final Path PROPERTIES =
            Path.of("src/main/resources/META-INF/native-image/dev.puna/puna/native-image.properties");

    private static final Pattern AT_RUN_TIME = Pattern.compile("--initialize-at-run-time=(dev\\.puna\\S*)");

    @Test
    void what_is_initialised_early_needs_nothing_that_is_initialised_late() throws IOException {
        var late = AT_RUN_TIME
                .matcher(Files.readString(PROPERTIES))
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.puna");

        var needed = classes.stream()
                .filter(type -> !isIn(late, type))
                .flatMap(BuildTimeInitializationTest::needed)
                .filter(access -> isIn(late, access.getTargetOwner()))
                .map(JavaAccess::getDescription)
                .toList();

        assertThat(late).contains("dev.puna.llama.binding");
        assertThat(needed).isEmpty();
    }

    private static Stream<JavaAccess<?>> needed(JavaClass type) {
        return type.getStaticInitializer().stream().flatMap(initializer -> initializer.getAccessesFromSelf().stream());
    }

    /** {@code names}: of packages and classes. */
    private static boolean isIn(List<String> names, JavaClass type) {
        return names.stream()
                .anyMatch(name -> type.getName().equals(name) || type.getName().startsWith(name + "."));
    }
}
