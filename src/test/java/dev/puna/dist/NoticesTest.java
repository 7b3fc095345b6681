// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NoticesTest {
    private static final String APACHE = "Apache License\nVersion 2.0\nEND OF TERMS AND CONDITIONS\nAPPENDIX: ours\n";

    @TempDir
    Path folder;

    @BeforeEach
    void sources() throws IOException {
        Files.createDirectories(folder.resolve("deploy/packages/licenses"));
        Files.writeString(folder.resolve("LICENSE"), APACHE);
    }

    @Test
    void a_text_stands_once_whatever_its_spaces() throws IOException {
        var one = jar("one-1.jar", Map.of("META-INF/LICENSE.md", "Do what\r\nyou like.", "a/License.class", "code"));
        var two = jar("two-2.jar", Map.of("META-INF/LICENSE", "Do  what you like.\n", "META-INF/NOTICE", "By Ada."));

        var notices = notices(List.of(part("one", "1", "MIT"), part("two", "2", "MIT")), List.of(), one, two);

        assertThat(notices).contains("org.test:one 1: MIT [1]\n", "org.test:two 2: MIT [1, 2]\n", "[2]\n\nBy Ada.\n");
        assertThat(notices).containsOnlyOnce("you like").doesNotContain("code", "\r");
    }

    @Test
    void the_Apache_licence_is_ours_whatever_its_appendix() throws IOException {
        var jar = jar(
                "one-1.jar",
                Map.of("META-INF/LICENSE", APACHE.replace("ours", "theirs").replace("\n", " \n")));

        assertThat(notices(List.of(part("one", "1", "Apache-2.0")), List.of(), jar))
                .contains("[1]\n", "ours")
                .doesNotContain("theirs", "[2]");
    }

    @Test
    void a_library_without_the_text_of_its_licence_ends_the_build_unless_we_have_it() throws IOException {
        var jar = jar("one-1.jar", Map.of("a/B.class", ""));
        var ours = folder.resolve("deploy/packages/licenses/org.test.txt");

        assertThat(notices(List.of(part("one", "1", "CC0-1.0")), List.of(), jar))
                .contains("org.test:one 1: CC0-1.0\n");
        assertThatThrownBy(() -> notices(List.of(part("one", "1", "BSD-2-Clause")), List.of(), jar))
                .hasMessage("one-1.jar is under [BSD-2-Clause] and brings no text of it: put that into %s.", ours);

        Files.writeString(ours, "Ours of it");

        assertThat(notices(List.of(part("one", "1", "BSD-2-Clause")), List.of(), jar))
                .contains("Ours of it");
    }

    @Test
    void native_parts_are_named_too() throws IOException {
        var part = new NativePart("library", "llama.cpp", "1.0", "MIT", "", List.of("By the authors of ggml."));

        assertThat(notices(List.of(), List.of(part))).contains("llama.cpp 1.0: MIT [1]\n", "By the authors of ggml.");

        var silent = new NativePart("library", "libffi", "", "MIT", "", List.of());

        assertThatThrownBy(() -> notices(List.of(), List.of(silent)))
                .hasMessageStartingWith("There is no text of the licence of libffi");
    }

    private String notices(List<JavaPart> java, List<NativePart> natives, Path... jars) throws IOException {
        return Notices.of(java, natives, new LicenceTexts(folder, Stream.of(jars)))
                .toString();
    }

    private static JavaPart part(String name, String version, String licence) {
        return new JavaPart("org.test", name, version, List.of(licence));
    }

    private Path jar(String name, Map<String, String> files) throws IOException {
        var jar = folder.resolve(name);
        try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (var file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }
}
