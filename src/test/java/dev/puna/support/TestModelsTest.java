// SPDX-License-Identifier: Apache-2.0
package dev.puna.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TestModelsTest {

    @Test
    void every_model_is_a_gguf_file() throws IOException {
        assertThat(magic(TestModels.smolLm2())).isEqualTo("GGUF");
        assertThat(magic(TestModels.gemma())).isEqualTo("GGUF");
        assertThat(magic(TestModels.miniLm())).isEqualTo("GGUF");
    }

    private static String magic(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(4), StandardCharsets.US_ASCII);
        }
    }
}
