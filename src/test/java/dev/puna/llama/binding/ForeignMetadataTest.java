// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.llama.TestLlama;
import dev.puna.support.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The file is written anew by {@code ./mvnw test -Dtest=ForeignMetadataTest -Dpuna.metadata.write=true}. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ForeignMetadataTest {
    private static final Path CLASSES = Path.of("target/classes");
    private static final List<String> CALLERS = List.of(
            "dev/puna/llama/binding",
            "dev/puna/systemd",
            "dev/puna/memory",
            "dev/puna/hashing",
            "dev/puna/process",
            "dev/puna/sandbox");
    private static final Path FILE =
            Path.of("src/main/resources/META-INF/native-image/dev.puna/puna/reachability-metadata.json");

    @Test
    void every_shape_of_a_call_is_registered_for_the_native_image() throws Exception {
        TestLlama.backend();
        MediaLibrary.load(TestModels.nativeLibraries());
        var metadata = new ForeignMetadata();
        var bindings = bindings();
        for (var binding : bindings) {
            metadata.add(binding);
        }

        if (Boolean.getBoolean("puna.metadata.write")) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, metadata.asJson());
        }
        assertThat(bindings)
                .extracting(Class::getSimpleName)
                .contains("Native", "DynamicLinker", "UnixDatagram", "LibCrypto", "CFunctions", "LockFunctions");
        assertThat(FILE).hasContent(metadata.asJson());
    }

    private static List<Class<?>> bindings() throws IOException {
        var found = new ArrayList<Class<?>>();
        for (var caller : CALLERS) {
            found.addAll(classesIn(CLASSES.resolve(caller)));
        }
        return found;
    }

    private static List<Class<?>> classesIn(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.map(file -> CLASSES.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.contains("package-info"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .sorted()
                    .<Class<?>>map(ForeignMetadataTest::load)
                    .filter(type -> type.getDeclaringClass() == null)
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
