// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BillOfMaterialsTest {
    private static final String OF_THE_PLUGIN = """
            {"bomFormat": "CycloneDX",
             "metadata": {"component": {"name": "puna", "bom-ref": "us"}},
             "components": [{"group": "org.jline", "name": "jline-reader", "version": "4", "purl": "pkg:maven/org.jline/jline-reader@4",
                             "licenses": [{"license": {"id": "BSD-4-Clause", "url": "there"}}]},
                            {"name": "quarkus-ide-launcher", "bom-ref": "editor", "purl": "pkg:maven/io.quarkus/quarkus-ide-launcher@3"}],
             "dependencies": [{"ref": "us", "dependsOn": ["pkg:maven/org.jline/jline-reader@4", "editor"]},
                              {"ref": "editor", "dependsOn": []}]}
            """;

    @TempDir
    Path folder;

    @Test
    void native_parts_and_files_are_added_to_what_Maven_knows() throws IOException {
        var libs = Files.createDirectories(folder.resolve("libs"));
        Files.writeString(libs.resolve("libllama.so"), "library");
        var program = Files.writeString(folder.resolve("puna"), "com.oracle.svm.core.VM=GraalVM CE 25.0.1+8\0");
        var bill = BillOfMaterials.parse(OF_THE_PLUGIN);
        var part = new NativePart("library", "llama.cpp", "1.0", "MIT", "pkg:github/llama.cpp@abc", List.of());

        bill.complete(program, libs, List.of(part), Instant.EPOCH);

        assertThat(bill.toString().replaceAll("\\s+", " "))
                .contains("\"timestamp\" : \"1970-01-01T00:00:00Z\"")
                .contains("\"dependsOn\" : [ \"pkg:maven/org.jline/jline-reader@4\", \"pkg:github/llama.cpp@abc\" ]")
                .contains("\"type\" : \"file\", \"name\" : \"lib/puna/libllama.so\"")
                // sha256sum of the text "library".
                .contains("\"content\" : \"b718f1354f7247312eca086d9a024afe5fa717ddea5adeddd6f12bcf945b2e8c\"");
        assertThat(bill.javaParts()).extracting(JavaPart::fileName).containsExactly("jline-reader-4.jar");
    }

    @Test
    void what_the_plugin_says_and_is_not_so_is_corrected() throws IOException {
        var bill = BillOfMaterials.parse(OF_THE_PLUGIN);

        bill.complete(Files.writeString(folder.resolve("puna"), ""), folder, List.of(), Instant.EPOCH);

        assertThat(bill.toString()).doesNotContain("editor");
        assertThat(bill.javaParts().getFirst().licences()).containsExactly("BSD-3-Clause");
    }

    @Test
    void an_executable_says_what_linked_it() throws IOException {
        var program = Files.writeString(
                folder.resolve("puna"),
                "\u0001com.oracle.svm.core.VM.Java.Version=25.0.3\0x\0com.oracle.svm.core.VM=GraalVM CE 25.0.4+1.1\0"
                        + "com.oracle.svm.core.VM.Target.StaticLibraries=libffi.a|libjvm.a\0");

        var image = NativeImage.read(program);

        assertThat(image.compiler()).contains("GraalVM CE 25.0.4+1.1");
        assertThat(image.java()).contains("25.0.3");
        assertThat(image.staticLibraries()).containsExactly("libffi.a", "libjvm.a");
        assertThat(NativeImage.read(Files.writeString(program, "nothing")).compiler())
                .isEmpty();
    }
}
