// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.conversion.source.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What models need to see pictures becomes the file that llama.cpp's converter makes of it, byte for byte. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProjectorsTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"gemma3-vision", "mistral3-vision", "pixtral", "qwen2-vl-deep", "qwen25-vl", "smolvlm"})
    void a_projector_becomes_the_file_of_the_converter(String name) throws IOException {
        var model = new ConversionCase(name);

        try (var conversion = Conversion.openProjector(ModelFiles.of(model.writeBelow(directory)))
                .orElseThrow()) {
            var file = ConversionCase.written(conversion);

            assertThat(String.join("\n", GgufDump.of(file)))
                    .isEqualTo(
                            Files.readString(ConversionCase.CASES.resolve(name).resolve("projector.txt"))
                                    .strip());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-2", "llava", "bert"})
    void a_model_without_a_known_projector_has_none(String name) {
        var files = ModelFiles.of(new ConversionCase(name).writeBelow(directory));

        assertThat(Conversion.openProjector(files)).isEmpty();
    }
}
