// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.conversion.source.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Texts of twenty scripts become the tokens that Hugging Face's tokenizers makes of them, as {@code src/test/conversion/pipelines.py}
 * recorded it, with each normaliser, pre-tokeniser and model that is known here.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PipelineTest {
    private static final Path RECORDED = Path.of("src/test/resources/conversion/pipelines.json");

    @TempDir
    private Path directory;

    @TestFactory
    List<DynamicTest> texts_become_the_tokens_that_tokenizers_makes() throws IOException {
        var recorded = new ObjectMapper().readTree(RECORDED.toFile());
        var tests = new ArrayList<DynamicTest>();
        for (var one : recorded.get("cases")) {
            tests.add(DynamicTest.dynamicTest(
                    one.get("name").asText(), () -> compare(one, recorded.get("bases"), recorded.get("texts"))));
        }
        assertThat(tests).hasSizeGreaterThan(40);
        return tests;
    }

    private void compare(JsonNode recorded, JsonNode bases, JsonNode texts) throws IOException {
        var tokenizer = (ObjectNode) bases.get(recorded.get("base").asText()).deepCopy();
        recorded.get("changes").properties().forEach(change -> {
            if (change.getKey().equals("model")) {
                ((ObjectNode) tokenizer.get("model")).setAll((ObjectNode) change.getValue());
            } else {
                tokenizer.set(change.getKey(), change.getValue());
            }
        });
        var file = directory.resolve("tokenizer.json");
        Files.writeString(file, tokenizer.toString());
        var pipeline = new Pipeline(new LoadedTokenizer(
                ModelFiles.of(Map.of("tokenizer.json", file, "tokenizer_config.json", withSpace(tokenizer)))));
        var digests = new ArrayList<String>();
        var wanted = List.of(recorded.get("digests").asText().split(" ", -1));
        var wrong = new ArrayList<String>();
        for (var text : texts) {
            var digest = PreTokenizers.digest(pipeline.encode(text.asText())).substring(0, 8);
            if (!digest.equals(wanted.get(digests.size()))) {
                wrong.add(text.asText());
            }
            digests.add(digest);
        }

        assertThat(wrong).isEmpty();
        assertThat(digests).isEqualTo(wanted);
    }

    /** What transformers would not change of the pre-tokeniser. */
    private Path withSpace(JsonNode tokenizer) throws IOException {
        var space = tokenizer.path("pre_tokenizer").path("add_prefix_space").asBoolean();
        return Files.writeString(directory.resolve("tokenizer_config.json"), "{\"add_prefix_space\": " + space + "}");
    }
}
