// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JsonLimitsTest {
    @TempDir
    private Path folder;

    @Test
    void a_file_with_more_values_than_any_model_has_does_not_become_a_tree() {
        var many = json("{\"a\":[" + "0,".repeat(800_000) + "0]}");

        assertThatThrownBy(() -> Json.object("config.json", many))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("config.json has more values, or is nested deeper, than any file of a model");
    }

    @Test
    void a_file_that_is_nested_deeper_than_any_is_refused() {
        var deep = json("{\"a\":".repeat(100) + "1" + "}".repeat(100));

        assertThatThrownBy(() -> Json.object("config.json", deep)).hasMessageContaining("nested deeper");
    }

    @Test
    void the_index_of_the_largest_models_is_read() {
        var index = new StringBuilder("{\"weight_map\":{");
        for (var tensor = 0; tensor < 300_000; tensor++) {
            index.append("\"").append(tensor).append("\":\"x\",");
        }

        var map = Json.object("index", json(index + "\"last\":\"x\"}}")).get("weight_map");

        assertThat(map).asInstanceOf(InstanceOfAssertFactories.MAP).hasSize(300_001);
    }

    @Test
    void a_long_file_is_not_begun() throws Exception {
        try (var file = Files.newByteChannel(
                folder.resolve("tokenizer.json"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.position(49 << 20).write(ByteBuffer.wrap(new byte[1]));
        }

        assertThatThrownBy(() -> Json.stream(ModelFiles.of(folder), "tokenizer.json"))
                .hasMessageContaining("longer than 48 MB");
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
